// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/conversation.h"

#include <algorithm>

#include "lessons/core/records.h"
#include "lessons/information/lessons.h"
#include "protocol/json_schema.h"

namespace viva {
namespace {

/// What the application tells the model that it can do.
OrderedJson ownFunction() {
  const OrderedJson whole{{"type", "integer"}, {"minimum", 1}, {"maximum", 100000}};
  const OrderedJson set{{"type", "object"},
                        {"properties", {{"start_mean", {{"type", "number"}}}}},
                        {"additionalProperties", false}};
  OrderedJson parameters{{"type", "object"},
                         {"properties",
                          {{"experiment", {{"type", "string"}, {"enum", {"mode-seeking"}}}},
                           {"set", set},
                           {"seed", {{"type", "integer"}, {"minimum", 0}}},
                           {"steps", whole}}},
                         {"required", {"experiment", "set", "seed", "steps"}},
                         {"additionalProperties", false}};
  return {{"type", "function"},
          {"function",
           {{"name", "run_experiment"},
            {"description", "Runs an experiment and answers its last records."},
            {"parameters", std::move(parameters)},
            {"strict", true}}}};
}

/// What `viva run` would do, without the command line.
OrderedJson ranHere(const Json& arguments) {
  const ExperimentSpec& spec = modeSeeking();
  Parameters parameters(spec.parameters);
  for (const auto& [name, value] : arguments["set"].items())
    parameters.setFromText(name, formatNumber(value.get<double>()));
  RunContext context;
  context.seed = arguments["seed"].get<std::uint64_t>();
  const auto experiment = spec.make(parameters, context);
  RecordTable table(spec.records(parameters), std::size_t{1} << 20);
  Recorder recorder(table);
  experiment->initial(recorder);
  table.endRow();
  const auto steps = arguments["steps"].get<std::int64_t>();
  for (std::int64_t step = 0; step < steps; ++step) {
    experiment->step(recorder);
    table.endRow();
  }
  const Records& records = table.records();
  OrderedJson last = OrderedJson::object();
  for (std::size_t column = 0; column < records.names().size(); ++column)
    last[records.names()[column]] = records.last(column, records.rows() - 1);
  return {{"digest", records.digest()}, {"steps", steps}, {"final", std::move(last)}};
}

class CallingConversation : public Conversation {
 public:
  explicit CallingConversation(const TraceTask& task) : Conversation("function-calling", task) {
    tools_.push_back(ownFunction());
    turns_ = {[this] {
                beginWithTheUser();
                askModel();
              },
              [this] { execute(); }, [this] { tellModel(textOf(result_)); }};
  }

 private:
  /// Reads, checks, runs: the model's text has done nothing until here.
  void execute() {
    const Json arguments = Json::parse(argumentsOfTheCall());
    const auto problem = problemIn(arguments, tools_[0]["function"]["parameters"]);
    if (problem) {
      result_ = {{"error", problem->path + ": " + problem->allowed}};
      return;
    }
    trace_.execute(Party::Application);
    result_ = ranHere(arguments);
    trace_.digest = digestIn(Json(result_));
  }

  OrderedJson result_;
};

}  // namespace

bool Conversation::next() {
  if (next_ < turns_.size()) turns_[next_++]();
  trace_.is_over = next_ == turns_.size();
  return !trace_.is_over;
}

void Conversation::beginWithTheUser() {
  trace_.note(Party::User, task_.sentence());
  messages_.push_back({{"role", "user"}, {"content", task_.sentence()}});
}

void Conversation::askModel() {
  const OrderedJson request = chatRequest(messages_, tools_);
  const OrderedJson answer = chatAnswer(request, task_);
  const auto& choice = answer["choices"][0];
  trace_.add(MessageKind::Request, Party::Application, Party::Model,
             messages_.back()["role"].get<std::string>(), textOf(request));
  trace_.add(MessageKind::Reply, Party::Model, Party::Application,
             choice["finish_reason"].get<std::string>(), textOf(answer));
  trace_.round_trips += 1;
  messages_.push_back(choice["message"]);
  if (choice["finish_reason"] == "stop")
    trace_.note(Party::User, choice["message"]["content"].get<std::string>());
}

std::string Conversation::argumentsOfTheCall() const {
  return messages_.back()["tool_calls"][0]["function"]["arguments"].get<std::string>();
}

void Conversation::tellModel(const std::string& result) {
  messages_.push_back({{"role", "tool"},
                       {"tool_call_id", messages_.back()["tool_calls"][0]["id"]},
                       {"content", result}});
  askModel();
}

std::unique_ptr<Conversation> conversationByFunctionCalling(const TraceTask& task) {
  return std::make_unique<CallingConversation>(task);
}

std::string digestIn(const Json& json) {
  if (json.is_object()) {
    const auto digest = json.find("digest");
    if (digest != json.end() && digest->is_string()) return digest->get<std::string>();
  }
  if (json.is_structured())
    for (const Json& inner : json)
      if (std::string found = digestIn(inner); !found.empty()) return found;
  return {};
}

}  // namespace viva
