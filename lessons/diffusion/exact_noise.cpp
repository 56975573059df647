// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/exact_noise.h"

#include <torch/types.h>

namespace viva {

Denoised exactParts(const PlaneMixture& mixture, const torch::Tensor& a_of_each,
                    const torch::Tensor& s_of_each, const torch::Tensor& points) {
  const auto a = a_of_each.to(torch::kDouble), s = s_of_each.to(torch::kDouble);
  const auto x = points.to(torch::kDouble);
  const double own = mixture.sigma * mixture.sigma;
  const auto variance = a * a * own + s * s;  // [n, 1]
  const auto centres = mixture.centres.to(x.options()).unsqueeze(0);
  const auto away = x.unsqueeze(1) - a.unsqueeze(2) * centres;  // [n, components, 2]
  // How likely x_t comes from each component; given that, all is Gaussian and linear.
  const auto shares = (away.square().sum(2) / (-2 * variance)).softmax(1).unsqueeze(2);
  const auto mean_away = (shares * away).sum(1), mean_centre = (shares * centres).sum(1);
  return {mean_centre + a * own / variance * mean_away, s / variance * mean_away};
}

Denoised exactParts(const PlaneMixture& mixture, const NoiseLevel& level, const torch::Tensor& x) {
  const auto all = torch::ones({x.size(0), 1}, x.options().dtype(torch::kDouble));
  return exactParts(mixture, level.a * all, level.s * all, x);
}

torch::Tensor exactScore(const PlaneMixture& mixture, const NoiseLevel& level,
                         const torch::Tensor& x) {
  return exactParts(mixture, level, x).noise / -level.s;
}

}  // namespace viva
