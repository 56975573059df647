// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/a2a_agent.h"

#include <algorithm>
#include <utility>

namespace viva {
namespace {

/// The error's details as 1.0 wants them.
RpcError a2aError(int code, const std::string& message, const char* reason) {
  OrderedJson info{{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                   {"reason", reason},
                   {"domain", "a2a-protocol.org"}};
  return {code, message, OrderedJson::array({std::move(info)})};
}

RpcError invalidParameters(const std::string& why) {
  return {rpc::kInvalidParams, "Invalid parameters: " + why};
}

RpcError unsupported(const std::string& why) {
  return a2aError(a2a::kUnsupportedOperation, "Unsupported operation: " + why,
                  "UNSUPPORTED_OPERATION");
}

RpcError contentNotSupported(const std::string& why) {
  return a2aError(a2a::kContentTypeNotSupported, "Content type not supported: " + why,
                  "CONTENT_TYPE_NOT_SUPPORTED");
}

RpcError pushNotSupported() {
  return a2aError(a2a::kPushNotSupported, "Push notifications are not supported",
                  "PUSH_NOTIFICATION_NOT_SUPPORTED");
}

A2aVersion versionOf(const std::string& text) {
  const auto is = [&](const std::string& wanted) {
    return text == wanted || text.starts_with(wanted + ".");
  };
  if (text.empty() || is("0.3")) return A2aVersion::V03;
  if (is("1.0")) return A2aVersion::V10;
  throw a2aError(a2a::kVersionNotSupported, "Version not supported: this agent speaks 1.0 and 0.3",
                 "VERSION_NOT_SUPPORTED");
}

/// What a method is called in each version, and what it is.
enum class Method { Send, Stream, Get, Cancel, Subscribe, List, Push, Card };
struct MethodName {
  const char *v03, *v10;
  Method method;
};
constexpr MethodName kMethods[] = {
    {"message/send", "SendMessage", Method::Send},
    {"message/stream", "SendStreamingMessage", Method::Stream},
    {"tasks/get", "GetTask", Method::Get},
    {"tasks/cancel", "CancelTask", Method::Cancel},
    {"tasks/resubscribe", "SubscribeToTask", Method::Subscribe},
    {"", "ListTasks", Method::List},
    {"tasks/pushNotificationConfig/set", "CreateTaskPushNotificationConfig", Method::Push},
    {"tasks/pushNotificationConfig/get", "GetTaskPushNotificationConfig", Method::Push},
    {"tasks/pushNotificationConfig/list", "ListTaskPushNotificationConfigs", Method::Push},
    {"tasks/pushNotificationConfig/delete", "DeleteTaskPushNotificationConfig", Method::Push},
    {"agent/getAuthenticatedExtendedCard", "GetExtendedAgentCard", Method::Card}};

Method methodOf(const std::string& name, A2aVersion version) {
  for (const MethodName& one : kMethods)
    if (!name.empty() && name == (version == A2aVersion::V10 ? one.v10 : one.v03))
      return one.method;
  throw RpcError(rpc::kMethodNotFound, "Method not found: " + name.substr(0, 100));
}

std::string requiredText(const Json& json, const char* key) {
  const auto member = json.find(key);
  if (member == json.end() || !member->is_string() || member->get_ref<const std::string&>().empty())
    throw invalidParameters(std::string(key) + " must be a text");
  return member->get<std::string>();
}

const Json& objectIn(const Json& json, const char* key) {
  static const Json kNone = Json::object();
  const auto member = json.find(key);
  if (member == json.end() || member->is_null()) return kNone;
  if (!member->is_object()) throw invalidParameters(std::string(key) + " must be an object");
  return *member;
}

bool flagIn(const Json& json, const char* key, bool otherwise) {
  const auto member = json.find(key);
  return member != json.end() && member->is_boolean() ? member->get<bool>() : otherwise;
}

/// What a message says. Throws for parts that this agent cannot read.
void read(const Json& message, std::string& text, Json& data) {
  const auto parts = message.find("parts");
  if (parts == message.end() || !parts->is_array() || parts->empty())
    throw invalidParameters("message.parts must be a list that is not empty");
  for (const Json& part : *parts) {
    if (!part.is_object()) throw invalidParameters("a part must be an object");
    const auto said = part.find("text"), given = part.find("data");
    if (said != part.end() && said->is_string()) {
      text += (text.empty() ? "" : "\n") + said->get<std::string>();
    } else if (given != part.end() && given->is_object()) {
      if (!data.is_object()) data = Json::object();
      data.update(*given);
    } else {
      throw contentNotSupported("parts are texts, or data that is an object");
    }
  }
}

constexpr const char* kInputModes[] = {"text/plain", "application/json"};
constexpr const char* kOutputModes[] = {"text/plain", "application/json", "image/png"};

/// Whether the client takes anything that comes out.
void requireOutput(const Json& configuration) {
  const auto accepted = configuration.find("acceptedOutputModes");
  if (accepted == configuration.end() || !accepted->is_array() || accepted->empty()) return;
  for (const Json& mode : *accepted)
    for (const char* made : kOutputModes)
      if (mode == made || mode == "*/*" || mode == "text" || mode == "text/*") return;
  throw contentNotSupported("results are text, JSON and PNG");
}

const char* nameOf(A2aState state, A2aVersion version) {
  static constexpr const char* kNew[] = {"TASK_STATE_SUBMITTED", "TASK_STATE_WORKING",
                                         "TASK_STATE_COMPLETED", "TASK_STATE_FAILED",
                                         "TASK_STATE_CANCELED",  "TASK_STATE_INPUT_REQUIRED",
                                         "TASK_STATE_REJECTED"};
  static constexpr const char* kOld[] = {"submitted", "working",        "completed", "failed",
                                         "canceled",  "input-required", "rejected"};
  return (version == A2aVersion::V10 ? kNew : kOld)[static_cast<std::size_t>(state)];
}

bool isAtRest(A2aState state) { return isTerminal(state) || state == A2aState::InputRequired; }

// --- Parts and messages --------------------------------------------------------------------------

OrderedJson textPart(const std::string& text, A2aVersion version) {
  OrderedJson part = OrderedJson::object();
  if (version == A2aVersion::V03) part["kind"] = "text";
  part["text"] = text;
  return part;
}

OrderedJson dataPart(OrderedJson data, A2aVersion version) {
  OrderedJson part = OrderedJson::object();
  if (version == A2aVersion::V03) part["kind"] = "data";
  part["data"] = std::move(data);
  return part;
}

OrderedJson picturePart(const A2aPicture& picture, A2aVersion version) {
  if (version == A2aVersion::V03)
    return {
        {"kind", "file"},
        {"file",
         {{"name", picture.name}, {"mimeType", "image/png"}, {"bytes", base64(picture.bytes)}}}};
  return {{"raw", base64(picture.bytes)}, {"filename", picture.name}, {"mediaType", "image/png"}};
}

OrderedJson messageJson(const std::string& id, bool by_user, OrderedJson parts,
                        const std::string& task, const std::string& context, A2aVersion version) {
  OrderedJson message = OrderedJson::object();
  if (version == A2aVersion::V03) message["kind"] = "message";
  message["messageId"] = id;
  message["role"] = version == A2aVersion::V10 ? (by_user ? "ROLE_USER" : "ROLE_AGENT")
                                               : (by_user ? "user" : "agent");
  message["parts"] = std::move(parts);
  message["taskId"] = task;
  message["contextId"] = context;
  return message;
}

}  // namespace

bool isTerminal(A2aState state) {
  return state == A2aState::Completed || state == A2aState::Failed || state == A2aState::Canceled ||
         state == A2aState::Rejected;
}

// --- The card ------------------------------------------------------------------------------------

OrderedJson A2aAgent::card(const std::string& url) const {
  const auto place = [&](const char* version) {
    return OrderedJson{{"url", url}, {"protocolBinding", "JSONRPC"}, {"protocolVersion", version}};
  };
  OrderedJson card;
  card["name"] = offer_.name;
  card["description"] = offer_.description;
  card["version"] = offer_.version;
  card["supportedInterfaces"] = {place("1.0"), place("0.3")};
  // What clients of 0.3 read.
  card["protocolVersion"] = "0.3.0";
  card["url"] = url;
  card["preferredTransport"] = "JSONRPC";
  card["capabilities"] = {{"streaming", true}, {"pushNotifications", false}};
  card["defaultInputModes"] = kInputModes;
  card["defaultOutputModes"] = kOutputModes;
  OrderedJson skill{{"id", offer_.skill},
                    {"name", offer_.skill_name},
                    {"description", offer_.skill_description},
                    {"tags", offer_.tags},
                    {"examples", offer_.examples}};
  card["skills"] = OrderedJson::array({std::move(skill)});
  return card;
}

// --- Requests ------------------------------------------------------------------------------------

A2aAgent::Reply A2aAgent::receive(std::string_view body, const std::string& version) {
  Json id;
  const auto refused = [&](const RpcError& error) {
    OrderedJson message = errorMessage(id, error);
    if (id.is_null()) message["id"] = nullptr;  // as JSON-RPC wants it
    return Reply{std::move(message), nullptr};
  };
  try {
    Json json = parseJson(body, kLimits);
    id = idOf(json);
    const RpcMessage message = messageOf(std::move(json));
    if (message.kind != RpcMessage::Kind::Request)
      throw RpcError(rpc::kInvalidRequest, "Invalid Request: id is missing");
    Reply reply;
    OrderedJson result = answer(message, versionOf(version), reply.stream);
    if (!reply.stream) reply.message = resultMessage(id, std::move(result));
    return reply;
  } catch (const RpcError& error) {
    return refused(error);
  } catch (const std::exception&) {
    return refused({rpc::kInternalError, "Internal error"});
  }
}

OrderedJson A2aAgent::answer(const RpcMessage& message, A2aVersion version,
                             std::shared_ptr<Stream>& stream) {
  const Json& params = message.params;
  const Method method = methodOf(message.method, version);
  const auto length = [](const Json& in) -> std::optional<std::size_t> {
    const auto member = in.find("historyLength");
    if (member == in.end() || !member->is_number_integer()) return {};
    const auto count = member->get<std::int64_t>();
    if (count < 0) throw invalidParameters("historyLength must not be negative");
    return static_cast<std::size_t>(count);
  };
  const auto follow = [&](const Task& task) {
    stream = std::make_shared<Stream>();
    stream->agent = this;
    stream->task = task.id;
    stream->id = message.id;
    stream->version = version;
    stream->seen = task.events.back().number;
    OrderedJson json = taskJson(task, version, {});
    if (version == A2aVersion::V10) json = {{"task", OrderedJson(json)}};
    stream->first = resultMessage(message.id, std::move(json));
    return OrderedJson();
  };
  std::unique_lock lock(mutex_);
  switch (method) {
    case Method::Send: {
      const std::string id = accept(params, version).id;
      const Json& configuration = objectIn(params, "configuration");
      const bool waits = !flagIn(configuration, "returnImmediately", false) &&
                         flagIn(configuration, "blocking", true);
      if (waits)
        changed_.wait(lock, [&] {
          const auto task = tasks_.find(id);
          return has_ended_ || task == tasks_.end() || isAtRest(task->second.status.state);
        });
      const auto task = tasks_.find(id);
      if (task == tasks_.end()) throw RpcError(rpc::kInternalError, "Internal error");
      OrderedJson json = taskJson(task->second, version, length(configuration));
      return version == A2aVersion::V10 ? OrderedJson{{"task", std::move(json)}} : json;
    }
    case Method::Stream:
      return follow(accept(params, version));
    case Method::Get:
      return taskJson(taskNamed(params), version, length(params));
    case Method::Cancel:
      return cancelled(params, version);
    case Method::Subscribe: {
      const Task& task = taskNamed(params);
      if (!isTerminal(task.status.state)) return follow(task);
      throw unsupported("the task has ended");
    }
    case Method::List:
      throw unsupported("tasks are not listed");
    case Method::Push:
      throw pushNotSupported();
    case Method::Card:
      break;
  }
  throw a2aError(a2a::kNoExtendedCard, "There is no extended agent card",
                 "EXTENDED_AGENT_CARD_NOT_CONFIGURED");
}

A2aAgent::Task& A2aAgent::taskNamed(const Json& params) {
  const auto task = tasks_.find(requiredText(params, "id"));
  if (task == tasks_.end()) throw a2aError(a2a::kTaskNotFound, "Task not found", "TASK_NOT_FOUND");
  return task->second;
}

A2aAgent::Task& A2aAgent::accept(const Json& params, A2aVersion version) {
  const Json& message = objectIn(params, "message");
  Said said{requiredText(message, "messageId"), true, {}, nullptr};
  if (requiredText(message, "role") != (version == A2aVersion::V10 ? "ROLE_USER" : "user"))
    throw invalidParameters("message.role must be that of the user");
  read(message, said.text, said.data);
  const Json& configuration = objectIn(params, "configuration");
  requireOutput(configuration);
  for (const char* push : {"pushNotificationConfig", "taskPushNotificationConfig"})
    if (configuration.contains(push)) throw pushNotSupported();
  if (has_ended_ || waiting_.size() >= kMostWaiting)
    throw RpcError(rpc::kInternalError, "Internal error: " + std::to_string(kMostWaiting) +
                                            " tasks are waiting already");
  const auto named = [&](const char* key) {
    return message.contains(key) && message[key].is_string() ? message[key].get<std::string>()
                                                             : std::string();
  };
  Task* task = nullptr;
  if (const std::string id = named("taskId"); !id.empty()) {
    task = &taskNamed({{"id", id}});
    if (task->status.state != A2aState::InputRequired)
      throw unsupported("the task does not wait for a message");
  } else {
    forgetOld();
    // Counted, not drawn: the same conversation has the same bytes.
    const std::string number = std::to_string(++made_);
    Task made;
    made.id = "task-" + number;
    made.context = named("contextId").empty() ? "context-" + number : named("contextId");
    order_.push_back(made.id);
    task = &tasks_.emplace(made.id, std::move(made)).first->second;
  }
  if (!said.text.empty()) task->ask.text += (task->ask.text.empty() ? "" : "\n") + said.text;
  if (said.data.is_object()) task->ask.data.update(said.data);
  task->history.push_back(std::move(said));
  setStatus(*task, A2aState::Submitted, {});
  waiting_.push_back(task->id);
  changed_.notify_all();
  return *task;
}

OrderedJson A2aAgent::cancelled(const Json& params, A2aVersion version) {
  Task& task = taskNamed(params);
  if (isTerminal(task.status.state))
    throw a2aError(a2a::kTaskNotCancelable, "Task cannot be canceled: it has ended",
                   "TASK_NOT_CANCELABLE");
  task.stop.request_stop();
  std::erase(waiting_, task.id);
  setStatus(task, A2aState::Canceled, {});
  return taskJson(task, version, {});
}

void A2aAgent::forgetOld() {
  for (auto id = order_.begin(); tasks_.size() >= kMostTasks && id != order_.end();) {
    const auto task = tasks_.find(*id);
    if (isAtRest(task->second.status.state)) {
      tasks_.erase(task);
      id = order_.erase(id);
    } else {
      ++id;
    }
  }
}

void A2aAgent::setStatus(Task& task, A2aState state, const std::string& sentence,
                         bool is_progress) {
  task.status = {state, sentence};
  if (is_progress && !task.events.empty() && task.events.back().is_progress) task.events.pop_back();
  task.events.push_back({task.status, is_progress, ++numbered_});
  changed_.notify_all();
}

// --- The work ------------------------------------------------------------------------------------

bool A2aAgent::workOnce() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return has_ended_ || !waiting_.empty(); });
  if (has_ended_) return false;
  const std::string id = waiting_.front();
  waiting_.pop_front();
  Task& begun = tasks_.at(id);
  setStatus(begun, A2aState::Working, {});
  const A2aAsk ask = begun.ask;
  A2aWork work;
  work.stop = begun.stop.get_token();
  // A task that was cancelled stays so, whatever becomes of the work.
  const auto atWork = [&]() -> Task* {
    const auto task = tasks_.find(id);
    return task == tasks_.end() || task->second.status.state != A2aState::Working ? nullptr
                                                                                  : &task->second;
  };
  work.tell = [&](const std::string& sentence) {
    const std::lock_guard guard(mutex_);
    if (Task* task = atWork()) setStatus(*task, A2aState::Working, sentence, true);
  };
  lock.unlock();
  A2aAnswer answer;
  try {
    answer = offer_.work(ask, work);
  } catch (const std::exception& error) {
    answer = {A2aState::Failed, error.what(), nullptr, {}};
  }
  lock.lock();
  Task* task = atWork();
  if (!task) return true;
  if (!answer.data.is_null() || !answer.pictures.empty()) {
    task->artifact = Artifact{answer.sentence, std::move(answer.data), std::move(answer.pictures)};
    task->events.push_back({{}, false, ++numbered_});
  }
  task->history.push_back(
      {id + "-" + std::to_string(task->history.size()), false, answer.sentence, nullptr});
  setStatus(*task, answer.state, answer.sentence);
  return true;
}

