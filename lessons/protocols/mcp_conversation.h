// SPDX-License-Identifier: GPL-3.0-or-later
// A task by the Model Context Protocol: the application asks a process `viva mcp`, line by line.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "lessons/protocols/conversation.h"

namespace viva {

/// A message that is changed and sent again at the end.
struct Resent {
  std::string method;  ///< of the message; empty: the last one
  std::string edit;    ///< message_edit.h
};

/// The last message of that method that the application sent to the server. Throws RunError, which
/// names those that were.
const WireMessage& sentMessage(const WireTrace& trace, const std::string& method);

/// `id` is the one in records; `revision` `2025-11-25` or `2026-07-28`.
std::unique_ptr<Conversation> conversationByMcp(const std::string& id, const std::string& revision,
                                                const TraceTask& task,
                                                const std::optional<Resent>& resent,
                                                const std::stop_token& stop);
/// Wrong messages, one after the other, and then the right call.
std::unique_ptr<Conversation> wrongMessagesByMcp(const std::string& id, const std::string& revision,
                                                 const TraceTask& task,
                                                 const std::stop_token& stop);
/// The server is killed in the midst of the call; the application tells the model, starts another
/// server, and calls again.
std::unique_ptr<Conversation> killedServerByMcp(const std::string& id, const std::string& revision,
                                                const TraceTask& task, const std::stop_token& stop);

}  // namespace viva
