// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace viva {

/// Whose turn it is: the tensor library's generators and thread count belong to the process, so one
/// run computes at a time. Had in the order in which it was asked for (with a std::mutex, a run
/// that is stepped without pause would never let another one in), answers to a person before slices
/// of training.
class Turn {
 public:
  enum class For { Slice, Answer };

  /// While this is there and `isHeld`, it is the turn of whoever made it.
  class Held {
   public:
    Held(Turn& turn, For what, const std::atomic<bool>& given_up)
        : turn_(turn), is_held_(turn.lock(what, given_up)) {}
    ~Held() {
      if (is_held_) turn_.unlock();
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    /// False: it was given up while others had it.
    bool isHeld() const { return is_held_; }

   private:
    Turn& turn_;
    bool is_held_;
  };

  /// The one of the process.
  static Turn& ofTheProcess();

  /// Whoever waits looks whether it gives up.
  void wake();
  /// Somebody waits to answer a person: a slice of training had better end.
  bool isWaitedFor() const { return answers_waiting_ > 0; }

 private:
  bool lock(For what, const std::atomic<bool>& given_up);
  void unlock();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<const void*> slices_, answers_;  ///< who waits, first come first
  std::atomic<int> answers_waiting_ = 0;
  bool is_taken_ = false;
};

}  // namespace viva
