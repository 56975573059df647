// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/mcp_conversation.h"

#include <optional>
#include <utility>

#include "lessons/core/error.h"
#include "lessons/core/experiment.h"
#include "lessons/protocols/message_edit.h"
#include "lessons/protocols/viva_program.h"
#include "protocol/mcp_client.h"
#include "protocol/mcp_session.h"

namespace viva {
namespace {

Word mcpNote(const std::string& id) { return Word{"protocol-trace.note." + id}; }

/// The code of an error; 0 for a result.
int codeOf(const Json& message) {
  const auto error = message.find("error");
  return error == message.end() ? 0 : error->value("code", 0);
}

bool isRefusal(const Json& message) {
  return message.contains("error") ||
         message.value("result", Json::object()).value("isError", false);
}

class McpConversation : public Conversation {
 public:
  McpConversation(const std::string& id, const std::string& revision, const TraceTask& task,
                  const std::stop_token& stop)
      : Conversation(id, task), revision_(revision), stop_(stop) {}

 protected:
  bool isStateless() const { return revision_ == mcp::kModern; }

  /// A server, and its greeting where the revision has one.
  void begin() {
    on_stop_.reset();
    server_ = startedViva({"mcp"});
    on_stop_.emplace(stop_, [server = server_.get()] { server->interrupt(); });
    client_.emplace(*server_, revision_, "viva-lesson",
                    [this](bool is_sent, const std::string& line) { saw(is_sent, line); });
    trace_.note(Party::Server, mcpNote("starts"));
    const std::size_t before = trace_.messages.size();
    require(client_->begin());
    if (trace_.messages.size() > before) trace_.round_trips += 1;
  }

  void addBeginning() {
    // Without a handshake there is nothing to say before the first question.
    turns_.push_back([this] {
      begin();
      if (isStateless()) listTools();
    });
    if (!isStateless()) turns_.push_back([this] { listTools(); });
  }

  void listTools() {
    const auto answer = ask("tools/list");
    for (const Json& tool : (*answer)["result"]["tools"]) {
      OrderedJson function{{"name", tool["name"]},
                           {"description", tool["description"]},
                           {"parameters", OrderedJson(tool["inputSchema"])}};
      // Only what the task needs: a model is not told of every tool there is.
      if (tool["name"] == "run_experiment")
        tools_.push_back({{"type", "function"}, {"function", std::move(function)}});
    }
  }

  std::string callLine(OrderedJson meta = nullptr) {
    OrderedJson params{{"name", "run_experiment"},
                       {"arguments", OrderedJson::parse(argumentsOfTheCall())}};
    if (!meta.is_null()) params["_meta"] = std::move(meta);
    return textOf(client_->request("tools/call", std::move(params)));
  }

  void callTool() {
    const auto answer = client_->exchange(callLine());
    require(answer.has_value());
    trace_.round_trips += 1;
    result_ = (*answer)["result"]["content"][0]["text"].get<std::string>();
  }

  std::optional<Json> ask(const std::string& method, OrderedJson params = OrderedJson::object()) {
    auto answer = client_->exchange(textOf(client_->request(method, std::move(params))));
    require(answer.has_value());
    trace_.round_trips += 1;
    return answer;
  }

  void require(bool answered) const {
    stopIfAsked(stop_);
    if (!answered) throw RunError({"protocol-trace.error.no_answer", {}});
  }

  const std::string revision_;
  const std::stop_token stop_;
  std::unique_ptr<ChildProcess> server_;
  std::optional<McpClient> client_;
  std::string result_;
  bool keeps_digest_ = true;  ///< of what is run now

 private:
  void saw(bool is_sent, const std::string& line) {
    const Json message = Json::parse(line, nullptr, false);
    const bool is_object = message.is_object();
    const std::string method = is_object ? message.value("method", std::string()) : std::string();
    if (is_sent) {
      trace_.add(MessageKind::Request, Party::Application, Party::Server,
                 method.empty() ? Label(mcpNote("broken")) : Label(method), line);
    } else if (!method.empty()) {
      trace_.addUncounted(Party::Server, Party::Application, method, line);
    } else if (const int code = is_object ? codeOf(message) : 0; code != 0) {
      trace_.add(MessageKind::Error, Party::Server, Party::Application, std::to_string(code), line);
    } else {
      const bool is_error = is_object && isRefusal(message);
      if (std::string digest = digestIn(message); !digest.empty()) {
        trace_.execute(Party::Server);
        if (keeps_digest_) trace_.digest = std::move(digest);
      }
      trace_.add(is_error ? MessageKind::Error : MessageKind::Reply, Party::Server,
                 Party::Application, is_error ? "result, isError" : "result", line);
    }
  }

  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

// --- One task ------------------------------------------------------------------------------------

class McpTask : public McpConversation {
 public:
  McpTask(const std::string& id, const std::string& revision, const TraceTask& task,
          const std::optional<Resent>& resent, const std::stop_token& stop)
      : McpConversation(id, revision, task, stop) {
    addBeginning();
    turns_.push_back([this] {
      beginWithTheUser();
      askModel();
    });
    turns_.push_back([this] { callTool(); });
    turns_.push_back([this, resent] {
      tellModel(result_);
      if (resent) resend(*resent);
    });
  }

