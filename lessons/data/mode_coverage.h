// SPDX-License-Identifier: GPL-3.0-or-later
// How good generated points are: mode coverage, quality, distance to the target.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace at {
class Tensor;
}

namespace viva {

/// Of samples against the modes of a mixture. Each sample counts for its nearest mode; it is of
/// high quality within 3 sigma of it, and a mode is covered by at least one such sample (VEEGAN,
/// arXiv 1705.07761).
struct Coverage {
  std::int64_t modes_covered = 0;
  double high_quality = 0;       ///< share of the samples, in [0, 1]
  double kl_to_uniform = 0;      ///< nats: KL(shares || uniform)
  double top3_share = 0;         ///< of the samples: those nearest to the three largest modes
  std::vector<double> shares{};  ///< of the samples, one a mode; they sum to 1
};

/// samples [n, 2], modes [modes, 2]; none without modes or with a sample that is not finite.
std::optional<Coverage> coverageOf(const at::Tensor& samples, const at::Tensor& modes,
                                   double sigma);

/// What a perfect generator scores: a Gaussian of the plane lies within 3 sigma of its centre with
/// probability 1 - exp(-9/2) = 0.98889, not 1.
double perfectQuality();

/// The points' projections on `kDirections` evenly spaced directions, sorted: [directions, n].
at::Tensor sortedProjections(const at::Tensor& points);
inline constexpr std::int64_t kDirections = 16;
/// Sliced Wasserstein-1 distance of two sets of as many points, from their sorted projections: the
/// mean over the directions of the distance in one dimension, the mean |sorted difference|.
double slicedWasserstein(const at::Tensor& projections, const at::Tensor& others);

}  // namespace viva
