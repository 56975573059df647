// SPDX-License-Identifier: GPL-3.0-or-later
// summary.json: what a run was and what came out of it. The schema is docs/formats.md.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lessons/core/run_file.h"
#include "lessons/core/words.h"

namespace viva {

/// Raised when a reader of the present schema would misread the file.
inline constexpr int kSummaryVersion = 1;

/// A number, or `nan`, `inf`, `-inf` as a string; null for a value that is absent.
nlohmann::ordered_json jsonNumber(double number);
/// A parameter's value as the run file writes it.
nlohmann::ordered_json jsonOf(const Value& value);

/// Everything that the summary tells besides the run itself.
struct SummaryFacts {
  RunFile file;                         ///< of the same run
  std::shared_ptr<const Frame> frame;   ///< with the verdicts; may be null
  double seconds = 0;                   ///< spent stepping
  std::vector<std::string> file_names;  ///< what is written beside it
};

std::string summaryJson(const Run& run, const SummaryFacts& facts, const Words& words);

}  // namespace viva
