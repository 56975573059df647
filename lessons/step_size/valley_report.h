// SPDX-License-Identifier: GPL-3.0-or-later
// How the balls of `lr-valley` are shown and judged.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/step_size/valley_parameters.h"

namespace viva {

/// What is known of one ball.
struct BallHistory {
  double x = 0;
  std::vector<double> trail;  ///< its last places, oldest first
  double squares = 0;         ///< sum of x^2 since it has forgotten its start
  std::int64_t counted = 0;   ///< how many of them
  bool came_closer = true;    ///< at every step so far

  double variance() const { return counted > 0 ? squares / static_cast<double>(counted) : 0; }
};
using Balls = std::array<BallHistory, kBalls>;

PlaneData valleyPlane(const Parameters& parameters, const Balls& balls);
/// The shrinkage a step against the rate: theory, what each ball did, and the limit.
SeriesData limitCurves(const Parameters& parameters, const Balls& balls, std::int64_t step);
TableData ballsTable(const Parameters& parameters, const Balls& balls);
TableData floorTable(const Parameters& parameters, const Balls& balls);
VerdictData valleyVerdict(const std::string& preset, std::int64_t step,
                          const Parameters& parameters, const Balls& balls);

}  // namespace viva
