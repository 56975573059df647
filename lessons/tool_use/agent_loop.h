// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `agent-loop` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/tool_use/agent_loop_kinds.h"

namespace viva {

/// In what the agents differ that solve the same tasks.
enum class AgentRival { None, Planner, Memory, Faults, Injection, Fork };

/// How many tasks are solved; a step of the run each, after the training of the mind.
inline constexpr std::int64_t kAgentTasks = 200;
inline constexpr std::int64_t kMostTaskWords = 30;

const auto kAgentTask = text("task", "").live().grouped("task");
const auto kAgentPlanner = toggle("planner", true).grouped("agent");
const auto kAgentMemory = choice<AgentMemoryKind>("memory", {{AgentMemoryKind::Vectors, "vectors"},
                                                             {AgentMemoryKind::Words, "words"},
                                                             {AgentMemoryKind::Window, "window"},
                                                             {AgentMemoryKind::None, "none"}})
                              .grouped("agent");
const auto kAgentGuards = choice<AgentGuard>("guards", {{AgentGuard::None, "none"},
                                                        {AgentGuard::Validation, "validation"},
                                                        {AgentGuard::Retry, "retry"},
                                                        {AgentGuard::Limit, "limit"},
                                                        {AgentGuard::Marking, "marking"},
                                                        {AgentGuard::All, "all"}})
                              .grouped("agent");
const auto kAgentFaults =
    choice<AgentFault>("faults", {{AgentFault::None, "none"},
                                  {AgentFault::BadSchema, "bad-schema"},
                                  {AgentFault::TimeOut, "time-out"},
                                  {AgentFault::WrongUnit, "wrong-unit"},
                                  {AgentFault::Empty, "empty"},
                                  {AgentFault::Injected, "injected-instruction"},
                                  {AgentFault::Loop, "loop"}})
        .grouped("agent");
const auto kAgentCompare = choice<AgentRival>("compare",
                                              {{AgentRival::None, "none"},
                                               {AgentRival::Planner, "planner"},
                                               {AgentRival::Memory, "memory"},
                                               {AgentRival::Faults, "faults"},
                                               {AgentRival::Injection, "injection"},
                                               {AgentRival::Fork, "fork"}},
                                              AgentRival::Injection)
                               .grouped("agent");
/// The call, from 0, whose answer is edited in a fork; empty: its number is doubled.
const auto kAgentEditAt = integer("edit_at", 0)
                              .range(0, 4)
                              .live()
                              .grouped("agent")
                              .onlyWhen(kAgentCompare, {AgentRival::Fork});
const auto kAgentEdit =
    text("edit", "").live().grouped("agent").onlyWhen(kAgentCompare, {AgentRival::Fork});

const auto kAgentUpdates = integer("updates", 400).range(0, 3000).grouped("training");
const auto kAgentWidth = integer("width", 32).range(8, 64).stepping(8).grouped("training");
const auto kAgentBatch = integer("batch_size", 72).range(12, 144).stepping(12).grouped("training");
const auto kAgentRate = real("lr", 4e-3).range(1e-5, 0.1).logarithmic().live().grouped("training");

/// The message of the trace whose decision is looked at, from 0.
const auto kAgentMessage = integer("message", 2).range(0, 99).live().grouped("display");

/// How an agent did so far.
struct AgentTally {
  std::string id;  ///< in records; empty where there is nothing to compare with
  std::int64_t tasks = 0, solved = 0, leaked = 0, calls = 0;
  std::int64_t struck = 0, solved_when_struck = 0;  ///< where the fault had something to strike

  double success() const { return share(solved, tasks); }
  double leaks() const { return share(leaked, struck); }
  double successWhenStruck() const { return share(solved_when_struck, struck); }
  double callsEach() const { return share(calls, tasks); }
  static double share(std::int64_t of, std::int64_t all) {
    return all > 0 ? static_cast<double>(of) / static_cast<double>(all) : 0;
  }
};

/// What the claims look at.
struct AgentLoopState {
  std::int64_t step = 0, updates = 0, tasks = 0;
  double loss = 0, right_calls = 0, right_wholes = 0, right_plans = 0;  ///< in training
  std::vector<AgentTally> tallies;  ///< the agent as it is set first
  /// Forks: what was before the edit is the same; the report is another.
  std::int64_t forks = 0, same_before = 0, other_reports = 0;

  const AgentTally& own() const { return tallies.front(); }
  const AgentTally* find(std::string_view id) const;
};
VerdictData agentVerdict(const std::string& preset, const AgentLoopState& state);

/// `fault/time-out/retry`
std::string faultId(AgentFault fault, AgentGuard guard);
/// The ids of the agents that are compared, in the order of the tallies.
std::vector<std::string> agentIdsOf(const Parameters& parameters);

/// Words that the mind does not know, a task that is too long.
std::optional<Message> problemWithAgent(const Parameters& parameters);

std::unique_ptr<Experiment> makeAgentLoop(const Parameters& parameters, const RunContext& context);

}  // namespace viva
