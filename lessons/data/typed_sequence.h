// SPDX-License-Identifier: GPL-3.0-or-later
// A sequence that somebody typed, as a task's net reads it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "lessons/core/message.h"
#include "lessons/data/sequence_tasks.h"

namespace viva {

/// One sequence with a name for each of its steps.
struct NamedSequence {
  SequenceBatch batch;               ///< of one sequence
  std::vector<std::string> symbols;  ///< what is read at each step, as people write it
};

/// Reads what was typed for the task of `source`:
/// - Adding: numbers from 0 to 1 separated by spaces, a star behind the marked ones: `0.3 0.8*
/// 0.1*`
/// - Copy: symbols `a` to `h`, blanks `_` and the delimiter `>`; without a delimiter, the source's
///   blanks, the delimiter and blanks to answer in are added
/// - Brackets, Text: the characters that the task knows
/// - Timing: `|` for a spike and `.` for none, or one number: how far two spikes lie apart
///
/// A message says what cannot be read and what can: unknown characters by name, a number out of
/// range, more than kLongestTyped steps, nothing at all.
std::variant<NamedSequence, Message> readTyped(const SequenceSource& source,
                                               const std::string& typed);

/// A sequence of `source` drawn at random, with the names of its steps.
NamedSequence drawNamed(const SequenceSource& source, at::Generator generator);

}  // namespace viva
