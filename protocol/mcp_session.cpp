// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/mcp_session.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace viva {
namespace {

/// The lists are compiled in: as long as the process lives, and an hour beyond, they are the same.
constexpr int kFreshFor = 3'600'000;  // milliseconds
constexpr std::size_t kPage = 20;     // entries of a list at a time

RpcError invalidParams(const std::string& why) {
  return {rpc::kInvalidParams, "Invalid params: " + why};
}

std::string textIn(const Json& params, const char* key) {
  const auto member = params.find(key);
  if (member == params.end() || !member->is_string())
    throw invalidParams(std::string(key) + " must be a string");
  return member->get<std::string>();
}

const Json& metaOf(const Json& params) {
  static const Json kNone = Json::object();
  const auto meta = params.find("_meta");
  return meta != params.end() && meta->is_object() ? *meta : kNone;
}

/// Where the page that `cursor` names begins. Cursors are decimal places in the list.
std::size_t beginOf(const Json& params, std::size_t size) {
  const auto cursor = params.find("cursor");
  if (cursor == params.end()) return 0;
  std::size_t begin = 0;
  const std::string text = cursor->is_string() ? cursor->get<std::string>() : "";
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), begin);
  if (error != std::errc{} || end != text.data() + text.size() || begin == 0 || begin >= size)
    throw invalidParams("cursor is none that was given out");
  return begin;
}

/// One page of a list, each entry made by `entry`.
template <typename Entries, typename Entry>
OrderedJson pageOf(const char* key, const Entries& entries, const Json& params, Entry entry) {
  const std::size_t begin = beginOf(params, entries.size());
  const std::size_t end = std::min(entries.size(), begin + kPage);
  OrderedJson list = OrderedJson::array();
  for (std::size_t i = begin; i < end; ++i) list.push_back(entry(entries[i]));
  OrderedJson result;
  result[key] = std::move(list);
  if (end < entries.size()) result["nextCursor"] = std::to_string(end);
  return result;
}

template <typename Entries>
const auto* named(const Entries& entries, const std::string& name) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

bool isCacheable(const std::string& method) {
  return method == "server/discover" || method.ends_with("/list") || method == "resources/read";
}

const std::string kCancelled = "notifications/cancelled";

}  // namespace

McpSession::McpSession(McpOffer offer, std::function<void(const OrderedJson&)> send)
    : offer_(std::move(offer)), send_(std::move(send)) {}

// --- What comes in -------------------------------------------------------------------------------

void McpSession::receive(std::string_view text) {
  if (text.find_first_not_of(" \t\r") == std::string_view::npos) return;  // an empty line
  Json id;
  bool is_answered = true;  // by an error, where there is one
  try {
    Json json = parseJson(text, kLimits);
    id = idOf(json);
    is_answered = !json.is_object() || json.contains("id") || !json.contains("method");
    handle(messageOf(std::move(json)));
  } catch (const RpcError& error) {
    if (is_answered) send_(errorMessage(id, error));
  } catch (const std::exception&) {
    if (is_answered) send_(errorMessage(id, {rpc::kInternalError, "Internal error"}));
  }
}

void McpSession::refuseTooLong() { send_(errorMessage(nullptr, tooLong(kLimits))); }

void McpSession::handle(const RpcMessage& message) {
  if (message.kind == RpcMessage::Kind::Response) return;  // nothing is asked of the client
  if (message.kind == RpcMessage::Kind::Notification) return notified(message);
  {
    const std::lock_guard lock(mutex_);
    if (at_work_.contains(message.id))
      throw RpcError(rpc::kInvalidRequest, "Invalid Request: a request with this id is at work");
  }
  const Era era = eraOf(message);
  if (message.method == "tools/call") {
    const McpTool& tool = toolOf(message.params);
    if (tool.is_long) return enqueue(message, era, tool);
    return reply(message.id, era, called(tool, message.params, {}));
  }
  OrderedJson result = answer(message, era);
  if (era == Era::Modern && isCacheable(message.method)) {
    result["ttlMs"] = kFreshFor;
    result["cacheScope"] = "public";
  }
  reply(message.id, era, std::move(result));
}

