// SPDX-License-Identifier: GPL-3.0-or-later
// One net's learning in a few numbers.
#pragma once

#include <cstdint>
#include <deque>
#include <numeric>
#include <optional>

namespace viva {

class LearningProgress {
 public:
  static constexpr std::size_t kWindow = 10;
  static constexpr double kSolved = 0.99;

  /// The loss and the accuracy of the batch of update `step`, which the net had not seen before.
  void observe(std::int64_t step, double loss, double accuracy) {
    add(losses_, loss);
    add(accuracies_, accuracy);
    if (!solved_at_ && accuracy >= kSolved) solved_at_ = step;
  }
  /// Means over the newest kWindow batches, or over all where there are fewer; none before the
  /// first.
  std::optional<double> loss() const { return mean(losses_); }
  std::optional<double> accuracy() const { return mean(accuracies_); }
  /// The first update whose batch was right to kSolved.
  std::optional<std::int64_t> solvedAt() const { return solved_at_; }

 private:
  static void add(std::deque<double>& values, double value) {
    values.push_back(value);
    if (values.size() > kWindow) values.pop_front();
  }
  static std::optional<double> mean(const std::deque<double>& values) {
    if (values.empty()) return std::nullopt;
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  }

  std::deque<double> losses_, accuracies_;
  std::optional<std::int64_t> solved_at_;
};

}  // namespace viva
