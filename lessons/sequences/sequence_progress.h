// SPDX-License-Identifier: GPL-3.0-or-later
// One net's learning in a few numbers.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace viva {

class SequenceSource;

/// The mean loss at which a task counts as solved: 0.01 for adding, a tenth of the baseline for
/// the others.
double solvedLoss(const SequenceSource& source);

class SequenceProgress {
 public:
  static constexpr std::size_t kWindow = 20;

  explicit SequenceProgress(double solved_loss) : solved_loss_(solved_loss) {}

  /// The loss and the accuracy of the batch of update `step`.
  void observe(std::int64_t step, double loss, double accuracy);

  /// Means over the newest kWindow batches; none before there are so many.
  std::optional<double> loss() const { return mean(losses_); }
  std::optional<double> accuracy() const { return mean(accuracies_); }
  /// The first update after which the mean loss was at most the solved one.
  std::optional<std::int64_t> solvedAt() const { return solved_at_; }
  double goal() const { return solved_loss_; }

 private:
  static std::optional<double> mean(const std::deque<double>& values);

  double solved_loss_;
  std::deque<double> losses_, accuracies_;
  std::optional<std::int64_t> solved_at_;
};

}  // namespace viva
