// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/protocols/lessons.h"
#include "lessons/protocols/message_edit.h"
#include "lessons/protocols/protocol_trace.h"

namespace viva {
namespace {

const std::string kId = "protocol-trace";
/// Steps until everything is said, in the order of TraceScene.
constexpr std::int64_t kLengths[] = {10, 13, 21, 6, 13};
constexpr std::int64_t lengthOf(TraceScene scene) { return kLengths[static_cast<int>(scene)]; }
constexpr std::int64_t kStatesOfATask = 7;

bool sameDigest(const TraceState& s) {
  return std::ranges::all_of(s.traces, [&](const WireTrace& trace) {
    return !trace.digest.empty() && trace.digest == s.traces.front().digest;
  });
}

std::optional<bool> sameResultThreeTimes(const TraceState& s) {
  if (!s.isOver()) return {};
  const WireTrace *calling = s.find(kByCalling), *mcp = s.find(kByMcp), *agent = s.find(kByA2a);
  return sameDigest(s) && mcp->count() > std::max(calling->count(), agent->count()) &&
         mcp->bytes() > std::max(calling->bytes(), agent->bytes());
}

/// `initialize`, its answer, `notifications/initialized`; nothing else.
std::optional<bool> greetingIsGone(const TraceState& s) {
  if (!s.isOver()) return {};
  const WireTrace *old_era = s.find(kHandshakeEra), *new_era = s.find(kStatelessEra);
  return sameDigest(s) && old_era->count() == new_era->count() + 3 &&
         old_era->round_trips == new_era->round_trips + 1 &&
         s.find(kOldAgent)->count() == s.find(kNewAgent)->count();
}

std::optional<bool> modelNeverExecutes(const TraceState& s) {
  if (!s.isOver()) return {};
  return std::ranges::all_of(s.traces, [](const WireTrace& trace) {
    const Party party = trace.id == kByCalling ? Party::Application : Party::Server;
    return trace.executedBy(Party::Model) == 0 && trace.executedBy(party) == 1;
  });
}

std::optional<bool> codesAreTheSpecifications(const TraceState& s) {
  if (!s.isOver()) return {};
  return sameDigest(s) && std::ranges::all_of(s.traces, [](const WireTrace& trace) {
           return std::ranges::all_of(trace.wrong, &WrongMessage::isAsExpected);
         });
}

std::optional<bool> everyStateIsSeen(const TraceState& s) {
  if (!s.isOver()) return {};
  const WireTrace* agent = s.find(kByA2a);
  return agent->distinctStates() == kStatesOfATask && agent->visits("completed") == 2;
}

std::optional<bool> theCallIsLost(const TraceState& s) {
  if (!s.isOver()) return {};
  const WireTrace *old_era = s.find(kHandshakeEra), *new_era = s.find(kStatelessEra);
  return old_era->unanswered == 1 && new_era->unanswered == 1 && sameDigest(s) &&
         old_era->after_the_end == new_era->after_the_end + 3;
}

Claim<TraceState> claim(std::string_view preset, TraceScene scene,
                        std::optional<bool> (*holds)(const TraceState&)) {
  return {preset,     lengthOf(scene), holds,
          When::Once, nullptr,         [scene](const TraceState& s) { return s.scene == scene; }};
}

const Claims<TraceState> kClaims{
    claim("one-task-three-ways", TraceScene::ThreeWays, sameResultThreeTimes),
    claim("two-eras", TraceScene::TwoEras, greetingIsGone),
    claim("who-executes", TraceScene::ThreeWays, modelNeverExecutes),
    claim("bad-arguments", TraceScene::WrongMessages, codesAreTheSpecifications),
    claim("task-states", TraceScene::TaskStates, everyStateIsSeen),
    claim("kill-the-tool", TraceScene::KilledTool, theCallIsLost),
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  const TraceScene scene = p[kTraceScene];
  for (const std::string& id : conversationsOf(scene)) {
    const auto add = [&](std::initializer_list<const char*> names) {
      for (const char* name : names) records.push_back({id + "/" + name, ""});
    };
    add({"messages", "round_trips", "bytes", "executed_by_model", "executed_by_application",
         "executed_by_server"});
    if (scene == TraceScene::WrongMessages) add({"as_specified", "error_codes"});
    if (scene == TraceScene::TaskStates) add({"states", "completed"});
    if (scene == TraceScene::KilledTool) add({"unanswered", "messages_after"});
  }
  return records;
}

std::vector<ViewSpec> views() {
  return {
      sequence("calling").large(),
      sequence("mcp").large(),
      sequence("stateless").large(),
      sequence("a2a").large(),
      sequence("old_agent"),
      table("counts"),
      bars("executions").yAxis("axis.times_executed"),
      table("answers"),
      graph("states"),
      series("bytes", {"*/bytes"}).yAxis("axis.bytes_sent").small(),
      series("messages", {"*/messages"}).yAxis("axis.messages_sent").small(),
      verdict("verdict"),
  };
}

Preset trace(const std::string& name, TraceScene scene) {
  return preset(name).with({{"scene", kTraceScene.nameOf(scene)}}).lasting(lengthOf(scene));
}

std::vector<Preset> presets() {
  return {
      trace("one-task-three-ways", TraceScene::ThreeWays).showing("mcp", {"a2a", "counts"}),
      trace("two-eras", TraceScene::TwoEras).showing("mcp", {"stateless", "counts"}),
      trace("who-executes", TraceScene::ThreeWays).showing("executions", {"mcp", "counts"}),
      trace("bad-arguments", TraceScene::WrongMessages).showing("answers", {"mcp"}),
      trace("task-states", TraceScene::TaskStates).showing("states", {"a2a"}),
      trace("kill-the-tool", TraceScene::KilledTool).showing("mcp", {"stateless", "counts"}),
  };
}

}  // namespace

std::vector<std::string> conversationsOf(TraceScene scene) {
  switch (scene) {
    case TraceScene::ThreeWays:
      return {kByCalling, kByMcp, kByA2a};
    case TraceScene::TwoEras:
      return {kHandshakeEra, kStatelessEra, kOldAgent, kNewAgent};
    case TraceScene::WrongMessages:
      return {kByMcp, kByA2a};
    case TraceScene::TaskStates:
      return {kByA2a};
    case TraceScene::KilledTool:
      break;
  }
  return {kHandshakeEra, kStatelessEra};
}

bool TraceState::isOver() const {
  return std::ranges::all_of(traces, [](const WireTrace& trace) { return trace.is_over; });
}

const WireTrace* TraceState::find(std::string_view id) const {
  const auto found = std::ranges::find(traces, id, &WireTrace::id);
  return found == traces.end() ? nullptr : &*found;
}

VerdictData traceVerdict(const std::string& preset, const TraceState& s) {
  Arguments numbers;
  std::int64_t messages = 0, wrong = 0, refused = 0, as_specified = 0;
  for (const WireTrace& trace : s.traces) {
    std::string name = trace.id;
    std::ranges::replace_if(
        name, [](char c) { return c == '-' || c == '.'; }, '_');
    messages += trace.count();
    wrong += std::ssize(trace.wrong);
    refused += std::ranges::count_if(trace.wrong, &WrongMessage::hasCode);
    as_specified += std::ranges::count_if(trace.wrong, &WrongMessage::isAsExpected);
    numbers.emplace_back(name + "_messages", trace.count());
    numbers.emplace_back(name + "_bytes", trace.bytes());
    numbers.emplace_back(name + "_after", trace.after_the_end);
    numbers.emplace_back(name + "_states", trace.distinctStates());
    numbers.emplace_back(name + "_completed", trace.visits("completed"));
    numbers.emplace_back(name + "_application", trace.executedBy(Party::Application));
    numbers.emplace_back(name + "_server", trace.executedBy(Party::Server));
    numbers.emplace_back(name + "_model", trace.executedBy(Party::Model));
  }
  numbers.emplace_back("messages", messages);
  numbers.emplace_back("wrong", wrong);
  numbers.emplace_back("codes", refused);
  numbers.emplace_back("as_specified", as_specified);
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& protocolTrace() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kTraceScene, kTraceSteps,    kMcpRevision, kA2aRevision,
                       kResend,     kResentMessage, kTraceEdit};
    made.records = records;
    made.validate = [](const Parameters& p) { return problemWithEdit(p[kTraceEdit].text); };
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"same-digest"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = lengthOf(TraceScene::ThreeWays);
    made.sources = {
        "lessons/protocols/protocol_trace.cpp",   "lessons/protocols/mcp_conversation.cpp",
        "lessons/protocols/a2a_conversation.cpp", "lessons/protocols/conversation.cpp",
        "lessons/protocols/stand_in_model.cpp",   "protocol/mcp_client.cpp"};
    made.make = makeProtocolTrace;
    return made;
  }();
  return spec;
}

}  // namespace viva
