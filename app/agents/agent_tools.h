// SPDX-License-Identifier: GPL-3.0-or-later
// What Viva can do for an assistant. Each tool uses what the command line and the window use.
#pragma once

#include <vector>

#include "app/agents/agent_run.h"
#include "lessons/core/catalog.h"
#include "lessons/core/words.h"
#include "protocol/mcp_offer.h"

namespace viva {

/// `list_lessons`, `describe_experiment`, `run_experiment`, `compare_runs` and, where there are
/// texts, `search`. Loads the experiments when a tool needs them. What a caller did wrong is an
/// answer in one sentence. `words` must outlive the tools.
std::vector<McpTool> agentTools(const AgentRules& rules, const Words& words);

/// One sentence about arguments that do not fit a tool's schema.
std::string explained(const SchemaProblem& problem, const Words& words);

/// `viva://lessons/gpt/cards`
std::string lessonUri(const std::string& lesson, const std::string& kind);

}  // namespace viva
