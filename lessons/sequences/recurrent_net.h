// SPDX-License-Identifier: GPL-3.0-or-later
// A recurrent layer and a linear read-out whose weights are one flat tensor, so that clipping and
// Adam are a handful of operations instead of six times as many.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/recurrent_cells.h"

namespace viva {

class RecurrentNet {
 public:
  struct Size {
    std::int64_t inputs = 1, hidden = 1, outputs = 1;
  };

  /// Weights as torch.nn draws them, uniform within +-1/sqrt(hidden). Peepholes start at 0, so that
  /// a peephole cell starts as the LSTM of the same generator. `forget_bias`: b_ih of the
  /// forget gate is set to it and b_hh to 0 (LSTM and peephole only); none leaves them as drawn.
  RecurrentNet(CellKind kind, Size size, std::optional<double> forget_bias, at::Generator generator,
               const std::string& device);

  CellKind kind() const { return kind_; }
  Size size() const { return size_; }
  std::int64_t parameters() const { return theta_.numel(); }

  /// Outputs [time, batch, outputs] for inputs [time, batch, inputs], by the library's kernels.
  torch::Tensor forward(const torch::Tensor& inputs) const;
  /// Outputs for hidden states [..., hidden].
  torch::Tensor readOut(const torch::Tensor& hidden) const;

  /// The gradient of `loss` in one flat tensor; returns its norm before clipping to `max_norm`
  /// (arXiv 1211.5063; no clipping where that is 0).
  double gradient(const torch::Tensor& loss, double max_norm);
  /// One update by that gradient with Adam (arXiv 1412.6980; betas 0.9 and 0.999).
  void adam(double learning_rate);

  /// Recording gradients.
  const CellWeights& cell() const { return cell_; }
  const std::vector<torch::Tensor>& leaves() const { return leaves_; }
  const torch::Tensor& theta() const { return theta_; }
  const torch::Tensor& gradient() const { return gradient_; }

  /// A state dictionary of torch.nn modules `rnn` and `readout`.
  void save(WeightSink& sink, const std::string& prefix = "") const;

 private:
  CellKind kind_;
  Size size_;
  std::vector<WeightShape> shapes_;
  torch::Tensor theta_, gradient_;     ///< [parameters]
  torch::Tensor momentum_, variance_;  ///< [parameters], Adam's
  std::int64_t updates_ = 0;
  std::vector<torch::Tensor> leaves_;  ///< views of theta_, one a weight
  CellWeights cell_;
};

}  // namespace viva
