// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can ask an assistant to do with Viva, from a menu.
#pragma once

#include <vector>

#include "lessons/core/words.h"
#include "protocol/mcp_offer.h"

namespace viva {

/// `quiz_me_on` a lesson, `explain_this_run`. `words` must outlive them.
std::vector<McpPrompt> agentPrompts(const Words& words);

}  // namespace viva
