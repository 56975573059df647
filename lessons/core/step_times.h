// SPDX-License-Identifier: GPL-3.0-or-later
// How long a run has computed, step by step. Not a record: no two runs take the same time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace viva {

/// Seconds of computing after some of the steps; linear in between. At most kMost marks, evenly
/// thinned, whatever the length of the run.
class StepTimes {
 public:
  static constexpr std::size_t kMost = 1024;
  struct Mark {
    double step = 0, seconds = 0;
    bool operator==(const Mark&) const = default;
  };

  /// After `step` updates `seconds` had been spent; neither may be less than before.
  void add(std::int64_t step, double seconds) {
    const Mark mark{static_cast<double>(step), seconds};
    // The newest mark is replaced until it is far enough from the one before.
    if (marks_.size() > 1 && mark.step - marks_[marks_.size() - 2].step < spacing_)
      marks_.back() = mark;
    else
      marks_.push_back(mark);
    if (marks_.size() <= kMost) return;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < marks_.size(); i += 2) marks_[kept++] = marks_[i];
    if (marks_[kept - 1] != mark) marks_[kept++] = mark;
    marks_.resize(kept);
    spacing_ = std::max(spacing_ * 2, (mark.step - marks_.front().step) * 2 / kMost);
  }

  bool empty() const { return marks_.size() < 2; }
  const std::vector<Mark>& marks() const { return marks_; }
  /// 0 before the first mark; beyond the last one its seconds.
  double secondsAt(double step) const { return between(step, &Mark::step, &Mark::seconds); }
  /// The step that was reached after so many seconds; beyond the last mark its step.
  double stepAt(double seconds) const { return between(seconds, &Mark::seconds, &Mark::step); }
  double seconds() const { return marks_.empty() ? 0 : marks_.back().seconds; }

 private:
  double between(double at, double Mark::*from, double Mark::*to) const {
    if (marks_.empty()) return 0;
    const auto next =
        std::lower_bound(marks_.begin(), marks_.end(), at,
                         [from](const Mark& mark, double value) { return mark.*from < value; });
    if (next == marks_.begin()) return (*next).*to;
    if (next == marks_.end()) return marks_.back().*to;
    const Mark &one = *(next - 1), &two = *next;
    return one.*to + (two.*to - one.*to) * (at - one.*from) / (two.*from - one.*from);
  }

  std::vector<Mark> marks_;
  double spacing_ = 1;
};

}  // namespace viva