void A2aAgent::end() {
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  waiting_.clear();
  for (auto& [id, task] : tasks_)
    if (!isTerminal(task.status.state)) {
      task.stop.request_stop();
      setStatus(task, A2aState::Canceled, {});
    }
  changed_.notify_all();
}

std::optional<OrderedJson> A2aAgent::Stream::next() {
  std::unique_lock lock(agent->mutex_);
  const auto find = [&] {
    const auto found = agent->tasks_.find(task);
    return found == agent->tasks_.end() ? nullptr : &found->second;
  };
  // An event that progress took the place of is not missed: only numbers that are new count.
  const auto following = [&](const Task& followed) {
    return std::find_if(followed.events.begin(), followed.events.end(),
                        [&](const Event& event) { return event.number > seen; });
  };
  if (first) return std::exchange(first, std::nullopt);
  agent->changed_.wait(lock, [&] {
    const Task* followed = find();
    return !followed || following(*followed) != followed->events.end() ||
           isAtRest(followed->status.state);
  });
  const Task* followed = find();
  if (!followed) return {};
  const auto event = following(*followed);
  if (event == followed->events.end()) return {};
  seen = event->number;
  return resultMessage(id, agent->eventJson(*followed, *event, version));
}

// --- On the wire ---------------------------------------------------------------------------------

