// SPDX-License-Identifier: GPL-3.0-or-later
// From data to noise: x_t = a x_0 + s e, in `steps` steps.
#pragma once

#include <cstdint>
#include <vector>

#include "lessons/diffusion/diffusion_kinds.h"

namespace viva {

/// One point of the path.
struct NoiseLevel {
  double a = 1, s = 0;    ///< the shares of the data and of the noise
  double da = 0, ds = 1;  ///< their derivatives with respect to the clock
  double clock = 0;       ///< what Euler and Heun step along: an angle, or the share of the noise
};

/// The variances of the steps 1..T, T numbers. Linear: from 1e-4 to 0.02 for a thousand steps, and
/// as much noise in all for another number, at most 0.999 each; Cosine: at most 0.999 (arXiv
/// 2102.09672).
std::vector<double> betasOf(NoiseSchedule schedule, std::int64_t steps);

class NoisePath {
 public:
  /// Keeps the variance: a^2 + s^2 = 1. The clock is the angle whose cosine is a.
  static NoisePath diffusion(NoiseSchedule schedule, std::int64_t steps);
  /// The straight line of rectified flow: a = 1 - t/T, s = t/T.
  static NoisePath flow(std::int64_t steps);
  static NoisePath of(DenoisingObjective objective, NoiseSchedule schedule, std::int64_t steps);

  std::int64_t steps() const { return static_cast<std::int64_t>(levels_.size()) - 1; }
  /// `t` from 0, the data, to steps().
  const NoiseLevel& at(std::int64_t t) const { return levels_[static_cast<std::size_t>(t)]; }

 private:
  std::vector<NoiseLevel> levels_;
};

/// From `steps` down to 0 in `strides` strides, as even as whole numbers allow: strides + 1 times.
std::vector<std::int64_t> samplingTimes(std::int64_t steps, std::int64_t strides);

/// The deviation of the noise that a stride from `from` to `to` adds: eta times the deviation of
/// x_to given x_from and x_0. With eta 1 and neighbours that is DDPM's, with 0 there is none.
double addedNoise(const NoiseLevel& from, const NoiseLevel& to, double eta);

}  // namespace viva
