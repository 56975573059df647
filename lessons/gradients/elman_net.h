// SPDX-License-Identifier: GPL-3.0-or-later
// The simple recurrent net of Elman, h_t = f(W h_{t-1} + U x_t + b) with a matrix W of one's
// choice, read out at the end.
#pragma once

#include <torch/types.h>

#include <array>
#include <string>
#include <vector>

#include "lessons/gradients/recurrent_explosion.h"

namespace viva {

class ElmanNet {
 public:
  /// W: Gaussian or orthogonal and scaled to the spectral radius, or [[0.9, 10], [0, 0.9]], both of
  /// whose eigenvalues are 0.9, with a readout of the first unit alone.
  ElmanNet(const Parameters& parameters, std::int64_t inputs, at::Generator generator,
           torch::Device device);

  struct Pass {
    std::vector<torch::Tensor> states;  ///< one a step: [batch, hidden]
    torch::Tensor outputs;              ///< [batch]
  };
  Pass forward(const torch::Tensor& inputs) const;  ///< [time, batch, inputs]

  /// The gradient of `loss` with respect to the weights goes to gradients(). Returns that with
  /// respect to each step's state, [time, batch, hidden].
  torch::Tensor backward(const Pass& pass, const torch::Tensor& loss) const;

  const torch::Tensor& weights() const { return flat_; }
  const torch::Tensor& gradients() const { return gradients_; }
  /// W, U, b, readout weight, readout bias.
  const std::vector<torch::Tensor>& leaves() const { return leaves_; }
  const torch::Tensor& recurrent() const { return leaves_[0]; }  ///< [hidden, hidden]
  static const std::array<std::string, 5> kNames;                ///< of the leaves, as in torch.nn

  RecurrentActivation activation() const { return activation_; }

 private:
  RecurrentActivation activation_;
  torch::Tensor flat_, gradients_;
  std::vector<torch::Tensor> leaves_;
};

/// The largest absolute value of an eigenvalue; NaN for a matrix that is not finite.
double spectralRadius(const torch::Tensor& matrix);

/// Multiplies by min(1, largest / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_; returns the
/// norm before.
double clipByNorm(torch::Tensor gradient, double largest);
/// The angle between two vectors, in degrees.
double angleBetween(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace viva
