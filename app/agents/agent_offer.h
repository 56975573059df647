// SPDX-License-Identifier: GPL-3.0-or-later
// Viva as a server of the Model Context Protocol: everything that it offers.
#pragma once

#include "app/agents/agent_run.h"
#include "lessons/core/words.h"
#include "protocol/mcp_offer.h"

namespace viva {

/// `words` must outlive it.
McpOffer agentOffer(const AgentRules& rules, const Words& words);

}  // namespace viva