void McpSession::notified(const RpcMessage& message) {
  if (message.method != kCancelled) return;
  const auto id = message.params.find("requestId");
  if (id == message.params.end()) return;
  const std::lock_guard lock(mutex_);
  const auto call = at_work_.find(*id);
  if (call == at_work_.end()) return;  // it has been answered meanwhile
  call->second.request_stop();
  // What has not begun is forgotten at once.
  const auto waits = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const Waiting& waiting) { return waiting.id == *id; });
  if (waits == waiting_.end()) return;
  waiting_.erase(waits);
  at_work_.erase(call);
}

McpSession::Era McpSession::eraOf(const RpcMessage& message) const {
  const Json& meta = metaOf(message.params);
  const auto version = meta.find(mcp::kVersionKey);
  if (version != meta.end()) {
    if (!version->is_string())
      throw invalidParams(std::string("_meta: ") + mcp::kVersionKey + " must be a string");
    if (*version != mcp::kModern)
      throw RpcError(mcp::kUnsupportedVersion, "Unsupported protocol version",
                     {{"supported", mcp::kAll}, {"requested", *version}});
    const auto capabilities = meta.find(mcp::kCapabilitiesKey);
    if (capabilities == meta.end() || !capabilities->is_object())
      throw invalidParams(std::string("_meta: ") + mcp::kCapabilitiesKey + " must be an object");
    return Era::Modern;
  }
  if (message.method == "initialize" || message.method == "ping") return Era::Legacy;
  const std::lock_guard lock(mutex_);
  if (!is_initialized_ || message.method == "server/discover")
    throw invalidParams(std::string("_meta must hold ") + mcp::kVersionKey + " and " +
                        mcp::kCapabilitiesKey + "; or begin with initialize");
  return Era::Legacy;
}

OrderedJson McpSession::answer(const RpcMessage& message, Era era) {
  const std::string& method = message.method;
  const Json& params = message.params;
  if (era == Era::Legacy && method == "initialize") return initialized(params);
  if (era == Era::Legacy && method == "ping") return OrderedJson::object();
  if (era == Era::Modern && method == "server/discover") return discovered();
  if (method == "tools/list") return toolList(params);
  if (method == "resources/list") return resourceList(params);
  if (method == "resources/templates/list") return {{"resourceTemplates", OrderedJson::array()}};
  if (method == "resources/read") return readResource(params, era);
  if (method == "prompts/list") return promptList(params);
  if (method == "prompts/get") return prompt(params);
  if (method == "completion/complete") return completion(params);
  // The name may be as long as a message.
  throw RpcError(rpc::kMethodNotFound, "Method not found: " + method.substr(0, 100));
}

// --- Who this is ---------------------------------------------------------------------------------

OrderedJson McpSession::serverInfo() const {
  return {{"name", offer_.name}, {"title", offer_.title}, {"version", offer_.version}};
}

OrderedJson McpSession::capabilities() const {
  OrderedJson all;
  all["tools"] = OrderedJson::object();
  if (!offer_.resources.empty()) all["resources"] = OrderedJson::object();
  if (!offer_.prompts.empty()) {
    all["prompts"] = OrderedJson::object();
    all["completions"] = OrderedJson::object();
  }
  return all;
}

OrderedJson McpSession::initialized(const Json& params) {
  const std::string wanted = textIn(params, "protocolVersion");
  const auto& known = mcp::kHandshakes;
  const bool is_known = std::find(known.begin(), known.end(), wanted) != known.end();
  {
    const std::lock_guard lock(mutex_);
    is_initialized_ = true;
  }
  OrderedJson result;
  result["protocolVersion"] = is_known ? wanted : known.front();
  result["capabilities"] = capabilities();
  result["serverInfo"] = serverInfo();
  result["instructions"] = offer_.instructions;
  return result;
}

OrderedJson McpSession::discovered() const {
  OrderedJson result;
  result["supportedVersions"] = mcp::kAll;
  result["capabilities"] = capabilities();
  result["instructions"] = offer_.instructions;
  return result;
}

