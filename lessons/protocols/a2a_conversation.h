// SPDX-License-Identifier: GPL-3.0-or-later
// A task by the Agent2Agent protocol: the application finds an agent, `viva a2a`, by its card, and
// says in words what it wants; what the agent does for it, it does not see.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "lessons/protocols/conversation.h"
#include "lessons/protocols/mcp_conversation.h"

namespace viva {

/// `version` is `0.3` or `1.0`.
std::unique_ptr<Conversation> conversationByA2a(const std::string& id, const std::string& version,
                                                const TraceTask& task,
                                                const std::optional<Resent>& resent,
                                                const std::stop_token& stop);
std::unique_ptr<Conversation> wrongMessagesByA2a(const std::string& id, const std::string& version,
                                                 const TraceTask& task,
                                                 const std::stop_token& stop);
/// Tasks that end in each way that a task can end.
std::unique_ptr<Conversation> taskStatesByA2a(const std::string& id, const std::string& version,
                                              const TraceTask& task, const std::stop_token& stop);

}  // namespace viva
