// SPDX-License-Identifier: GPL-3.0-or-later
// An agent of the Agent2Agent protocol, whatever carries the messages: tasks from `SendMessage` to
// their end, in the forms of versions 1.0 and 0.3, as the client asks.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/json_rpc.h"

namespace viva {

namespace a2a {
inline constexpr const char* kCardPath = "/.well-known/agent-card.json";
inline constexpr const char* kVersionHeader = "A2A-Version";

inline constexpr int kTaskNotFound = -32001;
inline constexpr int kTaskNotCancelable = -32002;
inline constexpr int kPushNotSupported = -32003;
inline constexpr int kUnsupportedOperation = -32004;
inline constexpr int kContentTypeNotSupported = -32005;
inline constexpr int kNoExtendedCard = -32007;
inline constexpr int kVersionNotSupported = -32009;
}  // namespace a2a

enum class A2aState { Submitted, Working, Completed, Failed, Canceled, InputRequired, Rejected };
bool isTerminal(A2aState state);

/// What a client has said in a task so far.
struct A2aAsk {
  std::string text;            ///< its text parts, a line each
  Json data = Json::object();  ///< its data parts that are objects, the later ones on top
};

struct A2aPicture {
  std::string name, bytes;  ///< of a PNG
};

/// How the work on an ask came out. `sentence` says it in words; the rest is the artifact.
struct A2aAnswer {
  A2aState state = A2aState::Completed;  ///< Completed, Failed, InputRequired, Rejected
  std::string sentence;
  OrderedJson data;  ///< null: none
  std::vector<A2aPicture> pictures{};
};

struct A2aWork {
  std::function<void(const std::string& sentence)> tell;  ///< how far it is
  std::stop_token stop;                                   ///< the client has cancelled
};

struct A2aOffer {
  std::string name, description, version;
  std::string skill, skill_name, skill_description;
  std::vector<std::string> tags, examples;
  std::function<A2aAnswer(const A2aAsk&, const A2aWork&)> work;
};

/// One version of the protocol.
enum class A2aVersion { V03, V10 };

class A2aAgent {
 public:
  explicit A2aAgent(A2aOffer offer) : offer_(std::move(offer)) {}

  /// The agent card for who listens at `url`, for clients of both versions.
  OrderedJson card(const std::string& url) const;

  /// What a request earns: one answer, or a stream of them.
  class Stream;
  struct Reply {
    OrderedJson message;
    std::shared_ptr<Stream> stream;  ///< null: `message` is all
  };
  /// `version` is the header's text, empty for none: then 0.3 is meant. Waits for the end of the
  /// task where the client does. May be called from many threads.
  Reply receive(std::string_view body, const std::string& version);

  /// The task, and then what happens to it, until it ends or wants something.
  class Stream {
   public:
    /// Waits for the next event; null when there is none to come.
    std::optional<OrderedJson> next();

   private:
    friend class A2aAgent;
    A2aAgent* agent = nullptr;
    std::string task;
    Json id;
    A2aVersion version = A2aVersion::V10;
    std::optional<OrderedJson> first;  ///< the task as it was when the stream was asked for
    std::uint64_t seen = 0;            ///< events up to this number are in it, or were told
  };

  /// Waits for the next task and works on it on this thread. False after end().
  bool workOnce();
  void work() {
    while (workOnce()) {
    }
  }
  /// Tasks are cancelled, streams end, nothing is begun any more.
  void end();

  static constexpr std::size_t kMostTasks = 200;  ///< remembered; the oldest that are at rest go
  static constexpr std::size_t kMostWaiting = 16;
  static constexpr MessageLimits kLimits{};

 private:
  struct Status {
    A2aState state = A2aState::Submitted;
    std::string sentence;
  };
  struct Artifact {
    std::string sentence;
    OrderedJson data;
    std::vector<A2aPicture> pictures;
  };
  /// A change of the status, or the artifact.
  struct Event {
    std::optional<Status> status;
    bool is_progress = false;  ///< the next one takes its place
    std::uint64_t number = 0;
  };
  struct Said {
    std::string id;
    bool by_user = true;
    std::string text;
    Json data;  ///< null: none
  };
  struct Task {
    std::string id, context;
    A2aAsk ask;
    Status status;
    std::vector<Said> history;
    std::optional<Artifact> artifact;
    std::vector<Event> events;
    std::stop_source stop;
  };

  OrderedJson answer(const RpcMessage& message, A2aVersion version,
                     std::shared_ptr<Stream>& stream);
  Task& accept(const Json& params, A2aVersion version);
  Task& taskNamed(const Json& params);
  OrderedJson cancelled(const Json& params, A2aVersion version);
  void setStatus(Task& task, A2aState state, const std::string& sentence, bool is_progress = false);
  void forgetOld();

  OrderedJson taskJson(const Task& task, A2aVersion version,
                       std::optional<std::size_t> history_length) const;
  OrderedJson statusJson(const Task& task, const Status& status, A2aVersion version) const;
  OrderedJson artifactJson(const Task& task, A2aVersion version) const;
  OrderedJson eventJson(const Task& task, const Event& event, A2aVersion version) const;

  const A2aOffer offer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Task> tasks_;
  std::deque<std::string> waiting_;
  std::deque<std::string> order_;  ///< of all tasks_, the oldest first
  std::uint64_t made_ = 0, numbered_ = 0;
  bool has_ended_ = false;
};

}  // namespace viva
