// SPDX-License-Identifier: GPL-3.0-or-later
// A small server without Viva behind it, and what it sent.
#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "protocol/mcp_session.h"

namespace viva::fakes {

/// Tools: `echo` answers its `text`; `fail` is a tool error; `count` is long: it counts to `to`
/// with progress at each number, or does nothing `for_ever`, until it is stopped.
inline McpOffer fakeOffer() {
  McpOffer offer;
  offer.name = "fake";
  offer.title = "Fake";
  offer.version = "1.0";
  offer.instructions = "Try it.";
  const OrderedJson text{{"type", "object"},
                         {"properties", {{"text", {{"type", "string"}}}}},
                         {"required", {"text"}},
                         {"additionalProperties", false}};
  McpTool echo;
  echo.name = "echo";
  echo.title = "Echo";
  echo.description = "Says it again.";
  echo.input_schema = text;
  echo.output_schema = text;
  echo.call = [](const Json& arguments, const McpCall&) -> McpAnswer {
    return {{{"text", arguments["text"]}}, {}, {{"\x89PNG", "image/png"}}, false};
  };
  McpTool fail = echo;
  fail.name = "fail";
  fail.call = [](const Json&, const McpCall&) -> McpAnswer {
    return {nullptr, "it cannot be done", {}, true};
  };
  McpTool count;
  count.name = "count";
  count.title = "Count";
  count.description = "Counts.";
  count.input_schema = {{"type", "object"},
                        {"properties",
                         {{"to", {{"type", "integer"}, {"minimum", 0}, {"maximum", 1000}}},
                          {"for_ever", {{"type", "boolean"}}}}}};
  count.is_long = true;
  count.call = [](const Json& arguments, const McpCall& call) -> McpAnswer {
    while (arguments.value("for_ever", false) && !call.stop.stop_requested())
      std::this_thread::yield();
    const int to = arguments.value("to", 0);
    for (int done = 1; done <= to && !call.stop.stop_requested(); ++done)
      call.progress(done, to, "counting");
    return {{{"done", to}}, {}, {}, false};
  };
  offer.tools = {echo, fail, count};
  for (int i = 0; i < 25; ++i) {
    const std::string name = std::to_string(i);
    offer.resources.push_back({"fake://" + name, name, name, "a number", "text/plain"});
  }
  offer.read = [](const std::string& uri) { return std::optional("the text of " + uri); };
  McpPrompt greet{"greet", "Greet", "Greets.", {}, {}};
  greet.arguments = {{"name", "whom", true, [](const Json&) {
                        return std::vector<std::string>{"Ada", "Alan", "Grace"};
                      }}};
  greet.messages = [](const Json& arguments) {
    return OrderedJson::array(
        {{{"role", "user"},
          {"content",
           {{"type", "text"}, {"text", "Greet " + arguments["name"].get<std::string>()}}}}});
  };
  offer.prompts = {greet};
  offer.explain = [](const SchemaProblem& problem) { return problem.path + " does not fit"; };
  return offer;
}

/// Keeps what a session sends.
class Sent {
 public:
  void operator()(const OrderedJson& message) {
    const std::lock_guard lock(mutex_);
    messages_.push_back(message);
  }
  std::vector<OrderedJson> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(messages_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<OrderedJson> messages_;
};

/// A session whose messages are kept. `ask` answers the one message that `text` earns.
struct Talk {
  Sent sent;
  McpSession session{fakeOffer(), [this](const OrderedJson& message) { sent(message); }};

  OrderedJson ask(const std::string& text) {
    session.receive(text);
    const std::vector<OrderedJson> all = sent.take();
    return all.size() == 1 ? all.front() : OrderedJson(all.size());
  }
  OrderedJson begin(const std::string& version = "2025-11-25") {
    const OrderedJson answer =
        ask(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":")" +
            version + R"(","capabilities":{},"clientInfo":{"name":"c","version":"1"}}})");
    session.receive(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    return answer;
  }
};

/// A request of the handshake era.
inline std::string legacy(const std::string& method, const std::string& params = "{}",
                          const std::string& id = "2") {
  return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"(","params":)" + params +
         "}";
}

/// A request of the stateless era; `params` without its braces.
inline std::string modern(const std::string& method, const std::string& params = "",
                          const std::string& version = "2026-07-28") {
  return R"({"jsonrpc":"2.0","id":"m","method":")" + method + R"(","params":{)" + params +
         (params.empty() ? "" : ",") + R"("_meta":{"io.modelcontextprotocol/protocolVersion":")" +
         version + R"(","io.modelcontextprotocol/clientCapabilities":{},"progressToken":7}}})";
}

}  // namespace viva::fakes