// --- Lists ---------------------------------------------------------------------------------------

OrderedJson McpSession::toolList(const Json& params) const {
  return pageOf("tools", offer_.tools, params, [](const McpTool& tool) {
    OrderedJson entry;
    entry["name"] = tool.name;
    entry["title"] = tool.title;
    entry["description"] = tool.description;
    entry["inputSchema"] = tool.input_schema;
    if (!tool.output_schema.is_null()) entry["outputSchema"] = tool.output_schema;
    // The same arguments give the same numbers, and nothing outside is touched.
    entry["annotations"] = {
        {"readOnlyHint", true}, {"idempotentHint", true}, {"openWorldHint", false}};
    return entry;
  });
}

OrderedJson McpSession::resourceList(const Json& params) const {
  return pageOf("resources", offer_.resources, params, [](const McpResource& one) {
    return OrderedJson{{"uri", one.uri},
                       {"name", one.name},
                       {"title", one.title},
                       {"description", one.description},
                       {"mimeType", one.mime_type}};
  });
}

OrderedJson McpSession::promptList(const Json& params) const {
  return pageOf("prompts", offer_.prompts, params, [](const McpPrompt& prompt) {
    OrderedJson arguments = OrderedJson::array();
    for (const McpPromptArgument& argument : prompt.arguments)
      arguments.push_back({{"name", argument.name},
                           {"description", argument.description},
                           {"required", argument.required}});
    return OrderedJson{{"name", prompt.name},
                       {"title", prompt.title},
                       {"description", prompt.description},
                       {"arguments", std::move(arguments)}};
  });
}

// --- Resources and prompts -----------------------------------------------------------------------

OrderedJson McpSession::readResource(const Json& params, Era era) const {
  const std::string uri = textIn(params, "uri");
  const auto listed = std::find_if(offer_.resources.begin(), offer_.resources.end(),
                                   [&](const McpResource& one) { return one.uri == uri; });
  const auto text = listed == offer_.resources.end() ? std::nullopt : offer_.read(uri);
  if (!text)
    throw RpcError(era == Era::Legacy ? mcp::kResourceNotFound : rpc::kInvalidParams,
                   "Resource not found", {{"uri", uri}});
  OrderedJson content{{"uri", uri}, {"mimeType", listed->mime_type}, {"text", *text}};
  return {{"contents", OrderedJson::array({std::move(content)})}};
}

OrderedJson McpSession::prompt(const Json& params) const {
  const McpPrompt* prompt = named(offer_.prompts, textIn(params, "name"));
  if (!prompt) throw invalidParams("unknown prompt");
  const Json arguments = params.value("arguments", Json::object());
  if (!arguments.is_object()) throw invalidParams("arguments must be an object");
  for (const auto& [name, value] : arguments.items())
    if (!value.is_string()) throw invalidParams("arguments must be strings");
  for (const McpPromptArgument& argument : prompt->arguments)
    if (argument.required && !arguments.contains(argument.name))
      throw invalidParams("the argument " + argument.name + " is missing");
  OrderedJson result;
  result["description"] = prompt->description;
  result["messages"] = prompt->messages(arguments);
  return result;
}

OrderedJson McpSession::completion(const Json& params) const {
  constexpr std::size_t kMostValues = 100;  // the specification's
  const Json ref = params.value("ref", Json()), argument = params.value("argument", Json());
  if (!ref.is_object() || !argument.is_object())
    throw invalidParams("ref and argument must be objects");
  if (textIn(ref, "type") != "ref/prompt") throw invalidParams("ref.type must be ref/prompt");
  const McpPrompt* prompt = named(offer_.prompts, textIn(ref, "name"));
  if (!prompt) throw invalidParams("unknown prompt");
  const McpPromptArgument* wanted = named(prompt->arguments, textIn(argument, "name"));
  if (!wanted) throw invalidParams("unknown argument");
  const std::string begun = textIn(argument, "value");
  Json given = params.value("context", Json::object());
  given = given.is_object() ? given.value("arguments", Json::object()) : Json::object();
  std::vector<std::string> values;
  if (wanted->values)
    for (std::string& value : wanted->values(given))
      if (value.starts_with(begun)) values.push_back(std::move(value));
  const std::size_t total = values.size();
  values.resize(std::min(total, kMostValues));
  return {{"completion", {{"values", values}, {"total", total}, {"hasMore", total > kMostValues}}}};
}

