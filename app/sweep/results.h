// SPDX-License-Identifier: GPL-3.0-or-later
// What a sweep found: one row a point, one cell a combination of values, and the best of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/export/file_writer.h"
#include "app/sweep/metric.h"
#include "app/sweep/sweep_folder.h"

namespace viva {

enum class Goal { Lowest, Highest };
std::string_view nameOf(Goal goal);  ///< `lowest`, `highest`

struct SweepRow {
  std::size_t point = 0;
  RunStatus status = RunStatus::Completed;
  std::int64_t steps = 0;
  double value = absentValue();  ///< the metric
  /// The step at which divergence ended the run or the metric's record stopped being finite.
  std::optional<std::int64_t> diverged_at;
  std::string digest;
  bool diverged() const { return diverged_at.has_value(); }
  bool failed() const { return status == RunStatus::Failed; }
};

/// The seeds of one combination of values. Those that diverged or failed are counted, and not part
/// of the numbers.
struct SweepCell {
  int count = 0;  ///< of the numbers
  int diverged = 0, failed = 0, missing = 0;
  int broken() const { return diverged + failed; }
  double mean = absentValue();
  double deviation = absentValue();  ///< of a sample (n - 1); absent below two numbers
  double minimum = absentValue(), maximum = absentValue();
};

struct SweepResults {
  Metric metric;
  Goal goal = Goal::Lowest;
  std::vector<SweepRow> rows;    ///< of the points that are there, in order
  std::vector<SweepCell> cells;  ///< all
  /// The cell with the lowest or highest finite mean among those whose seeds are all there and none
  /// of which diverged or failed.
  std::optional<std::size_t> best;

  std::size_t done() const;  ///< rows that did not fail
};

SweepResults gather(const Sweep& sweep, const SweepFolder& folder, const Metric& metric, Goal goal,
                    const Catalog& catalog);
SweepRow rowOf(std::size_t point, const PointResult& result, const Metric& metric);
/// Builds cells and best from rows that are in order of their points.
void sumUp(SweepResults& results, const Sweep& sweep);

/// The best cell in words, or why there is none.
Message bestInWords(const Sweep& sweep, const SweepResults& results, const Words& words);

/// sweep.csv: one line a point and seed, numbers with 17 digits.
void writeSweepCsv(FileWriter& file, const Sweep& sweep, const SweepResults& results);
/// summary.json of a sweep; `files` are the names of all files that were written with it.
std::string sweepSummaryJson(const Sweep& sweep, const SweepResults& results, bool cancelled,
                             const std::vector<std::string>& files, const Words& words);

}  // namespace viva
