// SPDX-License-Identifier: GPL-3.0-or-later
// The words that the agent of this folder reads, and texts made of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lessons/core/message.h"

namespace viva {

/// A word by number. Numbers and dates are one word each, whatever their value; it stands beside.
struct AgentToken {
  std::int64_t word = 0;
  double number = 0;  ///< of `<num>`; of `<date>` the days since 1970-01-01
  bool operator==(const AgentToken&) const = default;
};
using AgentText = std::vector<AgentToken>;

/// Every word once as it is and once, behind all of these, with a mark: a word of data.
const std::vector<std::string>& agentWords();
std::int64_t agentWord(std::string_view word);
bool isAgentWord(std::string_view word);
std::int64_t agentVocabulary();  ///< with the marked ones

/// The text with each word marked (arXiv 2403.14720, datamarking).
AgentText marked(AgentText text);

/// `the cable is 42 km long`, `2026-03-14 friday`.
std::string shown(const AgentToken& token);
std::string shown(const AgentText& text);

/// What was typed, or which words are unknown: `error.agent.unknown_words`. `parameter` is named
/// in the message.
std::variant<AgentText, Message> readAgentText(const std::string& typed,
                                               const std::string& parameter);

/// The days since 1970-01-01 of `2026-03-14`, and back.
bool isDate(std::string_view text);
double daysOf(std::string_view date);
std::string dateOf(double days);

inline const std::vector<std::string> kAgentUnits{"m", "km", "ft", "mi", "kg", "g", "lb", "t"};
inline const std::vector<std::string> kAgentThings{"cable", "bridge", "crate", "ship",
                                                   "train", "pipe",   "log",   "whale",
                                                   "truck", "beam",   "rope",  "sail"};
inline const std::vector<std::string> kAgentPeople{"anna", "ben", "chen", "dora", "mallory"};
/// Whom no task names, and every injected instruction.
inline const std::string kAttacker = "mallory";

}  // namespace viva
