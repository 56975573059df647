// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep/metric.h"

#include <algorithm>

#include "lessons/core/error.h"

namespace viva {
namespace {

constexpr Statistic kStatistics[] = {Statistic::Last, Statistic::Minimum, Statistic::Maximum,
                                     Statistic::Mean};

}  // namespace

std::string_view nameOf(Statistic statistic) {
  switch (statistic) {
    case Statistic::Last:
      return "last";
    case Statistic::Minimum:
      return "min";
    case Statistic::Maximum:
      return "max";
    case Statistic::Mean:
      return "mean";
  }
  return "";
}

double Metric::of(const PointResult& result) const {
  const auto found = result.records.find(record);
  if (found == result.records.end()) return absentValue();
  switch (statistic) {
    case Statistic::Last:
      return found->second.last;
    case Statistic::Minimum:
      return found->second.minimum;
    case Statistic::Maximum:
      return found->second.maximum;
    case Statistic::Mean:
      return found->second.mean;
  }
  return absentValue();
}

Metric readMetric(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  Metric metric{text.substr(0, colon)};
  if (metric.record.empty()) throw RequestError({"sweep.error.metric_missing", {}});
  if (colon == std::string::npos) return metric;
  const std::string name = text.substr(colon + 1);
  const auto* found = std::find_if(std::begin(kStatistics), std::end(kStatistics),
                                   [&](Statistic s) { return nameOf(s) == name; });
  if (found == std::end(kStatistics))
    throw RequestError({"sweep.error.unknown_statistic",
                        {{"value", name}, {"allowed", std::string("last, min, max, mean")}}});
  metric.statistic = *found;
  return metric;
}

void requireRecord(const Metric& metric, const Sweep& sweep) {
  for (std::size_t cell = 0; cell < sweep.cells(); ++cell) {
    const auto records = sweep.spec->records(
        sweep.settingsOf(cell * static_cast<std::size_t>(sweep.repeat)).parameters);
    std::string allowed;
    bool found = false;
    for (const RecordSpec& record : records) {
      found = found || record.name == metric.record;
      allowed += (allowed.empty() ? "" : ", ") + record.name;
    }
    if (found) continue;
    constexpr std::size_t kMost = 600;
    if (allowed.size() > kMost)
      allowed.replace(allowed.rfind(',', kMost), std::string::npos, ", ...");
    throw RequestError(
        {"sweep.error.unknown_record", {{"value", metric.record}, {"allowed", allowed}}});
  }
}

}  // namespace viva
