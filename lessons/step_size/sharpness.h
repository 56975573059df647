// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/types.h>

#include <functional>
#include <vector>

namespace viva {

/// The largest eigenvalue of a loss's Hessian, by power iteration: multiplies by the Hessian
/// through a second backward pass and goes on from the direction that it found last time.
class Sharpness {
 public:
  /// Directions like `weights`, drawn from `generator`.
  Sharpness(const std::vector<torch::Tensor>& weights, at::Generator generator);

  /// `loss` is built anew from `weights`, which record gradients.
  double measure(const std::function<torch::Tensor()>& loss,
                 const std::vector<torch::Tensor>& weights, int iterations = 10);

 private:
  std::vector<torch::Tensor> direction_;
};

}  // namespace viva
