// SPDX-License-Identifier: GPL-3.0-or-later
// One point of a sweep: its run, and the file in which its result is kept.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "app/sweep/sweep.h"
#include "lessons/core/words.h"

namespace viva {

/// What is kept of a record: enough for any metric that may be asked for later.
struct RecordStatistics {
  double last = absentValue();     ///< absent: the record never had a value
  double minimum = absentValue();  ///< of its values that are numbers; infinities count
  double maximum = absentValue();
  double mean = absentValue();  ///< of all its values; not finite if one of them is not
};
RecordStatistics statisticsOf(const Records& records, std::size_t column);

struct PointResult {
  RunFile run;
  RunStatus status = RunStatus::Completed;
  std::optional<std::int64_t> diverged_at;
  std::map<std::string, std::int64_t> non_finite;  ///< record -> first step
  std::map<std::string, RecordStatistics> records;
  std::optional<Message> message;  ///< why it failed; a sentence when read from a file
};

/// Runs it from the first step to the last. Unset when `interrupted` answered true before that. A
/// point that cannot even be made has status Failed.
std::optional<PointResult> computePoint(const Sweep& sweep, std::size_t point, Runtime& runtime,
                                        const std::function<bool()>& interrupted);

/// A run file, which replays, with the result under `sweep_point`.
std::string toJson(const PointResult& result, const Words& words);
/// Throws FileError for what is damaged, as runFileFromJson does.
PointResult pointFromJson(std::string_view json, const Catalog& catalog);

}  // namespace viva
