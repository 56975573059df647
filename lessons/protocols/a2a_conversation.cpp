// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/a2a_conversation.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "lessons/core/error.h"
#include "lessons/core/experiment.h"
#include "lessons/protocols/message_edit.h"
#include "lessons/protocols/viva_program.h"
#include "protocol/a2a_agent.h"
#include "protocol/a2a_client.h"

namespace viva {
namespace {

Word a2aNote(const std::string& id) { return Word{"protocol-trace.note." + id}; }

int errorCodeIn(const Json& message) {
  const auto error = message.find("error");
  return error == message.end() ? 0 : error->value("code", 0);
}

/// `TASK_STATE_INPUT_REQUIRED` and `input-required` are `input-required`.
std::string stateName(std::string state) {
  constexpr const char* kPrefix = "TASK_STATE_";
  if (state.starts_with(kPrefix)) state.erase(0, std::string(kPrefix).size());
  std::ranges::transform(state, state.begin(), [](char c) {
    return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return state;
}

/// The task, or what is told of it, in an answer of either version.
Json taskIn(const Json& message) {
  const Json result = message.value("result", Json::object());
  for (const char* wrapped : {"task", "statusUpdate", "artifactUpdate"})
    if (result.contains(wrapped)) return result[wrapped];
  return result;
}

/// The port at the end of `listening on http://127.0.0.1:41241/`; 0 where there is none.
int portIn(const std::string& line) {
  const std::size_t colon = line.rfind(':');
  int port = 0;
  if (colon != std::string::npos)
    std::from_chars(line.data() + colon + 1, line.data() + line.size(), port);
  return port;
}

class A2aConversation : public Conversation {
 public:
  A2aConversation(const std::string& id, const std::string& version, const TraceTask& task,
                  const std::stop_token& stop)
      : Conversation(id, task), version_(version), stop_(stop) {
    turns_.push_back([this] { findAgent(); });
  }

 protected:
  bool isNew() const { return version_ == "1.0"; }
  std::string method(const char* old_name, const char* new_name) const {
    return isNew() ? new_name : old_name;
  }

  void findAgent() {
    agent_ = startedViva({"a2a", "--port", "0"});
    on_stop_.emplace(stop_, [this] {
      agent_->interrupt();
      if (client_) client_->interrupt();
    });
    const auto listening = agent_->read();
    const int port = listening ? portIn(*listening) : 0;
    require(port != 0);
    client_ = std::make_unique<A2aClient>(port);
    trace_.note(Party::Server, a2aNote("starts"));
    trace_.add(MessageKind::Request, Party::Application, Party::Server,
               std::string("GET ") + a2a::kCardPath, {});
    const auto card = client_->card();
    require(card.has_value());
    trace_.add(MessageKind::Reply, Party::Server, Party::Application, a2aNote("card"), *card);
    trace_.round_trips += 1;
  }

  OrderedJson text(const std::string& said, const std::string& task = {}) {
    OrderedJson part = OrderedJson::object(), message = OrderedJson::object();
    if (!isNew()) part["kind"] = "text";
    part["text"] = said;
    if (!isNew()) message["kind"] = "message";
    // From the seed: the same conversation has the same bytes.
    message["messageId"] = "message-" + std::to_string(task_.seed) + "-" + std::to_string(++said_);
    message["role"] = isNew() ? "ROLE_USER" : "user";
    message["parts"] = OrderedJson::array({std::move(part)});
    if (!task.empty()) message["taskId"] = task;
    return {{"message", std::move(message)}};
  }

  std::string line(const std::string& called, OrderedJson params) {
    return textOf(OrderedJson{
        {"jsonrpc", "2.0"}, {"id", ++last_id_}, {"method", called}, {"params", std::move(params)}});
  }

  Json exchange(const std::string& body, const std::string& version) {
    sent(body);
    const auto answer = client_->post(body, version);
    require(answer.has_value());
    trace_.round_trips += 1;
    return came(*answer);
  }
  Json ask(const std::string& called, OrderedJson params) {
    return exchange(line(called, std::move(params)), version_);
  }

  void sent(const std::string& body) {
    last_state_.clear();
    const Json message = Json::parse(body, nullptr, false);
    trace_.add(MessageKind::Request, Party::Application, Party::Server,
               message.is_object() ? Label(message.value("method", std::string("?")))
                                   : Label(a2aNote("broken")),
               body);
  }

  /// Reads, keeps, and counts an answer or an event.
  Json came(const std::string& body) {
    Json message = Json::parse(body, nullptr, false);
    require(message.is_object());
    if (const int code = errorCodeIn(message); code != 0) {
      trace_.add(MessageKind::Error, Party::Server, Party::Application, std::to_string(code), body);
      return message;
    }
    const Json task = taskIn(message);
    const bool has_state = task.contains("status");
    const std::string state =
        has_state ? stateName(task["status"].value("state", std::string())) : std::string();
    if (std::string digest = digestIn(task); !digest.empty()) {
      trace_.execute(Party::Server);
      if (keeps_digest_) trace_.digest = std::move(digest);
    }
    // How often the agent says how far it is depends on the time that it takes.
    if (state == "working") {
      trace_.addUncounted(Party::Server, Party::Application, state, body);
    } else {
      trace_.add(MessageKind::Reply, Party::Server, Party::Application,
                 has_state ? state : "artifact", body);
    }
    if (has_state && state != last_state_) trace_.states.push_back(last_state_ = state);
    return message;
  }

  void require(bool answered) const {
    stopIfAsked(stop_);
    if (!answered) throw RunError({"protocol-trace.error.no_answer", {}});
  }

  std::string send() const { return method("message/send", "SendMessage"); }

  const std::string version_;
  const std::stop_token stop_;
  std::unique_ptr<ChildProcess> agent_;
  std::unique_ptr<A2aClient> client_;
  bool keeps_digest_ = true;  ///< of what is run now

 private:
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
  std::string last_state_{};  ///< of the task that is talked of
  int last_id_ = 0, said_ = 0;
};

// --- One task ------------------------------------------------------------------------------------

class A2aTask : public A2aConversation {
 public:
  A2aTask(const std::string& id, const std::string& version, const TraceTask& task,
          const std::optional<Resent>& resent, const std::stop_token& stop)
      : A2aConversation(id, version, task, stop) {
    turns_.push_back([this, resent] {
      trace_.note(Party::User, task_.sentence());
      ask(send(), text(task_.sentence()));
      if (resent) resend(*resent);
    });
  }

 private:
  void resend(const Resent& again) {
    std::string version = version_;
    WrongMessage changed{"yours",
                         edited(sentMessage(trace_, again.method).body, again.edit, version)};
    trace_.note(Party::Application, a2aNote("again"));
    keeps_digest_ = false;
    const Json answer = exchange(changed.body, version);
    changed.code = changed.expected = errorCodeIn(answer);
    changed.is_refused = changed.code != 0;
    trace_.wrong.push_back(std::move(changed));
  }
};

// --- Wrong messages ------------------------------------------------------------------------------

class WrongA2aMessages : public A2aConversation {
 public:
  WrongA2aMessages(const std::string& id, const std::string& version, const TraceTask& task,
                   const std::stop_token& stop)
      : A2aConversation(id, version, task, stop) {
    const auto right = [this] { return line(send(), text(task_.sentence())); };
    turns_.push_back([this, right] {
      trace_.note(Party::User, task_.sentence());
      const Json answer = exchange(right(), version_);
      done_ = taskIn(answer).value("id", std::string());
    });
    add("half-a-message", rpc::kParseError,
        [] { return std::string(R"({"jsonrpc":"2.0","id":7,"method":"Send)"); });
    add("first-name", rpc::kMethodNotFound,
        [this] { return line("tasks/send", text(task_.sentence())); });
    add("unknown-task", a2a::kTaskNotFound, [this] {
      return line(method("tasks/get", "GetTask"), {{"id", "task-999"}});
    });
    add("cancel-what-is-done", a2a::kTaskNotCancelable, [this] {
      return line(method("tasks/cancel", "CancelTask"), {{"id", done_}});
    });
    add("speak-to-what-is-done", a2a::kUnsupportedOperation,
        [this] { return line(send(), text(task_.sentence(), done_)); });
    add("unknown-version", a2a::kVersionNotSupported, right, "9.9");
    turns_.push_back([this, right] { exchange(right(), version_); });
  }

 private:
  void add(const std::string& what, int expected, std::function<std::string()> body,
           const std::string& version = {}) {
    trace_.wrong.push_back({what, {}, expected});
    turns_.push_back([this, index = trace_.wrong.size() - 1, body = std::move(body), version] {
      WrongMessage& wrong = trace_.wrong[index];
      wrong.body = body();
      wrong.code = errorCodeIn(exchange(wrong.body, version.empty() ? version_ : version));
      wrong.is_refused = wrong.code != 0;
    });
  }

  std::string done_;
};

// --- The states of a task ------------------------------------------------------------------------

class A2aTaskStates : public A2aConversation {
 public:
  A2aTaskStates(const std::string& id, const std::string& version, const TraceTask& task,
                const std::stop_token& stop)
      : A2aConversation(id, version, task, stop) {
    turns_.push_back([this] { follow(); });
    turns_.push_back([this] { answerAQuestion(); });
    turns_.push_back([this] { cancel(); });
    // A rate beyond its range; an experiment that starts Viva in a Viva that a run has started.
    turns_.push_back([this] { ask(send(), text("run mode-seeking with lr=99")); });
    turns_.push_back([this] { ask(send(), text("run protocol-trace")); });
  }

 private:
  /// Told of every change, in one stream.
  void follow() {
    const std::string body =
        line(method("message/stream", "SendStreamingMessage"), text(task_.sentence()));
    sent(body);
    const bool answered =
        client_->stream(body, version_, [this](const std::string& event) { came(event); });
    require(answered);
    trace_.round_trips += 1;
  }

  /// What is missing is asked for, and the task goes on.
  void answerAQuestion() {
    const Json asked = ask(send(), text("run something"));
    ask(send(), text(task_.sentence(), taskIn(asked).value("id", std::string())));
  }

  void cancel() {
    constexpr const char* kLong = "run mode-seeking, 100000000 steps";
    OrderedJson params = text(kLong);
    params["configuration"] =
        isNew() ? OrderedJson{{"returnImmediately", true}} : OrderedJson{{"blocking", false}};
    const Json begun = ask(send(), std::move(params));
    ask(method("tasks/cancel", "CancelTask"), {{"id", taskIn(begun).value("id", std::string())}});
  }
};

}  // namespace

std::unique_ptr<Conversation> conversationByA2a(const std::string& id, const std::string& version,
                                                const TraceTask& task,
                                                const std::optional<Resent>& resent,
                                                const std::stop_token& stop) {
  return std::make_unique<A2aTask>(id, version, task, resent, stop);
}

std::unique_ptr<Conversation> wrongMessagesByA2a(const std::string& id, const std::string& version,
                                                 const TraceTask& task,
                                                 const std::stop_token& stop) {
  return std::make_unique<WrongA2aMessages>(id, version, task, stop);
}

std::unique_ptr<Conversation> taskStatesByA2a(const std::string& id, const std::string& version,
                                              const TraceTask& task, const std::stop_token& stop) {
  return std::make_unique<A2aTaskStates>(id, version, task, stop);
}

}  // namespace viva
