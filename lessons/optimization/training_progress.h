// SPDX-License-Identifier: GPL-3.0-or-later
// What is remembered of each copy of the net besides its curves, and the words about it.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/nn/optimizers.h"

namespace viva {

/// One optimizer's run in a few numbers.
class Progress {
 public:
  explicit Progress(Optimizer optimizer) : optimizer_(optimizer) {}

  Optimizer optimizer() const { return optimizer_; }
  void observeLoss(double train_loss);
  void observe(std::int64_t step, double accuracy, double weight_norm);

  /// Of the batches, in nats, averaged over about the last 20; none before the first.
  std::optional<double> trainLoss() const {
    return losses_ > 0 ? std::optional(train_loss_) : std::nullopt;
  }
  /// Of the newest evaluation.
  double accuracy() const { return accuracy_; }
  double weightNorm() const { return weight_norm_; }
  /// The first evaluated step at which the validation accuracy was at least `threshold`.
  std::optional<std::int64_t> stepsTo(double threshold) const;

 private:
  struct Evaluation {
    std::int64_t step;
    double accuracy;
  };
  Optimizer optimizer_;
  double train_loss_ = 0, accuracy_ = 0, weight_norm_ = 0;
  std::int64_t losses_ = 0;
  std::vector<Evaluation> bests_;  ///< those that were better than all before
};

/// A copy's weights in four quarters, from those with the smallest gradients to those with the
/// largest. NaN for none.
struct DecayByGradient {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  Optimizer optimizer;
  /// What weight decay takes off a weight in one update, as a share of the weight: the median.
  std::array<double, 4> shares{kNone, kNone, kNone, kNone};
  /// The norm of the quarter's weights relative to their norm before the first update.
  std::array<double, 4> kept{kNone, kNone, kNone, kNone};
};

TableData standingsTable(const std::vector<Progress>& progress, double threshold);
BarsData decayBars(const std::vector<DecayByGradient>& decays);
BarsData normBars(const std::vector<DecayByGradient>& decays);
/// Judges the claim of `preset`, or says who leads.
VerdictData trainingVerdict(const std::string& preset, std::int64_t step, double threshold,
                            const std::vector<Progress>& progress,
                            const std::vector<DecayByGradient>& decays);

}  // namespace viva
