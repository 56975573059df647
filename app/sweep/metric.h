// SPDX-License-Identifier: GPL-3.0-or-later
// `--metric RECORD[:last|min|max|mean]`: the one number by which the points of a sweep are
// compared.
#pragma once

#include <string>

#include "app/sweep/point.h"

namespace viva {

enum class Statistic { Last, Minimum, Maximum, Mean };
std::string_view nameOf(Statistic statistic);  ///< `last`, `min`, `max`, `mean`

struct Metric {
  std::string record;
  Statistic statistic = Statistic::Last;

  std::string text() const { return record + ":" + std::string(nameOf(statistic)); }
  /// Absent when the point has no such record or it never had a value.
  double of(const PointResult& result) const;
};

/// Throws RequestError for another statistic; whether there is such a record depends on the point.
Metric readMetric(const std::string& text);
/// Throws RequestError naming the records there are when a point of the sweep lacks it.
void requireRecord(const Metric& metric, const Sweep& sweep);

}  // namespace viva
