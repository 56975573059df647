// SPDX-License-Identifier: GPL-3.0-or-later
// What the agent can be set to, for whoever needs no tensor.
#pragma once

namespace viva {

/// How the tool `documents` finds a note.
enum class AgentMemoryKind {
  Vectors,  ///< the nearest by learned vectors
  Words,    ///< the one with most words in common
  Window,   ///< the nearest of the last six, the others having been forgotten
  None      ///< there is no note
};
enum class AgentGuard { None, Validation, Retry, Limit, Marking, All };
enum class AgentFault { None, BadSchema, TimeOut, WrongUnit, Empty, Injected, Loop };

}  // namespace viva
