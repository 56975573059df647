// SPDX-License-Identifier: GPL-3.0-or-later
// One net of a GAN on the plane: two hidden layers, all weights in one flat tensor.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/nn/row_updates.h"
#include "lessons/nn/stacked_net.h"

namespace viva {

/// inputs-hidden-hidden-outputs. The activation passes `leak` of what is negative: 0 is ReLU.
/// The weights are named as in the state dictionary of a torch.nn.Sequential.
class GanNet {
 public:
  /// PyTorch's default initialisation.
  GanNet(std::int64_t inputs, std::int64_t hidden, std::int64_t outputs, double leak,
         at::Generator generator, torch::Device device);

  /// [batch, outputs] for [batch, inputs].
  torch::Tensor forward(const torch::Tensor& inputs) const;
  /// The gradient of `loss` with respect to the weights, into the row that the optimizer updates.
  /// Answers the gradient with respect to `further`, when one is given.
  torch::Tensor backward(const torch::Tensor& loss, const torch::Tensor& further = {});
  void update(const UpdateRule& rule);
  void forgetMoments();
  /// After every update: each weight into [-bound, bound].
  void clip(double bound);

  /// Spectral normalisation (Miyato et al., arXiv 1802.05957): from now on forward() divides each
  /// weight matrix W by its largest singular value as estimated by u'Wv.
  void normaliseSpectrally(bool on);
  /// One power iteration for each matrix, from where the last one ended: v = W'u/|W'u|,
  /// u = Wv/|Wv|. Does nothing without normalisation.
  void iteratePower();
  /// The estimates u'Wv of the three matrices; empty without normalisation.
  std::vector<double> spectralEstimates() const;

  const std::vector<torch::Tensor>& leaves() const { return leaves_; }
  const std::vector<WeightShape>& shapes() const { return architecture_.weights; }
  const torch::Tensor& weights() const { return row_.theta; }  ///< [parameters]
  const torch::Tensor& gradients() const { return row_.g; }    ///< [parameters], the last ones
  double leak() const { return leak_; }

 private:
  torch::Tensor layer(int number, const torch::Tensor& inputs) const;

  Architecture architecture_;
  double leak_;
  Row row_;
  std::vector<torch::Tensor> leaves_;  ///< views of row_.theta
  struct SingularVectors {
    torch::Tensor u, v;  ///< [out], [in], unit vectors
  };
  std::vector<SingularVectors> vectors_;
  bool normalised_ = false;
};

/// One power iteration on `matrix` [out, in]; u [out] and v [in] are overwritten.
void iteratePower(const torch::Tensor& matrix, torch::Tensor& u, torch::Tensor& v);

}  // namespace viva
