// SPDX-License-Identifier: GPL-3.0-or-later
// Four ways to remember a sequence, each with one hidden state a step that its gradient can be
// taken for.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/gradients/memory_over_time.h"
#include "lessons/nn/recurrent_cells.h"

namespace viva {

/// A memory with a linear readout of what is left at the end, all weights in one flat tensor.
class MemoryModel {
 public:
  /// Weights within +-1/sqrt(hidden), PyTorch's default for its recurrent modules. An LSTM's forget
  /// gate gets `forget_bias` in its first bias and 0 in its second.
  MemoryModel(MemoryKind kind, std::int64_t inputs, std::int64_t hidden, double forget_bias,
              at::Generator generator, torch::Device device);

  struct Pass {
    std::vector<torch::Tensor> states;  ///< one a step: [batch, hidden]
    torch::Tensor outputs;              ///< [batch], read from the last state or the attended one
  };
  /// Inputs [time, batch, inputs].
  Pass forward(const torch::Tensor& inputs) const;

  /// The gradient of `loss` with respect to the weights goes to gradients(). Returns the norm of
  /// that with respect to each step's state, [time], float64.
  torch::Tensor backward(const Pass& pass, const torch::Tensor& loss) const;

  MemoryKind kind() const { return kind_; }
  const torch::Tensor& weights() const { return flat_; }         ///< [parameters]
  const torch::Tensor& gradients() const { return gradients_; }  ///< [parameters]
  /// `rnn.weight_ih_l0`, ..., or `states.weight`, `states.bias`, `query`; then `readout.weight`,
  /// `readout.bias`.
  const std::vector<WeightShape>& shapes() const { return shapes_; }
  const std::vector<torch::Tensor>& leaves() const { return leaves_; }
  /// Not of attention.
  CellKind cell() const;

 private:
  MemoryKind kind_;
  std::vector<WeightShape> shapes_;
  torch::Tensor flat_, gradients_;
  std::vector<torch::Tensor> leaves_;
};

}  // namespace viva
