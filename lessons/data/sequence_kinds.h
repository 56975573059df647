// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks of sequence_tasks.h by name, for whoever needs no tensor.
#pragma once

#include <cstdint>

namespace viva {

enum class SequenceTask {
  /// Numbers from [0, 1], two of them marked; at the end, their sum (Hochreiter & Schmidhuber
  /// 1997). One mark lies in the first half, one in the second.
  Adding,
  /// Ten symbols of eight, `length` blanks with a delimiter as the last, then the ten again
  /// (as in arXiv 1511.06464). `length` + 20 steps.
  Copy,
  /// Letters and brackets of two kinds, nested up to kDeepest: after each symbol, which bracket
  /// would have to close next.
  Brackets,
  /// The next character of a text, which is read in a circle.
  Text,
  /// A spike at the start and another `length` - 1 or `length` steps later: which of the two, from
  /// the second to the end (after Gers, Schraudolph & Schmidhuber 2002). `length` + kTimingSlack
  /// steps.
  Timing,
};

inline constexpr std::int64_t kLongestTyped = 500;  ///< steps of a sequence that somebody typed

}  // namespace viva
