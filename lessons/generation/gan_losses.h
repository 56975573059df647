// SPDX-License-Identifier: GPL-3.0-or-later
// What the discriminator and the generator minimise. `real` and `fake` are the discriminator's raw
// outputs a, any shape; where it speaks of probabilities, D = sigmoid(a). Means over the batch.
#pragma once

#include <functional>
#include <optional>

namespace at {
class Tensor;
}

namespace viva {

/// In the order of the parameter's names.
enum class GanLoss {
  Minimax,          ///< Goodfellow et al., arXiv 1406.2661: the generator minimises E log(1 - D)
  NonSaturating,    ///< the same paper's remedy: it minimises -E log D
  LeastSquares,     ///< Mao et al., arXiv 1611.04076, targets 1 for real and 0 for fake
  WassersteinClip,  ///< Arjovsky et al., arXiv 1701.07875: weights clipped after every update
  WassersteinGp,    ///< Gulrajani et al., arXiv 1704.00028: a penalty on the gradient's norm
  HingeSn,          ///< Miyato et al., arXiv 1802.05957: hinge loss and spectral normalisation
};

/// A scalar, in nats for Minimax and NonSaturating. Without the gradient penalty.
at::Tensor discriminatorLoss(GanLoss loss, const at::Tensor& real, const at::Tensor& fake);
/// A scalar.
at::Tensor generatorLoss(GanLoss loss, const at::Tensor& fake);

/// E (|grad f(x)| - 1)^2 at points x between `real` and `fake` [batch, ...], one for each pair:
/// x = share * real + (1 - share) * fake. `share` broadcasts over a sample: [batch, 1, ...].
at::Tensor gradientPenalty(const std::function<at::Tensor(const at::Tensor&)>& critic,
                           const at::Tensor& real, const at::Tensor& fake, const at::Tensor& share);

/// Both losses when generated and real samples cannot be told apart and the discriminator knows
/// it; none where the losses are differences of scores, whose zero is arbitrary.
struct GanEquilibrium {
  double discriminator, generator;
};
std::optional<GanEquilibrium> equilibriumOf(GanLoss loss);

/// How real the discriminator finds a sample, from -1 to 1 and 0 for undecided, or, for a critic,
/// its score less `middle`.
at::Tensor opinionOf(GanLoss loss, const at::Tensor& scores, double middle);

inline bool isWasserstein(GanLoss loss) {
  return loss == GanLoss::WassersteinClip || loss == GanLoss::WassersteinGp;
}

}  // namespace viva
