// SPDX-License-Identifier: GPL-3.0-or-later
// summary.json: what a run was and what came out of it. The schema is docs/formats.md.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/export/run_results.h"
#include "lessons/core/words.h"

namespace viva {

/// Raised when a reader of the present schema would misread the file.
inline constexpr int kSummaryVersion = 2;

/// A number, or `nan`, `inf`, `-inf` as a string; null for a value that is absent.
nlohmann::ordered_json jsonNumber(double number);
/// A parameter's value as the run file writes it.
nlohmann::ordered_json jsonOf(const Value& value);

/// `file_names`: what is written beside it.
std::string summaryJson(const RunResults& results, const std::vector<std::string>& file_names,
                        const Words& words);

}  // namespace viva
