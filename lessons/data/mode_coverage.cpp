// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/mode_coverage.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace viva {

std::optional<Coverage> coverageOf(const torch::Tensor& samples, const torch::Tensor& modes,
                                   double sigma) {
  const std::int64_t count = modes.size(0);
  if (count == 0 || samples.size(0) == 0) return std::nullopt;
  if (!samples.isfinite().all().item<bool>()) return std::nullopt;
  // Squares of differences: a matrix product would lose the digits that tell 3 sigma.
  const auto x = samples.to(torch::kCPU).contiguous();
  const auto centres = modes.to(torch::kCPU).contiguous();
  const float* place = x.data_ptr<float>();
  const float* centre = centres.data_ptr<float>();
  std::vector<std::int64_t> nearest_to(count), good(count);
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    std::int64_t nearest = 0;
    float best = std::numeric_limits<float>::infinity();
    for (std::int64_t mode = 0; mode < count; ++mode) {
      const float dx = place[2 * i] - centre[2 * mode];
      const float dy = place[2 * i + 1] - centre[2 * mode + 1];
      const float squared = dx * dx + dy * dy;
      if (squared < best) best = squared, nearest = mode;
    }
    ++nearest_to[nearest];
    good[nearest] += best <= 9 * sigma * sigma;
  }
  Coverage coverage;
  const double all = static_cast<double>(x.size(0));
  for (std::int64_t mode = 0; mode < count; ++mode) {
    const double share = static_cast<double>(nearest_to[mode]) / all;
    coverage.modes_covered += good[mode] > 0;
    coverage.high_quality += static_cast<double>(good[mode]) / all;
    if (share > 0) coverage.kl_to_uniform += share * std::log(share * static_cast<double>(count));
    coverage.shares.push_back(share);
  }
  std::vector<double> sorted = coverage.shares;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  sorted.resize(std::min<std::size_t>(3, sorted.size()));
  coverage.top3_share = std::accumulate(sorted.begin(), sorted.end(), 0.0);
  return coverage;
}

double perfectQuality() { return 1 - std::exp(-4.5); }

torch::Tensor sortedProjections(const torch::Tensor& points) {
  const auto angle =
      torch::arange(kDirections, points.options()) * (std::numbers::pi / kDirections);
  const auto directions = torch::stack({angle.cos(), angle.sin()});  // [2, directions]
  return std::get<0>(points.matmul(directions).t().contiguous().sort(1));
}

double slicedWasserstein(const torch::Tensor& projections, const torch::Tensor& others) {
  return (projections - others).abs().mean().item<double>();
}

}  // namespace viva
