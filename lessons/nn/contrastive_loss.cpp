// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/contrastive_loss.h"

#include <torch/nn/functional/loss.h>
#include <torch/types.h>

#include <cmath>

namespace viva {
namespace {

/// [pairs, pairs]: 1 where the captions are equal.
torch::Tensor equalCaptions(const torch::Tensor& captions) {
  return (captions.unsqueeze(0) == captions.unsqueeze(1)).to(torch::kFloat);
}

}  // namespace

torch::Tensor contrastiveLogits(const torch::Tensor& images, const torch::Tensor& texts,
                                const torch::Tensor& scale) {
  return scale * images.matmul(texts.t());
}

torch::Tensor contrastiveLoss(const torch::Tensor& logits) {
  const auto own = torch::arange(logits.size(0), logits.options().dtype(torch::kLong));
  const auto which_text = torch::nn::functional::cross_entropy(logits, own);
  const auto which_image = torch::nn::functional::cross_entropy(logits.t(), own);
  return (which_text + which_image) / 2;
}

torch::Tensor softContrastiveLoss(const torch::Tensor& logits, const torch::Tensor& captions) {
  const auto equal = equalCaptions(captions).to(logits.options());
  const auto targets = equal / equal.sum(1, true);  // [pairs, pairs], symmetric
  const auto which_text = -(targets * torch::log_softmax(logits, 1)).sum(1).mean();
  const auto which_image = -(targets * torch::log_softmax(logits, 0)).sum(0).mean();
  return (which_text + which_image) / 2;
}

double duplicateFloor(const torch::Tensor& captions) {
  return equalCaptions(captions).sum(1).log().mean().item<double>();
}

double scaleFloor(std::int64_t pairs, double scale) {
  if (pairs < 2) return 0;
  const double others = static_cast<double>(pairs - 1);
  return std::log1p(others * std::exp(-scale * (1 + 1 / others)));
}

}  // namespace viva
