// SPDX-License-Identifier: GPL-3.0-or-later
// What `agent-loop` shows, and how it is held against other ways to compute it.
#pragma once

#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/core/frame.h"
#include "lessons/tool_use/agent_episode.h"
#include "lessons/tool_use/agent_loop.h"
#include "lessons/tool_use/agent_memory.h"

namespace viva {

/// Who said what to whom: the person, the loop, the mind, and the tools that were called. The loop
/// executes; the mind only writes.
void showAgentTrace(Frame& frame, const std::string& view, const AgentTask& task,
                    const AgentEpisode& episode);
/// Call by call, what both asked and got; the first difference is marked.
void showDifference(Frame& frame, const AgentEpisode& episode, const AgentEpisode& branch);
/// `actions` and `reading`: what the mind said at the decision behind `message` of the trace.
void showDecision(Frame& frame, const AgentEpisode& episode, std::int64_t message);
/// `memory` and `notes`: all notes and the question that the trace asked.
void showMemory(Frame& frame, const AgentMemory& memory, const std::vector<AgentNote>& notes,
                const AgentEpisode& episode);
/// `matrix`, `rates` and `standings`.
void showAgentRates(Frame& frame, const AgentLoopState& state, AgentRival compare);

void checkAgent(const AgentMind& mind, const AgentMemory& memory,
                const std::vector<AgentNote>& notes, const std::vector<AgentTask>& tasks,
                CheckSink& sink);

}  // namespace viva
