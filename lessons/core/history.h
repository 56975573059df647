// SPDX-License-Identifier: GPL-3.0-or-later
// The frames of a run that are kept for scrubbing.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lessons/core/frame.h"

namespace viva {

/// Keeps frames under a memory budget. When it is reached, the frames that are missed least go, so
/// that the rest spreads evenly from the first step to the last. The first and the newest stay.
class History {
 public:
  explicit History(std::size_t budget_bytes = 96u << 20) : budget_(budget_bytes) {}

  /// Steps must not decrease; a frame of the newest step replaces it.
  void add(std::shared_ptr<const Frame> frame);
  /// The same without making room: whether some is needed, for whoever has others waiting.
  bool put(std::shared_ptr<const Frame> frame);
  /// As `add` leaves it where room is needed.
  History thinned() const;
  /// The newest frame at or before `step`; null when there is none.
  std::shared_ptr<const Frame> at(std::int64_t step) const;
  /// The frame of the lowest step; null when there is none.
  std::shared_ptr<const Frame> first() const;
  std::size_t size() const { return frames_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Kept {
    std::shared_ptr<const Frame> frame;
    std::size_t bytes;
  };
  void thin();
  std::vector<Kept> frames_;
  std::size_t budget_, bytes_ = 0;
};

}  // namespace viva
