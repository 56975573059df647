// SPDX-License-Identifier: GPL-3.0-or-later
// What is remembered of each net besides its curves, and the words about it.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/gradients/backward_factor.h"
#include "lessons/gradients/flow_parameters.h"

namespace viva {

/// The norms of one backward pass, first hidden layer first.
struct FlowNorms {
  std::vector<double> pre_activations, weights;

  /// What reaches the first hidden layer of what reaches the last; none for 0/0.
  std::optional<double> firstToLast() const;
};

/// One net's run in a few numbers.
struct FlowReport {
  std::string side;
  SideSettings settings;
  std::vector<LayerStatistics> initial_layers, layers;  ///< before the first update, and now
  FlowNorms initial_norms, norms;

  double start_loss = 0, loss = 0;  ///< of the batches, averaged over about the last 20
  double accuracy = 0;              ///< of the newest evaluation
  std::int64_t updates = 0;
  /// Of all updates so far.
  double smallest_ratio = std::numeric_limits<double>::infinity(), largest_ratio = 0;

  void observe(double batch_loss, FlowNorms found);
  /// What one layer on the way back multiplies the gradient by, before the first update:
  /// measured, and as the formula of predictedFlow says.
  std::optional<double> factor() const, predictedFactor() const;
  /// How much the mean of the layers' outputs grows a layer, before the first update.
  double drift() const;
};

/// Judges the claim of `preset`, or says how the two nets stand.
VerdictData flowVerdict(const std::string& preset, std::int64_t step, const FlowReport& a,
                        const FlowReport& b);

}  // namespace viva
