// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/standings.h"

#include <algorithm>
#include <cmath>

namespace viva {

Standing::Standing(const Surface& surface, Point start)
    : surface_(surface),
      minima_(surface.minima()),
      start_(start),
      position_(start),
      start_value_(surface.value(start)),
      threshold_(surface.lowest() + 0.01 * (start_value_ - surface.lowest())) {}

void Standing::observe(std::int64_t step, const Pair& position, double value, double shift) {
  const Point before = position_;
  position_ = {position[0], position[1]};
  value_ = value;
  const bool is_finite =
      std::isfinite(position[0]) && std::isfinite(position[1]) && std::isfinite(value);
  if (!is_finite) {
    if (!diverged_at_) diverged_at_ = step;
    distance_ = average_distance_ = std::nullopt;
    return;
  }

  const double move_y = position_.y - before.y;
  longest_step_ = std::max(longest_step_, std::hypot(position_.x - before.x, move_y));
  if (!threshold_step_) {
    if (move_y * last_move_y_ < 0) ++reversals_;
    if (value <= threshold_) threshold_step_ = step;
  }
  last_move_y_ = move_y;

  const Point in_surface{position_.x - shift, position_.y};
  has_escaped_ = surface_.hasTrap() && surface_.hasEscaped(start_, in_surface);
  if (has_escaped_ && !escape_step_) escape_step_ = step;

  distance_.reset();
  for (const Point& minimum : minima_) {
    const double distance = std::hypot(in_surface.x - minimum.x, in_surface.y - minimum.y);
    distance_ = std::min(distance, distance_.value_or(distance));
  }
  if (distance_)
    average_distance_ = average_distance_.value_or(*distance_) +
                        (*distance_ - average_distance_.value_or(*distance_)) / kAveraged;
}

}  // namespace viva
