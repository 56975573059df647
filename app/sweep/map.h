// SPDX-License-Identifier: GPL-3.0-or-later
// The map of a sweep, as a view shows it.
#pragma once

#include <optional>

#include "app/sweep/results.h"
#include "lessons/core/frame.h"
#include "lessons/core/view.h"

namespace viva {

/// The spec of the view and, under its id, the data. A Matrix of two axes (the first down, the
/// second across); of one axis of numbers a Series with the mean, every seed and, at the top, what
/// diverged; of one axis of other values Bars.
struct SweepMap {
  ViewSpec spec;
  Frame frame;
  std::string title;  ///< the metric in words
};

/// How many axes a map can have.
inline constexpr std::size_t kMostMapAxes = 2;

/// Unset for more axes.
std::optional<SweepMap> mapOf(const Sweep& sweep, const SweepResults& results, const Words& words);

}  // namespace viva
