// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/noise_path.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viva {
namespace {

constexpr double kLargestBeta = 0.999;
constexpr double kPublishedSteps = 1000, kFirstBeta = 1e-4, kLastBeta = 0.02;
constexpr double kOffset = 0.008;  // of the cosine, so that the first betas are not too small

double cosineShare(double t, double steps) {
  const double cosine = std::cos((t / steps + kOffset) / (1 + kOffset) * std::numbers::pi / 2);
  return cosine * cosine;
}

}  // namespace

std::vector<double> betasOf(NoiseSchedule schedule, std::int64_t steps) {
  std::vector<double> betas;
  const double all = static_cast<double>(steps);
  for (std::int64_t i = 0; i < steps; ++i) {
    const double t = static_cast<double>(i);
    double beta = 0;
    if (schedule == NoiseSchedule::Linear) {
      const double along = steps > 1 ? t / (all - 1) : 1;
      beta = (kFirstBeta + along * (kLastBeta - kFirstBeta)) * kPublishedSteps / all;
    } else {
      beta = 1 - cosineShare(t + 1, all) / cosineShare(t, all);
    }
    betas.push_back(std::min(beta, kLargestBeta));
  }
  return betas;
}

NoisePath NoisePath::diffusion(NoiseSchedule schedule, std::int64_t steps) {
  NoisePath path;
  double kept = 1;  // the share of the signal's variance
  const auto add = [&] {
    const double a = std::sqrt(kept), s = std::sqrt(1 - kept);
    path.levels_.push_back({a, s, -s, a, std::atan2(s, a)});
  };
  add();
  for (const double beta : betasOf(schedule, steps)) {
    kept *= 1 - beta;
    add();
  }
  return path;
}

NoisePath NoisePath::flow(std::int64_t steps) {
  NoisePath path;
  for (std::int64_t t = 0; t <= steps; ++t) {
    const double share = static_cast<double>(t) / static_cast<double>(steps);
    path.levels_.push_back({1 - share, share, -1, 1, share});
  }
  return path;
}

NoisePath NoisePath::of(DenoisingObjective objective, NoiseSchedule schedule, std::int64_t steps) {
  return objective == DenoisingObjective::Flow ? flow(steps) : diffusion(schedule, steps);
}

std::vector<std::int64_t> samplingTimes(std::int64_t steps, std::int64_t strides) {
  std::vector<std::int64_t> times;
  for (std::int64_t i = 0; i <= strides; ++i)
    times.push_back((steps * (strides - i) * 2 + strides) / (2 * strides));  // rounded
  return times;
}

double addedNoise(const NoiseLevel& from, const NoiseLevel& to, double eta) {
  if (from.s == 0) return 0;
  const double kept = from.a / to.a * to.s;  // of the noise of x_to, what x_from has of it
  return eta * to.s / from.s * std::sqrt(std::max(0.0, from.s * from.s - kept * kept));
}

}  // namespace viva
