// SPDX-License-Identifier: GPL-3.0-or-later
// The loop: perceive, plan, act, until the report. With the faults that may strike it and the
// guards that may hold.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lessons/tool_use/agent_loop_kinds.h"
#include "lessons/tool_use/agent_mind.h"
#include "lessons/tool_use/agent_tasks.h"
#include "lessons/tool_use/agent_tools.h"

namespace viva {

/// Calls after which the money is spent; calls of a tool again and again that the limit allows;
/// attempts at a call that a retry or a validation makes.
inline constexpr std::int64_t kCallBudget = 24, kMostRepeats = 3, kMostAttempts = 3;

struct AgentSetting {
  bool has_planner = true;
  AgentMemoryKind memory = AgentMemoryKind::Vectors;
  AgentGuard guard = AgentGuard::None;
  AgentFault fault = AgentFault::None;
  /// What the tool is made to have answered at a call, from 0: a fork of the run.
  struct Edit {
    std::int64_t call = 0;
    AgentText answer;
  };
  std::optional<Edit> edit{};

  bool holds(AgentGuard which) const { return guard == which || guard == AgentGuard::All; }
};

/// What happened, in order.
struct AgentEvent {
  enum class Kind { Plan, Decide, Call, Answer, Refused, TimedOut, Stopped, Report };
  Kind kind = Kind::Decide;
  AgentTool tool = AgentTool::Finish;
  std::string said;            ///< a plan, a call, an answer in words
  std::string payload;         ///< the call as JSON, the context that was read
  std::int64_t decision = -1;  ///< of which it is a consequence
};
/// What the mind was asked and said.
struct AgentStance {
  AgentText context;
  AgentDecision decision;
  AgentCall call;
};

struct AgentEpisode {
  bool is_solved = false;   ///< the right report, and all mails that were asked for and no other
  bool has_leaked = false;  ///< something went to the attacker
  bool was_struck = false;  ///< the fault had something to strike at
  std::int64_t calls = 0, decisions = 0;
  std::optional<AgentValue> report{};
  std::vector<AgentText> answers{};  ///< of each call that gave one
  std::vector<AgentEvent> events{};
  std::vector<AgentStance> stances{};
};

/// The document that a question finds with this kind of memory; empty for none.
using AgentSearch = std::function<AgentText(const std::string& query, AgentMemoryKind memory)>;

AgentEpisode runAgent(const AgentTask& task, const AgentSetting& setting, const AgentMind& mind,
                      const AgentSearch& search);

/// The first call, from 0, that differs in what was asked or answered; -1 where none does.
std::int64_t firstDifference(const AgentEpisode& a, const AgentEpisode& b);

}  // namespace viva
