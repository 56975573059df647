// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/sequence_progress.h"

#include <numeric>

#include "lessons/data/sequence_tasks.h"

namespace viva {

double solvedLoss(const SequenceSource& source) {
  return source.task() == SequenceTask::Adding ? 0.01 : source.baseline() / 10;
}

void SequenceProgress::observe(std::int64_t step, double loss, double accuracy) {
  losses_.push_back(loss);
  accuracies_.push_back(accuracy);
  if (losses_.size() > kWindow) {
    losses_.pop_front();
    accuracies_.pop_front();
  }
  const auto now = this->loss();
  if (!solved_at_ && now && *now <= solved_loss_) solved_at_ = step;
}

std::optional<double> SequenceProgress::mean(const std::deque<double>& values) {
  if (values.size() < kWindow) return std::nullopt;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace viva
