// SPDX-License-Identifier: GPL-3.0-or-later
// How a server ends whose client is gone.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "app/commands/console.h"

namespace viva {

/// A step that cannot be interrupted may take long; a server that nobody waits for any more is not
/// to stay for it.
class LastStep {
 public:
  /// The work has ended.
  void set() {
    const std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }
  bool isDone() const {
    const std::lock_guard lock(mutex_);
    return done_;
  }
  /// Waits for it a little while, then ends the process.
  void wait() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kPatience, [&] { return done_; })) std::_Exit(kDone);
  }

 private:
  static constexpr std::chrono::seconds kPatience{3};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

}  // namespace viva