OrderedJson A2aAgent::statusJson(const Task& task, const Status& status, A2aVersion version) const {
  OrderedJson json{{"state", nameOf(status.state, version)}};
  if (!status.sentence.empty())
    json["message"] = messageJson(task.id + "-status", false,
                                  OrderedJson::array({textPart(status.sentence, version)}), task.id,
                                  task.context, version);
  return json;
}

OrderedJson A2aAgent::artifactJson(const Task& task, A2aVersion version) const {
  OrderedJson parts = OrderedJson::array({textPart(task.artifact->sentence, version)});
  if (!task.artifact->data.is_null()) parts.push_back(dataPart(task.artifact->data, version));
  for (const A2aPicture& picture : task.artifact->pictures)
    parts.push_back(picturePart(picture, version));
  return {{"artifactId", task.id + "-result"}, {"name", "result"}, {"parts", std::move(parts)}};
}

OrderedJson A2aAgent::taskJson(const Task& task, A2aVersion version,
                               std::optional<std::size_t> history_length) const {
  OrderedJson json = OrderedJson::object();
  if (version == A2aVersion::V03) json["kind"] = "task";
  json["id"] = task.id;
  json["contextId"] = task.context;
  json["status"] = statusJson(task, task.status, version);
  if (task.artifact) json["artifacts"] = OrderedJson::array({artifactJson(task, version)});
  const std::size_t all = task.history.size(), shown = std::min(all, history_length.value_or(all));
  if (shown == 0) return json;
  json["history"] = OrderedJson::array();
  for (std::size_t i = all - shown; i < all; ++i) {
    const Said& one = task.history[i];
    OrderedJson parts = OrderedJson::array();
    if (!one.text.empty()) parts.push_back(textPart(one.text, version));
    if (!one.data.is_null()) parts.push_back(dataPart(OrderedJson(one.data), version));
    json["history"].push_back(
        messageJson(one.id, one.by_user, std::move(parts), task.id, task.context, version));
  }
  return json;
}

OrderedJson A2aAgent::eventJson(const Task& task, const Event& event, A2aVersion version) const {
  OrderedJson update = OrderedJson::object();
  if (version == A2aVersion::V03)
    update["kind"] = event.status ? "status-update" : "artifact-update";
  update["taskId"] = task.id;
  update["contextId"] = task.context;
  if (event.status) {
    update["status"] = statusJson(task, *event.status, version);
    if (version == A2aVersion::V03) update["final"] = isAtRest(event.status->state);
  } else {
    update["artifact"] = artifactJson(task, version);
    update["append"] = false;
    update["lastChunk"] = true;
  }
  if (version == A2aVersion::V03) return update;
  return {{event.status ? "statusUpdate" : "artifactUpdate", std::move(update)}};
}

}  // namespace viva
