// SPDX-License-Identifier: GPL-3.0-or-later
// A plain stack of equal layers, as deep as one likes, that lets its gradients be looked at.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "lessons/gradients/wiring.h"

namespace viva {

/// What cannot change while the net lives.
struct DeepNetSize {
  std::int64_t depth = 2;  ///< hidden layers, at least 2
  std::int64_t width = 32, inputs = 2, classes = 2;
};

/// f.
torch::Tensor activate(Activation activation, const torch::Tensor& pre_activations);
/// f', in closed form; of the ReLUs at zero, the slope to the left.
torch::Tensor derivative(Activation activation, const torch::Tensor& pre_activations);

/// The standard deviation of a weight between two hidden layers: small-normal 0.01, large-normal
/// 1, Xavier sqrt(2 / (in + out)) (Glorot and Bengio 2010), He sqrt(2 / in) (arXiv 1502.01852),
/// orthogonal 1 / sqrt(width), PyTorch’s default 1 / sqrt(3 in), uniform within 1 / sqrt(in).
double deviationOf(Initialisation initialisation, std::int64_t width);

/// Whose means and variances a batch norm uses.
enum class Statistics {
  Batch,          ///< the batch's own, and nothing is remembered
  BatchAndLearn,  ///< the batch's own, which also move the running ones: training
  Running,        ///< those gathered in training: evaluation
};

/// What came out of one forward pass. The pre-activations are what the activation functions
/// receive: W h + b, or, behind a norm, norm(W h).
struct Forward {
  std::vector<torch::Tensor> pre_activations;  ///< one a layer: [batch, width]
  std::vector<torch::Tensor> activations;      ///< the layers' outputs: [batch, width]
  torch::Tensor logits;                        ///< [batch, classes]
};

/// All weights in one flat tensor, so that an optimizer updates them at once, and those of all
/// hidden layers in one leaf, so that autograd returns their gradients as one tensor.
class DeepNet {
 public:
  /// Hidden weights as `initialisation` says, biases zero, norms' scales one. The readout is
  /// Xavier's whatever the hidden layers are, so that the same error enters every stack.
  DeepNet(DeepNetSize size, Initialisation initialisation, at::Generator generator,
          torch::Device device);

  /// Inputs [batch, inputs]. Changes nothing but, where it is to learn, the running statistics.
  Forward forward(const Wiring& wiring, const torch::Tensor& inputs, Statistics statistics) const;

  /// The gradient of a scalar `loss` made from `forward`, with respect to the weights, goes to
  /// gradients(). Returns the norms that were met on the way, [2, depth], float64: of the gradient
  /// with respect to each layer's pre-activations, and to its weight matrix.
  torch::Tensor backward(const Wiring& wiring, const Forward& forward,
                         const torch::Tensor& loss) const;

  /// Flat: [parameters]; to be changed only where no gradients are recorded.
  const torch::Tensor& weights() const { return flat_; }
  const torch::Tensor& gradients() const { return gradients_; }

  const DeepNetSize& size() const { return size_; }
  const torch::Tensor& first() const { return first_; }    ///< [width, inputs]
  const torch::Tensor& hidden() const { return hidden_; }  ///< [depth - 1, width, width]

  struct Named {
    std::string name;
    torch::Tensor tensor;
  };
  /// As a state dictionary of torch.nn modules: `hidden.3.weight`, `norm.3.weight`,
  /// `norm.3.running_mean`, `readout.bias`. Without a norm, the biases belong to the layers.
  std::vector<Named> state(const Wiring& wiring) const;

 private:
  torch::Tensor normalise(const Wiring& wiring, const torch::Tensor& sums,
                          const torch::Tensor& scale, const torch::Tensor& shift,
                          std::int64_t layer, Statistics statistics) const;
  std::vector<torch::Tensor> leaves(const Wiring& wiring) const;

  DeepNetSize size_;
  torch::Tensor flat_, gradients_;
  torch::Tensor first_, hidden_, biases_, readout_, readout_bias_, scales_;  ///< views of flat_
  torch::Tensor running_means_, running_variances_;                          ///< [depth, width]
};

/// The L2 norm of each `values`[i], summed in float64: the float32 norm of numbers below 1e-23 is
/// zero, although the numbers are not, because their squares are.
torch::Tensor exactNorms(const torch::Tensor& values);

}  // namespace viva