// --- Tools ---------------------------------------------------------------------------------------

const McpTool& McpSession::toolOf(const Json& params) const {
  const McpTool* tool = named(offer_.tools, textIn(params, "name"));
  if (!tool) throw invalidParams("unknown tool");
  if (params.contains("arguments") && !params["arguments"].is_object())
    throw invalidParams("arguments must be an object");
  return *tool;
}

void McpSession::enqueue(const RpcMessage& message, Era era, const McpTool& tool) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= kMostWaiting)
    throw RpcError(rpc::kInternalError, "Internal error: " + std::to_string(kMostWaiting) +
                                            " calls are waiting already");
  waiting_.push_back({message.id, message.params, era, &tool, {}});
  at_work_.emplace(message.id, waiting_.back().stop);
  changed_.notify_all();
}

bool McpSession::workOnce() {
  Waiting next;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return has_ended_ || !waiting_.empty(); });
    if (has_ended_) return false;
    next = std::move(waiting_.front());
    waiting_.pop_front();
  }
  OrderedJson result;
  std::optional<RpcError> error;
  try {
    result = called(*next.tool, next.params, next.stop.get_token());
  } catch (const std::exception&) {
    error.emplace(rpc::kInternalError, "Internal error");
  }
  {
    const std::lock_guard lock(mutex_);
    at_work_.erase(next.id);
  }
  // A request that was cancelled gets no answer.
  if (next.stop.stop_requested()) return true;
  if (error)
    send_(errorMessage(next.id, *error));
  else
    reply(next.id, next.era, std::move(result));
  return true;
}

OrderedJson McpSession::called(const McpTool& tool, const Json& params,
                               const std::stop_token& stop) const {
  const Json arguments = params.value("arguments", Json::object());
  McpAnswer answer;
  if (const auto problem = problemIn(arguments, tool.input_schema)) {
    answer = {nullptr, offer_.explain(*problem), {}, true};
  } else {
    McpCall call;
    call.stop = stop;
    const Json& meta = metaOf(params);
    const auto token = meta.find("progressToken");
    if (token != meta.end() && (token->is_string() || token->is_number_integer()))
      call.progress = [this, token = *token, stop](double done, double total,
                                                   const std::string& sentence) {
        if (stop.stop_requested()) return;
        OrderedJson told{{"progressToken", token}, {"progress", done}};
        if (total > 0) told["total"] = total;
        if (!sentence.empty()) told["message"] = sentence;
        send_(notificationMessage("notifications/progress", std::move(told)));
      };
    else
      call.progress = [](double, double, const std::string&) {};
    answer = tool.call(arguments, call);
  }
  OrderedJson content = OrderedJson::array();
  content.push_back(
      {{"type", "text"}, {"text", answer.text.empty() ? textOf(answer.structured) : answer.text}});
  for (const McpPicture& picture : answer.pictures)
    content.push_back(
        {{"type", "image"}, {"data", base64(picture.bytes)}, {"mimeType", picture.mime_type}});
  OrderedJson result;
  result["content"] = std::move(content);
  if (!answer.structured.is_null()) result["structuredContent"] = std::move(answer.structured);
  result["isError"] = answer.is_error;
  return result;
}

void McpSession::reply(const Json& id, Era era, OrderedJson result) const {
  if (era == Era::Modern) {
    OrderedJson whole;
    whole["resultType"] = "complete";
    whole.update(result);
    whole["_meta"][mcp::kServerKey] = serverInfo();
    result = std::move(whole);
  }
  send_(resultMessage(id, std::move(result)));
}

void McpSession::end() {
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  waiting_.clear();
  for (auto& [id, stop] : at_work_) stop.request_stop();
  changed_.notify_all();
}

}  // namespace viva
