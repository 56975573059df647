// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/mcp_client.h"

#include <utility>

#include "protocol/mcp_session.h"

namespace viva {

McpClient::McpClient(ChildProcess& server, std::string revision, std::string name, Seen seen)
    : server_(server),
      revision_(std::move(revision)),
      name_(std::move(name)),
      seen_(std::move(seen)) {}

bool McpClient::isStateless() const { return revision_ == mcp::kModern; }

OrderedJson McpClient::request(const std::string& method, OrderedJson params) {
  if (isStateless())
    params["_meta"].update(
        {{mcp::kVersionKey, revision_},
         {mcp::kCapabilitiesKey, OrderedJson::object()},
         {"io.modelcontextprotocol/clientInfo", OrderedJson{{"name", name_}, {"version", "1"}}}});
  OrderedJson message{{"jsonrpc", "2.0"}, {"id", ++last_id_}, {"method", method}};
  if (!params.empty()) message["params"] = std::move(params);
  return message;
}

bool McpClient::begin() {
  if (isStateless()) return true;
  OrderedJson params{{"protocolVersion", revision_},
                     {"capabilities", OrderedJson::object()},
                     {"clientInfo", OrderedJson{{"name", name_}, {"version", "1"}}}};
  if (!exchange(textOf(request("initialize", std::move(params))))) return false;
  const std::string line =
      textOf(OrderedJson{{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}});
  seen_(true, line);
  return server_.write(line);
}

std::optional<Json> McpClient::exchange(const std::string& line,
                                        const std::function<bool(const Json&)>& told) {
  seen_(true, line);
  if (!server_.write(line)) return {};
  while (const auto answer = server_.read()) {
    seen_(false, *answer);
    Json message = Json::parse(*answer, nullptr, false);
    if (!message.is_object()) return {};
    if (!message.contains("method")) return message;
    if (told && !told(message)) return {};
  }
  return {};
}

}  // namespace viva
