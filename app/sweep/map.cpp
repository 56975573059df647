// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep/map.h"

#include <algorithm>
#include <cmath>

#include "app/sweep/cell_words.h"

namespace viva {
namespace {

constexpr const char* kMap = "map";

AxisSpec axisSpec(const Sweep& sweep, std::size_t axis, const Words& words) {
  return {axisInWords(sweep, axis, words), "", sweep.axes[axis].logarithmic};
}

std::vector<std::string> labelsOf(const Sweep& sweep, std::size_t axis, const Words& words) {
  std::vector<std::string> labels;
  for (const Value& value : sweep.axes[axis].values)
    labels.push_back(valueInWords(sweep, axis, value, words));
  return labels;
}

/// What one number can show: nothing where a seed broke off.
double shownMean(const SweepCell& cell) {
  return cell.count > 0 && cell.broken() == 0 ? cell.mean : std::nan("");
}

/// Orders of magnitude apart: colours, or a height, by the logarithm.
bool spansMagnitudes(const SweepResults& results) {
  double low = HUGE_VAL, high = 0;
  for (const SweepCell& cell : results.cells) {
    if (cell.count == 0 || !std::isfinite(cell.mean)) continue;
    if (cell.mean <= 0) return false;
    low = std::min(low, cell.mean);
    high = std::max(high, cell.mean);
  }
  return high > 100 * low;
}

MatrixData matrixOf(const Sweep& sweep, const SweepResults& results, const Words& words) {
  MatrixData matrix;
  matrix.rows = static_cast<int>(sweep.axes[0].values.size());
  matrix.columns = static_cast<int>(sweep.axes[1].values.size());
  std::vector<float> values;
  for (const SweepCell& cell : results.cells) values.push_back(static_cast<float>(shownMean(cell)));
  matrix.values = shareFloats(std::move(values));
  matrix.row_labels = labelsOf(sweep, 0, words);
  matrix.column_labels = labelsOf(sweep, 1, words);
  matrix.logarithmic = spansMagnitudes(results);
  return matrix;
}

SeriesData seriesOf(const Sweep& sweep, const SweepResults& results) {
  const std::vector<Value>& values = sweep.axes[0].values;
  std::vector<std::size_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return numberOf(values[a]) < numberOf(values[b]);
  });
  SeriesData series;
  Curve mean{"mean", Word{sweep.repeat > 1 ? "sweep.mean" : "sweep.value"}, {}, {}, false};
  Curve low{"min", Word{"sweep.lowest_seed"}, {}, {}, true};
  Curve high{"max", Word{"sweep.highest_seed"}, {}, {}, true};
  Curve diverged{"diverged", Word{"sweep.diverged"}, {}, {}, false};
  double top = -HUGE_VAL;
  for (const SweepCell& cell : results.cells)
    if (cell.count > 0 && std::isfinite(cell.maximum)) top = std::max(top, cell.maximum);
  for (const std::size_t i : order) {
    const SweepCell& cell = results.cells[i];
    const double x = numberOf(values[i]);
    for (auto [curve, y] :
         {std::pair{&mean, cell.mean}, {&low, cell.minimum}, {&high, cell.maximum}}) {
      curve->x.push_back(x);
      curve->y.push_back(cell.count > 0 ? y : std::nan(""));
    }
    if (cell.broken() == 0) continue;
    // A gap follows, so that what diverged is marked and not joined.
    diverged.x.insert(diverged.x.end(), {x, x});
    diverged.y.insert(diverged.y.end(), {std::isfinite(top) ? top : 1, std::nan("")});
  }
  series.curves.push_back(std::move(mean));
  if (sweep.repeat > 1) {
    series.curves.push_back(std::move(low));
    series.curves.push_back(std::move(high));
  }
  if (!diverged.x.empty()) series.curves.push_back(std::move(diverged));
  return series;
}

BarsData barsOf(const Sweep& sweep, const SweepResults& results, const Words& words) {
  BarsData bars;
  for (const std::string& label : labelsOf(sweep, 0, words)) bars.categories.emplace_back(label);
  BarsData::Group group{"mean", Word{sweep.repeat > 1 ? "sweep.mean" : "sweep.value"}, {}};
  for (const SweepCell& cell : results.cells) group.values.push_back(shownMean(cell));
  bars.groups.push_back(std::move(group));
  bars.logarithmic = spansMagnitudes(results);
  return bars;
}

}  // namespace

std::optional<SweepMap> mapOf(const Sweep& sweep, const SweepResults& results, const Words& words) {
  if (sweep.axes.size() > kMostMapAxes) return std::nullopt;
  SweepMap map;
  map.title = metricInWords(sweep, results.metric, words);
  if (sweep.axes.size() == 2) {
    map.spec = matrix(kMap, axisSpec(sweep, 1, words), axisSpec(sweep, 0, words));
    map.frame.at<MatrixData>(kMap) = matrixOf(sweep, results, words);
  } else if (isNumeric(sweep.axes[0])) {
    map.spec = series(kMap, {}, {map.title, "", spansMagnitudes(results)});
    map.spec.x = axisSpec(sweep, 0, words);
    map.frame.at<SeriesData>(kMap) = seriesOf(sweep, results);
  } else {
    map.spec = bars(kMap, axisSpec(sweep, 0, words), {map.title, "", false});
    map.frame.at<BarsData>(kMap) = barsOf(sweep, results, words);
  }
  return map;
}

}  // namespace viva
