// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/gan_losses.h"

#include <torch/autograd.h>

#include <cmath>

namespace viva {

// -log sigmoid(a) = softplus(-a) and -log(1 - sigmoid(a)) = softplus(a): neither overflows.
torch::Tensor discriminatorLoss(GanLoss loss, const torch::Tensor& real,
                                const torch::Tensor& fake) {
  switch (loss) {
    case GanLoss::Minimax:
    case GanLoss::NonSaturating:
      return torch::softplus(-real).mean() + torch::softplus(fake).mean();
    case GanLoss::LeastSquares:
      return ((real - 1).square().mean() + fake.square().mean()) / 2;
    case GanLoss::WassersteinClip:
    case GanLoss::WassersteinGp:
      return fake.mean() - real.mean();
    case GanLoss::HingeSn:
      return torch::relu(1 - real).mean() + torch::relu(1 + fake).mean();
  }
  return {};
}

torch::Tensor generatorLoss(GanLoss loss, const torch::Tensor& fake) {
  switch (loss) {
    case GanLoss::Minimax:
      return -torch::softplus(fake).mean();
    case GanLoss::NonSaturating:
      return torch::softplus(-fake).mean();
    case GanLoss::LeastSquares:
      return (fake - 1).square().mean() / 2;
    case GanLoss::WassersteinClip:
    case GanLoss::WassersteinGp:
    case GanLoss::HingeSn:
      return -fake.mean();
  }
  return {};
}

torch::Tensor gradientPenalty(const std::function<torch::Tensor(const torch::Tensor&)>& critic,
                              const torch::Tensor& real, const torch::Tensor& fake,
                              const torch::Tensor& share) {
  const auto between = torch::lerp(fake, real, share).detach().requires_grad_();
  const auto gradient = torch::autograd::grad({critic(between).sum()}, {between}, {},
                                              /*retain_graph=*/true, /*create_graph=*/true)[0];
  return (gradient.flatten(1).norm(2, 1) - 1).square().mean();
}

std::optional<GanEquilibrium> equilibriumOf(GanLoss loss) {
  switch (loss) {
    case GanLoss::Minimax:
      return GanEquilibrium{2 * std::log(2), -std::log(2)};
    case GanLoss::NonSaturating:
      return GanEquilibrium{2 * std::log(2), std::log(2)};
    case GanLoss::LeastSquares:
      return GanEquilibrium{0.25, 0.125};
    default:
      return std::nullopt;
  }
}

torch::Tensor opinionOf(GanLoss loss, const torch::Tensor& scores, double middle) {
  switch (loss) {
    case GanLoss::Minimax:
    case GanLoss::NonSaturating:
      return torch::tanh(scores / 2);  // 2 D - 1
    case GanLoss::LeastSquares:
      return (2 * scores - 1).clamp(-1, 1);
    case GanLoss::HingeSn:
      return scores.clamp(-1, 1);
    case GanLoss::WassersteinClip:
    case GanLoss::WassersteinGp:
      return scores - middle;
  }
  return {};
}

}  // namespace viva
