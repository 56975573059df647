// SPDX-License-Identifier: GPL-3.0-or-later
// What is known about a GAN on the plane at its last evaluation, and before.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lessons/generation/gan_coverage.h"

namespace viva {

/// The parts that one turn is shown in, in slow motion.
enum class TurnPart {
  Discriminator,  ///< the discriminator learns, the generator waits
  Arrows,         ///< nothing moves; the generator's gradient is shown
  Generator,      ///< the generator learns
};

struct GanEvaluation {
  std::int64_t turn = 0;
  std::optional<Coverage> coverage;  ///< none without modes
  double wasserstein = 0;            ///< sliced, of 2,500 samples and as many of the target
  double d_real = 0, d_fake = 0;     ///< mean output; a probability for the two losses of 2014
  /// Mean length of the gradient of a sample's generator loss with respect to that sample.
  double sample_gradient = 0;
  /// The same for -log D, whatever the loss; equal for the non-saturating loss.
  double non_saturating_gradient = 0;
  double slope = 0;     ///< mean |grad D(x)| of the raw output, at real and generated points
  double steepest = 0;  ///< the largest of them
  double moved = 0;     ///< how far a generated point is from where it was at the start, on average
  double clipped = 0;   ///< share of the discriminator's weights at the clipping bound
};

/// The generator's last update in slow motion.
struct GanMove {
  double length = 0;  ///< how far it moved a generated point, on average
  double cosine = 0;  ///< of the angle between that move and the push on the point, on average
};

/// All that the verdicts and the table need.
struct GanHistory {
  std::vector<GanEvaluation> evaluations;  ///< the first one is of the start
  std::int64_t turn = 0, warmup = 0;
  std::optional<double> d_loss, g_loss;  ///< averages of about the last 100
  /// Of two independent sets of 2,500 real samples: what a perfect generator would have.
  double wasserstein_floor = 0;
  std::optional<GanMove> move;

  const GanEvaluation& last() const { return evaluations.back(); }
};

}  // namespace viva
