// SPDX-License-Identifier: GPL-3.0-or-later
// The same results by another way: LibTorch where it has them, else a second writing by the
// definition.
#pragma once

#include <string>
#include <vector>

#include "lessons/programs/program_list.h"

namespace viva::programs {

/// What a program should answer.
struct ReferenceResult {
  std::vector<double> numbers{};  ///< of its results in the order of Watch::result, row by row
  std::vector<std::string> texts{};
  double tolerance = 1e-9;  ///< a difference above it is one
};

/// `kind` decides how; `given.mistake` is not looked at.
ReferenceResult referenceFor(ProgramKind kind, const Given& given);

/// The largest distance of the results among `variables` from the reference: relative where the
/// reference is above 1; infinite where one of the two is not finite and the other is; at least 1
/// for a number that is missing or too many, and for each text that differs.
double differenceFrom(const ReferenceResult& reference, const std::vector<Held>& variables);

/// A mistake on the smallest input that shows it.
struct MistakeShown {
  Mistake mistake = Mistake::None;
  std::string input;
  std::vector<Held> right, wrong;  ///< the variables at the end without and with it
  double difference = 0;
  bool is_caught = false;  ///< the difference is above the tolerance
};
std::vector<MistakeShown> shownMistakes(ProgramKind kind, std::uint64_t seed);

}  // namespace viva::programs
