// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/attention.h"

#include <torch/torch.h>

#include <algorithm>

namespace viva {
namespace {

/// One number where all copies have the same scale, else [copies, 1, 1, 1, 1].
torch::Tensor scaled(const torch::Tensor& q, const std::vector<double>& scales) {
  const bool is_one = std::all_of(scales.begin(), scales.end(),
                                  [&](double scale) { return scale == scales.front(); });
  if (is_one) return q * scales.front();
  return q * torch::tensor(scales, q.options()).view({-1, 1, 1, 1, 1});
}

}  // namespace

Attended attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                const torch::Tensor& bias, const std::vector<double>& scales) {
  Attended made{q, k, v, {}, {}, {}};
  made.scores = torch::matmul(scaled(q, scales), k.transpose(-2, -1));
  made.weights = (bias.defined() ? made.scores + bias : made.scores).softmax(-1);
  made.mixed = torch::matmul(made.weights, v);
  return made;
}

torch::Tensor attendPacked(const torch::Tensor& packed, const torch::Tensor& bias,
                           const std::vector<double>& scales) {
  const auto parts = packed.permute({3, 0, 1, 4, 2, 5}).unbind(0);
  return attend(parts[0], parts[1], parts[2], bias, scales).mixed.transpose(2, 3);
}

}  // namespace viva
