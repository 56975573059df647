// SPDX-License-Identifier: GPL-3.0-or-later
// What is remembered of each racer besides its curves: the columns of the table and the numbers
// behind the verdict.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lessons/nn/update_rules.h"
#include "lessons/optimization/surfaces.h"

namespace viva {

/// One racer's history in a few numbers.
class Standing {
 public:
  /// The threshold is a hundredth of the start's height above the lowest point; the saddle has
  /// none.
  Standing(const Surface& surface, Point start);

  /// The state after `step` updates; `shift` is how far the surface has moved by then.
  void observe(std::int64_t step, const Pair& position, double value, double shift);

  double value() const { return value_; }
  double startValue() const { return start_value_; }
  Point position() const { return position_; }
  /// To the nearest lowest point where it is now; none on the saddle.
  std::optional<double> distance() const { return distance_; }
  /// The same, averaged over about the last `kAveraged` steps.
  std::optional<double> averageDistance() const { return average_distance_; }
  static constexpr int kAveraged = 50;
  /// The first step at which the value was at or below the threshold.
  std::optional<std::int64_t> thresholdStep() const { return threshold_step_; }
  /// The first step at which it was out of the trap that the start lies in.
  std::optional<std::int64_t> escapeStep() const { return escape_step_; }
  bool hasEscaped() const { return has_escaped_; }
  /// The first step at which position or value stopped being finite.
  std::optional<std::int64_t> divergedAt() const { return diverged_at_; }
  /// How often it turned back across the ravine (in y) before it reached the threshold.
  std::int64_t reversals() const { return reversals_; }
  double longestStep() const { return longest_step_; }

 private:
  Surface surface_;
  std::vector<Point> minima_;
  Point start_, position_;
  double start_value_, threshold_;
  double value_ = 0, longest_step_ = 0, last_move_y_ = 0;
  bool has_escaped_ = false;
  std::int64_t reversals_ = 0;
  std::optional<double> distance_, average_distance_;
  std::optional<std::int64_t> threshold_step_, escape_step_, diverged_at_;
};

}  // namespace viva
