// SPDX-License-Identifier: GPL-3.0-or-later
// Viva as an agent of the Agent2Agent protocol: one skill, "run this experiment and explain the
// result".
#pragma once

#include "app/agents/agent_run.h"
#include "lessons/core/words.h"
#include "protocol/a2a_agent.h"

namespace viva {

/// `words` must outlive it. Its work is to be done on the main thread, which draws.
A2aOffer experimentAgent(const AgentRules& rules, const Words& words);

/// What a text asks for, in the form of the arguments of `run_experiment`: an experiment, one of
/// its presets, `seed 3`, `steps 100`, `name=value`. What the text does not say is missing.
nlohmann::json askedIn(const std::string& text, const Catalog& catalog);

/// What a run was and what came out of it, in sentences.
std::string explanationOf(const AgentRun& run, const Catalog& catalog, const Words& words);

}  // namespace viva