 private:
  void resend(const Resent& again) {
    std::string unused;
    WrongMessage changed{"yours",
                         edited(sentMessage(trace_, again.method).body, again.edit, unused)};
    trace_.note(Party::Application, mcpNote("again"));
    keeps_digest_ = false;
    const Json read = Json::parse(changed.body, nullptr, false);
    if (read.is_object() && read.contains("method") && !read.contains("id")) {
      // A notification is not answered, whatever it says.
      server_->write(changed.body);
      trace_.add(MessageKind::Request, Party::Application, Party::Server, read["method"].dump(),
                 changed.body);
    } else {
      const auto answer = client_->exchange(changed.body);
      require(answer.has_value());
      trace_.round_trips += 1;
      changed.code = changed.expected = codeOf(*answer);
      changed.is_refused = isRefusal(*answer);
    }
    trace_.wrong.push_back(std::move(changed));
  }
};

// --- Wrong messages ------------------------------------------------------------------------------

class WrongMcpMessages : public McpConversation {
 public:
  WrongMcpMessages(const std::string& id, const std::string& revision, const TraceTask& task,
                   const std::stop_token& stop)
      : McpConversation(id, revision, task, stop) {
    addBeginning();
    add("half-a-message", rpc::kParseError,
        [](OrderedJson) { return std::string(R"({"jsonrpc":"2.0","id":7,"method":"tools)"); });
    add("no-method", rpc::kInvalidRequest, [](OrderedJson message) {
      message.erase("method");
      return textOf(message);
    });
    add("unknown-method", rpc::kMethodNotFound, [](OrderedJson message) {
      message["method"] = "tools/execute";
      return textOf(message);
    });
    add("unknown-tool", rpc::kInvalidParams, [](OrderedJson message) {
      message["params"]["name"] = "rm";
      return textOf(message);
    });
    add("unknown-revision", mcp::kUnsupportedVersion, [](OrderedJson message) {
      message["params"]["_meta"] = {{mcp::kVersionKey, "2030-01-01"},
                                    {mcp::kCapabilitiesKey, OrderedJson::object()}};
      return textOf(message);
    });
    add("unknown-resource", isStateless() ? rpc::kInvalidParams : mcp::kResourceNotFound,
        [](OrderedJson message) {
          message["method"] = "resources/read";
          message["params"]["uri"] = "viva://lessons/none/notes";
          return textOf(message);
        });
    add("wrong-argument", 0, [](OrderedJson message) {
      message["params"]["arguments"]["steps"] = "twenty";
      return textOf(message);
    });
    turns_.push_back([this] {
      beginWithTheUser();
      askModel();
    });
    turns_.push_back([this] { callTool(); });
    turns_.push_back([this] { tellModel(result_); });
  }

 private:
  using Spoil = std::string (*)(OrderedJson);

  /// A right call, spoilt.
  void add(const std::string& what, int expected, Spoil spoil) {
    trace_.wrong.push_back({what, {}, expected});
    turns_.push_back([this, index = trace_.wrong.size() - 1, spoil] {
      WrongMessage& wrong = trace_.wrong[index];
      wrong.body = spoil(client_->request(
          "tools/call", {{"name", "run_experiment"}, {"arguments", task_.arguments()}}));
      const auto answer = client_->exchange(wrong.body);
      require(answer.has_value());
      trace_.round_trips += 1;
      wrong.is_refused = isRefusal(*answer);
      wrong.code = codeOf(*answer);
    });
  }
};

// --- A server that is killed ---------------------------------------------------------------------

class KilledServer : public McpConversation {
 public:
  KilledServer(const std::string& id, const std::string& revision, const TraceTask& task,
               const std::stop_token& stop)
      : McpConversation(id, revision, task, stop) {
    addBeginning();
    turns_.push_back([this] {
      beginWithTheUser();
      askModel();
    });
    turns_.push_back([this] { callAndKill(); });
    turns_.push_back([this] { tellModel(R"({"error":"the server ended before it answered"})"); });
    turns_.push_back([this] {
      const std::int64_t before = trace_.count();
      begin();
      callTool();
      trace_.after_the_end = trace_.count() - before;
    });
    turns_.push_back([this] { tellModel(result_); });
  }

 private:
  /// It is killed as soon as it says that it has begun.
  void callAndKill() {
    const auto answer =
        client_->exchange(callLine({{"progressToken", 1}}), [this](const Json& told) {
          const auto params = told.value("params", Json::object());
          if (params.value("progress", 0.0) >= 1 && !is_killed_) {
            is_killed_ = true;
            trace_.execute(Party::Server);
            server_->kill();
            return false;
          }
          return true;
        });
    stopIfAsked(stop_);
    trace_.note(Party::Server, mcpNote("killed"));
    trace_.unanswered += !answer.has_value();
  }

  bool is_killed_ = false;
};

}  // namespace

const WireMessage& sentMessage(const WireTrace& trace, const std::string& method) {
  const WireMessage* found = nullptr;
  std::string sent;
  for (const WireMessage& one : trace.messages) {
    if (one.kind != MessageKind::Request || one.to != Party::Server || one.body.empty()) continue;
    const auto* called = std::get_if<std::string>(&one.label);
    if (method.empty() || (called && *called == method)) found = &one;
    if (called) sent += (sent.empty() ? "" : ", ") + *called;
  }
  if (found) return *found;
  throw RunError({"protocol-trace.error.no_message", {{"method", method}, {"allowed", sent}}});
}

std::unique_ptr<Conversation> conversationByMcp(const std::string& id, const std::string& revision,
                                                const TraceTask& task,
                                                const std::optional<Resent>& resent,
                                                const std::stop_token& stop) {
  return std::make_unique<McpTask>(id, revision, task, resent, stop);
}

std::unique_ptr<Conversation> wrongMessagesByMcp(const std::string& id, const std::string& revision,
                                                 const TraceTask& task,
                                                 const std::stop_token& stop) {
  return std::make_unique<WrongMcpMessages>(id, revision, task, stop);
}

std::unique_ptr<Conversation> killedServerByMcp(const std::string& id, const std::string& revision,
                                                const TraceTask& task,
                                                const std::stop_token& stop) {
  return std::make_unique<KilledServer>(id, revision, task, stop);
}

}  // namespace viva
