// SPDX-License-Identifier: GPL-3.0-or-later
// Bins of one width, for histograms of what a lesson has at one step.
#pragma once

#include <vector>

namespace viva {

/// `bins` + 1 edges from `low` to `high`, which is above it.
std::vector<double> evenEdges(double low, double high, int bins);

/// How many values lie in each bin of evenEdges; what is beyond an edge counts in the bin beside
/// it, what is not finite in none.
std::vector<double> countsIn(const std::vector<double>& edges, const std::vector<double>& values);

}  // namespace viva
