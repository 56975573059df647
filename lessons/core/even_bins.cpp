// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/even_bins.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace viva {

std::vector<double> evenEdges(double low, double high, int bins) {
  std::vector<double> edges;
  for (int i = 0; i <= bins; ++i) edges.push_back(low + (high - low) * i / bins);
  return edges;
}

std::vector<double> countsIn(const std::vector<double>& edges, const std::vector<double>& values) {
  const double low = edges.front(), high = edges.back();
  const auto bins = static_cast<double>(edges.size() - 1);
  std::vector<double> counts(edges.size() - 1, 0.0);
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    const double bin = std::clamp(std::floor((value - low) / (high - low) * bins), 0.0, bins - 1);
    counts[static_cast<std::size_t>(bin)] += 1;
  }
  return counts;
}

}  // namespace viva
