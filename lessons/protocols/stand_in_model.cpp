// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/stand_in_model.h"

#include <random>
#include <set>
#include <stdexcept>

#include "lessons/core/number_text.h"
#include "lessons/core/parameter.h"

namespace viva {
namespace {

constexpr const char* kTold = "reverse/kl_reverse";

/// Every call has been answered, as the API demands before it answers anything more.
void requireAnswered(const OrderedJson& messages) {
  std::set<std::string> open;
  for (const auto& message : messages) {
    for (const auto& call : message.value("tool_calls", OrderedJson::array()))
      open.insert(call["id"].get<std::string>());
    if (message["role"] == "tool") open.erase(message["tool_call_id"].get<std::string>());
  }
  if (!open.empty()) throw std::invalid_argument("a call without an answer: " + *open.begin());
}

std::int64_t callsIn(const OrderedJson& messages) {
  std::int64_t calls = 0;
  for (const auto& message : messages) calls += message.contains("tool_calls");
  return calls;
}

}  // namespace

std::string TraceTask::sentence() const {
  return "run mode-seeking with start_mean=" + formatNumber(start_mean) + ", seed " +
         std::to_string(seed) + ", " + std::to_string(steps) + " steps";
}

OrderedJson TraceTask::arguments(bool is_first) const {
  return {{"experiment", "mode-seeking"},
          {"set", {{"start_mean", start_mean}}},
          {"seed", seed},
          {"steps", is_first && first_try > 0 ? first_try : steps}};
}

TraceTask traceTask(std::uint64_t seed, std::int64_t steps) {
  std::mt19937_64 generator(seed);
  TraceTask task{seed, steps};
  task.start_mean = (static_cast<double>(generator() % 41) - 20) / 10;
  return task;
}

OrderedJson chatRequest(const OrderedJson& messages, const OrderedJson& tools) {
  return {{"model", "stand-in"}, {"messages", messages}, {"tools", tools}};
}

OrderedJson chatAnswer(const OrderedJson& request, const TraceTask& task) {
  const OrderedJson& messages = request["messages"];
  requireAnswered(messages);
  const OrderedJson& last = messages.back();
  OrderedJson said{{"role", "assistant"}};
  bool calls = last["role"] == "user";
  if (!calls) {
    const Json result = Json::parse(last["content"].get<std::string>(), nullptr, false);
    if (result.is_object() && result.contains("final"))
      said["content"] = "After " + std::to_string(task.steps) + " steps KL(q‖p) is " +
                        withDigits(result["final"][kTold].get<double>(), 4) + ".";
    else
      calls = true;
  }
  if (calls) {
    const std::int64_t before = callsIn(messages);
    // The arguments are a text that contains JSON: whoever executes has to read and check it.
    const OrderedJson function{{"name", "run_experiment"},
                               {"arguments", task.arguments(before == 0).dump()}};
    const std::string id = "call_" + std::to_string(task.seed) + "_" + std::to_string(before + 1);
    said["content"] = nullptr;
    said["tool_calls"] =
        OrderedJson::array({{{"id", id}, {"type", "function"}, {"function", function}}});
  }
  OrderedJson choice{
      {"index", 0}, {"message", said}, {"finish_reason", calls ? "tool_calls" : "stop"}};
  return {{"object", "chat.completion"}, {"choices", OrderedJson::array({std::move(choice)})}};
}

}  // namespace viva
