// SPDX-License-Identifier: GPL-3.0-or-later
// What is remembered of each memory besides its curves, its pictures, and the words about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/gradients/memory_models.h"

namespace viva {

struct MemoryReport {
  MemoryKind kind = MemoryKind::Rnn;
  std::vector<double> state_norms{};  ///< of the gradient, by steps back from the end
  double loss = 0;                    ///< averaged over about the last 20 batches
  std::int64_t updates = 0;
  /// Natural logarithm of farToNear(), averaged over about the last 20 updates: which steps are
  /// marked is drawn anew each time.
  double log_ratio = 0;

  void observe(double batch_loss, std::vector<double> norms);
  /// What reaches the first step, relative to the last; none for 0/0.
  std::optional<double> farToNear() const;
  double typicalRatio() const;
};

SeriesData stateGradients(const std::vector<MemoryReport>& memories);
/// The loss of always guessing the mean, from row 0 to `step`.
SeriesData baselineCurve(double baseline, std::int64_t step);
TableData memoriesTable(const std::vector<MemoryReport>& memories);
VerdictData memoryVerdict(const std::string& preset, std::int64_t step, std::int64_t length,
                          double baseline, const std::vector<MemoryReport>& memories);

}  // namespace viva
