// SPDX-License-Identifier: GPL-3.0-or-later
// What is remembered of each copy of the recurrent net, its pictures, and the words about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/gradients/explosion_parameters.h"

namespace viva {

/// Where the first number appeared that was not finite.
struct NotFinite {
  std::string tensor;  ///< the word `tensor.<name>`
  std::int64_t step = 0;
};

struct ExplosionReport {
  std::string name;  ///< `unclipped`, `clipped`
  /// Of the gradient, by steps back from the end; the initial ones once the net is lost.
  std::vector<double> state_norms{};
  std::vector<double> initial_norms{};
  double loss = 0, start_loss = 0;  ///< averaged over about the last 20 batches
  std::int64_t updates = 0, clipped = 0;
  double turn = 0, largest_turn = 0, largest_turn_by_norm = 0;  ///< degrees
  double spectral_radius = 0, initial_radius = 0;
  /// The largest absolute value of each tensor at this step.
  std::vector<std::pair<std::string, double>> tensors{};
  std::optional<NotFinite> first{};

  void observe(double batch_loss, std::vector<double> norms);
};

/// The norms relative to that at the last step, with `theory` (by steps back) as a reference.
SeriesData relativeGradients(const std::vector<ExplosionReport>& nets,
                             const std::vector<double>& theory);
TableData tensorsTable(const std::vector<ExplosionReport>& nets);
VerdictData explosionVerdict(const std::string& preset, std::int64_t step, const Parameters& p,
                             double baseline, const std::vector<ExplosionReport>& nets);

}  // namespace viva
