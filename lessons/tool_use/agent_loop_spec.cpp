// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/tool_use/agent_loop.h"
#include "lessons/tool_use/lessons.h"

namespace viva {
namespace {

const std::string kId = "agent-loop";
const std::string kProgram = "resources/lessons/agents/agent_loop.py";
constexpr std::int64_t kLength = 600;  ///< 400 updates and 200 tasks

const AgentTally& tallyOf(const AgentLoopState& s, std::string_view id) { return *s.find(id); }

/// Only where tasks have been tried.
std::optional<bool> solvesTasks(const AgentLoopState& s) {
  if (s.tasks == 0) return std::nullopt;
  return s.own().success() >= 0.9;
}

std::optional<bool> needsItsMemory(const AgentLoopState& s) {
  if (s.tasks == 0) return std::nullopt;
  const double vectors = tallyOf(s, "vectors").success(), words = tallyOf(s, "words").success(),
               window = tallyOf(s, "window").success(), none = tallyOf(s, "none").success();
  return vectors >= 0.9 && vectors > words + 0.1 && words > none && window > none;
}

/// For each fault its own guard, alone, is the best of the four.
std::optional<bool> hasAGuardEach(const AgentLoopState& s) {
  if (s.tasks == 0) return std::nullopt;
  const auto rate = [&](AgentFault fault, AgentGuard guard) {
    return tallyOf(s, faultId(fault, guard)).successWhenStruck();
  };
  constexpr std::pair<AgentFault, AgentGuard> kOwnGuard[]{
      {AgentFault::BadSchema, AgentGuard::Validation}, {AgentFault::TimeOut, AgentGuard::Retry},
      {AgentFault::WrongUnit, AgentGuard::Validation}, {AgentFault::Empty, AgentGuard::Retry},
      {AgentFault::Injected, AgentGuard::Marking},     {AgentFault::Loop, AgentGuard::Limit}};
  for (const auto& [fault, own] : kOwnGuard) {
    const double best = rate(fault, own);
    if (best < rate(fault, AgentGuard::None) + 0.2) return false;
    for (const auto other :
         {AgentGuard::Validation, AgentGuard::Retry, AgentGuard::Limit, AgentGuard::Marking})
      if (rate(fault, other) > best) return false;
  }
  return true;
}

std::optional<bool> isInjected(const AgentLoopState& s) {
  if (s.tasks == 0) return std::nullopt;
  const AgentTally &unmarked = tallyOf(s, "unmarked"), &marked = tallyOf(s, "marked");
  return unmarked.leaks() >= 0.1 && marked.leaks() <= 0.01 &&
         marked.success() >= unmarked.success() + 0.1;
}

std::optional<bool> forksAtTheEdit(const AgentLoopState& s) {
  if (s.forks == 0) return std::nullopt;
  return s.same_before == s.forks && AgentTally::share(s.other_reports, s.forks) >= 0.9;
}

std::function<bool(const AgentLoopState&)> hasAgent(const std::string& id) {
  return [id](const AgentLoopState& s) { return s.find(id) != nullptr; };
}

const Claims<AgentLoopState> kClaims{
    {"perceive-plan-act", kLength, solvesTasks},
    {"memory-decides", kLength, needsItsMemory, When::From, nullptr, hasAgent("window")},
    {"each-fault-and-its-guard", kLength, hasAGuardEach, When::From, nullptr,
     hasAgent("fault/loop/all")},
    {"prompt-injection", kLength, isInjected, When::From, nullptr, hasAgent("unmarked")},
    {"fork-the-run", kLength, forksAtTheEdit},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records{
      {"loss", "unit.nats"},        {"right_calls", ""}, {"right_wholes", ""}, {"right_plans", ""},
      {"memory_loss", "unit.nats"}, {"success", ""},     {"tool_calls", ""}};
  const AgentRival compare = p[kAgentCompare];
  for (const std::string& id : agentIdsOf(p)) {
    if (id.empty()) continue;
    if (compare == AgentRival::Faults) {
      records.push_back({id, ""});
      continue;
    }
    records.push_back({id + "/success", ""});
    records.push_back({id + "/tool_calls", ""});
    if (compare == AgentRival::Injection) records.push_back({id + "/leaks", ""});
  }
  if (compare == AgentRival::Fork)
    for (const char* name : {"same_before", "other_report"}) records.push_back({name, ""});
  return records;
}

std::vector<ViewSpec> views() {
  return {
      sequence("trace").picking("message").large(),
      sequence("branch").large(),
      bars("actions").yAxis("axis.action_probability"),
      tokens("reading"),
      matrix("matrix").xAxis("axis.guard").yAxis("axis.fault").large(),
      bars("rates").yAxis("axis.share_of_tasks"),
      plane("memory").equalScale(),
      table("notes"),
      table("difference"),
      series("solved", {"success"}).yAxis("axis.share_of_tasks"),
      series("successes", {"*/success"}).yAxis("axis.share_of_tasks"),
      series("leaks", {"*/leaks"}).yAxis("axis.share_of_tasks"),
      series("learning", {"right_calls", "right_wholes", "right_plans"})
          .yAxis("axis.share_of_examples")
          .small(),
      series("loss", {"loss", "memory_loss"}).yAxis("axis.mind_loss", "unit.nats").small(),
      table("standings"),
      verdict("verdict"),
  };
}

Preset comparing(const std::string& name, const std::string& compared) {
  return preset(name).with({{"compare", compared}}).lasting(kLength).heavy();
}

std::vector<Preset> presets() {
  return {
      comparing("perceive-plan-act", "none").showing("trace", {"actions", "reading"}),
      comparing("memory-decides", "memory").showing("rates", {"memory", "notes"}),
      comparing("each-fault-and-its-guard", "faults").showing("matrix", {"trace", "branch"}),
      preset("prompt-injection")
          .with({{"compare", "injection"}, {"faults", "injected-instruction"}})
          .lasting(kLength)
          .heavy()
          .showing("leaks", {"trace", "branch"}),
      comparing("fork-the-run", "fork").showing("branch", {"trace", "difference"}),
  };
}

}  // namespace

const AgentTally* AgentLoopState::find(std::string_view id) const {
  const auto found = std::ranges::find_if(tallies, [&](const auto& some) { return some.id == id; });
  return found == tallies.end() ? nullptr : &*found;
}

std::string faultId(AgentFault fault, AgentGuard guard) {
  return "fault/" + kAgentFaults.nameOf(fault) + "/" + kAgentGuards.nameOf(guard);
}

std::vector<std::string> agentIdsOf(const Parameters& p) {
  std::vector<std::string> ids;
  switch (p[kAgentCompare]) {
    case AgentRival::None:
    case AgentRival::Fork:
      return {""};
    case AgentRival::Planner:
      return {"planned", "unplanned"};
    case AgentRival::Memory:
      return kAgentMemory.choices;
    case AgentRival::Faults:
      for (const auto fault : kAgentFaults.meanings)
        for (const auto guard : kAgentGuards.meanings) ids.push_back(faultId(fault, guard));
      return ids;
    case AgentRival::Injection:
      return {"unmarked", "marked"};
  }
  return ids;
}

VerdictData agentVerdict(const std::string& preset, const AgentLoopState& s) {
  const AgentTally& own = s.own();
  Arguments numbers{{"loss", withDecimals(s.loss, 3)},
                    {"tasks", s.tasks},
                    {"calls_right", percent(s.right_calls)},
                    {"wholes_right", percent(s.right_wholes)},
                    {"plans_right", percent(s.right_plans)},
                    {"success", percent(own.success())},
                    {"tool_calls", withDecimals(own.callsEach(), 2)},
                    {"forks", s.forks},
                    {"same_before", s.same_before},
                    {"other_reports", s.other_reports}};
  for (const AgentTally& tally : s.tallies) {
    std::string name = tally.id;
    std::ranges::replace(name, '-', '_');
    std::ranges::replace(name, '/', '_');
    numbers.emplace_back(name + "_success", percent(tally.success()));
    numbers.emplace_back(name + "_struck", percent(tally.successWhenStruck()));
    numbers.emplace_back(name + "_leaks", percent(tally.leaks()));
  }
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& agentLoop() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kAgentTask,    kAgentPlanner, kAgentMemory, kAgentGuards,  kAgentFaults,
                       kAgentCompare, kAgentEditAt,  kAgentEdit,   kAgentUpdates, kAgentWidth,
                       kAgentBatch,   kAgentRate,    kAgentMessage};
    made.records = records;
    made.validate = problemWithAgent;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"probabilities", "cosines", "tools"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.phase = [](const Parameters& p) -> std::optional<Phase> {
      return Phase{"tool-calls/2", p[kAgentUpdates], {"updates", "width", "batch_size", "lr"}};
    };
    made.default_steps = kLength;
    made.sources = {"lessons/tool_use/agent_loop.cpp", "lessons/tool_use/agent_episode.cpp",
                    "lessons/tool_use/agent_mind.cpp", "lessons/tool_use/agent_memory.cpp",
                    "lessons/tool_use/agent_tools.cpp"};
    made.equivalent = kProgram;
    made.make = makeAgentLoop;
    return made;
  }();
  return spec;
}

}  // namespace viva
