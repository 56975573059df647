// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/blip/word_looks.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <vector>

#include "lessons/data/captioned_shapes.h"

namespace viva {
namespace {

constexpr double kCovered = 0.1;

torch::Tensor shares(const torch::Tensor& counts) {
  return counts / counts.sum(-1, /*keepdim=*/true).clamp_min(1e-12);
}

}  // namespace

WordLooks wordLooks(const BlipNet& net, const torch::Tensor& cells, const torch::Tensor& words) {
  const torch::AutoGradMode with_gradients(true);
  WordLooks looks;
  auto seen = cells.detach().clone().requires_grad_();
  torch::Tensor weights;
  const auto log_shares = net.nextWords(seen, words, &weights).log_softmax(2);
  // The word at `place` is predicted behind what stands before it, so at the same place.
  looks.writing = weights.detach().mean(1).narrow(1, 0, kCaptionLength);
  const auto of_words =
      log_shares.narrow(1, 0, kCaptionLength).gather(2, words.unsqueeze(2)).squeeze(2);
  std::vector<torch::Tensor> relevances;
  for (std::int64_t place = 0; place < kCaptionLength; ++place) {
    const auto slope = torch::autograd::grad({of_words.select(1, place).sum()}, {seen}, {},
                                             /*retain_graph=*/true)[0];
    relevances.push_back((slope * seen.detach()).sum(2).clamp_min(0));
  }
  looks.relevance = shares(torch::stack(relevances, 1));
  const torch::NoGradGuard no_grad;
  net.matching(cells, words, &weights);
  looks.matching = weights.mean(1).narrow(1, 1, kCaptionLength);
  return looks;
}

torch::Tensor shapeCells(const torch::Tensor& masks) {
  const auto covered = torch::adaptive_avg_pool2d(masks, {kPictureCells, kPictureCells});
  return (covered.flatten(1) >= kCovered).to(torch::kFloat);
}

torch::Tensor shareInside(const torch::Tensor& looks, const torch::Tensor& inside) {
  return (looks * inside.unsqueeze(1)).sum(2).mean(0);
}

}  // namespace viva
