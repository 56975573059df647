// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep/results.h"

#include <algorithm>
#include <cmath>

#include "app/sweep/cell_words.h"

namespace viva {

std::string_view nameOf(Goal goal) { return goal == Goal::Lowest ? "lowest" : "highest"; }

std::size_t SweepResults::done() const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const SweepRow& row) { return !row.failed(); }));
}

SweepRow rowOf(std::size_t point, const PointResult& result, const Metric& metric) {
  SweepRow row{point, result.status, result.run.steps, metric.of(result), {}, result.run.digest};
  // Other records may break off without harm: one optimizer of a race, say.
  const auto broken = result.non_finite.find(metric.record);
  if (broken != result.non_finite.end())
    row.diverged_at = broken->second;
  else if (result.status == RunStatus::Diverged)
    row.diverged_at = result.diverged_at.value_or(result.run.steps);
  return row;
}

void sumUp(SweepResults& results, const Sweep& sweep) {
  results.cells.assign(sweep.cells(), {});
  results.best.reset();
  for (SweepCell& cell : results.cells) cell.missing = sweep.repeat;
  for (const SweepRow& row : results.rows) {
    SweepCell& cell = results.cells[sweep.cellOf(row.point)];
    --cell.missing;
    if (row.failed()) {
      ++cell.failed;
    } else if (row.diverged()) {
      ++cell.diverged;
    } else if (!isAbsent(row.value)) {
      cell.mean = cell.count == 0 ? row.value : cell.mean + row.value;
      cell.minimum = cell.count == 0 ? row.value : std::min(cell.minimum, row.value);
      cell.maximum = cell.count == 0 ? row.value : std::max(cell.maximum, row.value);
      ++cell.count;
    }
  }
  for (SweepCell& cell : results.cells)
    if (cell.count > 0) cell.mean /= cell.count;
  std::vector<double> squares(results.cells.size(), 0);
  for (const SweepRow& row : results.rows) {
    const double mean = results.cells[sweep.cellOf(row.point)].mean;
    if (!row.failed() && !row.diverged() && !isAbsent(row.value))
      squares[sweep.cellOf(row.point)] += (row.value - mean) * (row.value - mean);
  }
  for (std::size_t i = 0; i < results.cells.size(); ++i) {
    SweepCell& cell = results.cells[i];
    if (cell.count > 1) cell.deviation = std::sqrt(squares[i] / (cell.count - 1));
    if (cell.count != sweep.repeat || !std::isfinite(cell.mean)) continue;
    const double best = results.best ? results.cells[*results.best].mean : 0;
    if (!results.best || (results.goal == Goal::Lowest ? cell.mean < best : cell.mean > best))
      results.best = i;
  }
}

SweepResults gather(const Sweep& sweep, const SweepFolder& folder, const Metric& metric, Goal goal,
                    const Catalog& catalog) {
  SweepResults results{metric, goal, {}, {}, {}};
  for (std::size_t point = 0; point < sweep.points(); ++point)
    if (const auto result = folder.result(point, catalog))
      results.rows.push_back(rowOf(point, *result, metric));
  sumUp(results, sweep);
  return results;
}

Message bestInWords(const Sweep& sweep, const SweepResults& results, const Words& words) {
  const std::string metric = metricInWords(sweep, results.metric, words);
  if (!results.best) return {"sweep.no_best", {{"metric", metric}}};
  const SweepCell& cell = results.cells[*results.best];
  const std::string goal = "sweep.best." + std::string(nameOf(results.goal));
  Message message{goal,
                  {{"metric", metric},
                   {"values", cellInWords(sweep, *results.best, words)},
                   {"value", cell.mean}}};
  if (sweep.repeat > 1) {
    message.key += ".of_seeds";
    message.arguments.emplace_back("deviation", cell.deviation);
    message.arguments.emplace_back("count", std::int64_t{sweep.repeat});
  }
  return message;
}

}  // namespace viva
