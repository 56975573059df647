// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/history.h"

#include <algorithm>

namespace viva {

void History::add(std::shared_ptr<const Frame> frame) {
  if (put(std::move(frame))) thin();
}

bool History::put(std::shared_ptr<const Frame> frame) {
  if (!frames_.empty() && frames_.back().frame->step == frame->step) {
    bytes_ -= frames_.back().bytes;
    frames_.pop_back();
  }
  const Frame* previous = frames_.empty() ? nullptr : frames_.back().frame.get();
  const std::size_t size = bytesOf(*frame, previous);
  frames_.push_back({std::move(frame), size});
  bytes_ += size;
  return bytes_ > budget_ && frames_.size() > 2;
}

History History::thinned() const {
  History copy = *this;
  copy.thin();
  return copy;
}

/// Drops, again and again, the frame whose neighbours are closest together in steps, until three
/// quarters of the budget are used: after any number of thinnings the rest is spread evenly.
void History::thin() {
  const std::size_t goal = budget_ / 4 * 3;
  while (bytes_ > goal && frames_.size() > 2) {
    // One pass drops at most every second frame, in order of how little each is missed.
    std::vector<std::size_t> order;
    for (std::size_t i = 1; i + 1 < frames_.size(); ++i) order.push_back(i);
    const auto gap = [&](std::size_t i) {
      return frames_[i + 1].frame->step - frames_[i - 1].frame->step;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return gap(a) < gap(b); });
    std::vector<bool> dropped(frames_.size(), false);
    for (const std::size_t i : order) {
      if (bytes_ <= goal) break;
      if (dropped[i - 1] || dropped[i + 1]) continue;
      dropped[i] = true;
      bytes_ -= frames_[i].bytes;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < frames_.size(); ++i)
      if (!dropped[i]) frames_[kept++] = std::move(frames_[i]);
    frames_.resize(kept);
    // What was shared with a frame that is gone now counts at its next holder.
    bytes_ = 0;
    for (std::size_t i = 0; i < frames_.size(); ++i) {
      frames_[i].bytes = bytesOf(*frames_[i].frame, i ? frames_[i - 1].frame.get() : nullptr);
      bytes_ += frames_[i].bytes;
    }
  }
}

std::shared_ptr<const Frame> History::first() const {
  return frames_.empty() ? nullptr : frames_.front().frame;
}

std::shared_ptr<const Frame> History::at(std::int64_t step) const {
  const auto after =
      std::upper_bound(frames_.begin(), frames_.end(), step,
                       [](std::int64_t s, const Kept& kept) { return s < kept.frame->step; });
  return after == frames_.begin() ? nullptr : std::prev(after)->frame;
}

}  // namespace viva
