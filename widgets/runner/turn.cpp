// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/runner/turn.h"

#include <algorithm>

namespace viva {

Turn& Turn::ofTheProcess() {
  static Turn one;
  return one;
}

bool Turn::lock(For what, const std::atomic<bool>& given_up) {
  const bool answers = what == For::Answer;
  std::unique_lock lock(mutex_);
  std::deque<const void*>& queue = answers ? answers_ : slices_;
  queue.push_back(&lock);
  if (answers) ++answers_waiting_;
  const auto is_mine = [&] {
    return !is_taken_ && queue.front() == &lock && (answers || answers_.empty());
  };
  changed_.wait(lock, [&] { return given_up || is_mine(); });
  const bool had = is_mine();
  queue.erase(std::find(queue.begin(), queue.end(), &lock));
  if (answers) --answers_waiting_;
  is_taken_ = is_taken_ || had;
  // Somebody behind a place that was given up may be the first now.
  if (!had) changed_.notify_all();
  return had;
}

void Turn::unlock() {
  {
    const std::lock_guard lock(mutex_);
    is_taken_ = false;
  }
  changed_.notify_all();
}

void Turn::wake() {
  { const std::lock_guard lock(mutex_); }
  changed_.notify_all();
}

}  // namespace viva
