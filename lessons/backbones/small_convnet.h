// SPDX-License-Identifier: GPL-3.0-or-later
// Small nets of AlexNet's and VGG's kind, which two experiments of this folder train.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/flat_weights.h"

namespace viva {

enum class ConvnetActivation { Relu, Tanh, Sigmoid };
/// Behind the activation of a convolution: AlexNet's local response normalisation, or the number
/// that it divides by where nothing is active.
enum class ResponseNorm { None, Local, Constant };

/// What a net is made of: stages of convolutions (stride 1, padded to keep the image), each stage
/// ending in a pool of stride 2; then two dense layers and one to the classes.
struct ConvnetPlan {
  struct Convolution {
    std::int64_t out = 0, kernel = 3;
  };
  std::int64_t side = 12, classes = 10;
  std::vector<std::vector<Convolution>> stages;
  std::int64_t pool = 2;  ///< or 3: windows overlap
  std::int64_t hidden = 64;

  std::int64_t convolutions() const;
  /// `conv.0.weight` [out, in, k, k], `conv.0.bias`, ..., `dense.0.weight`, ..., `dense.2.bias`.
  std::vector<WeightShape> weights() const;
};

/// What a net does besides.
struct ConvnetManner {
  ConvnetActivation activation = ConvnetActivation::Relu;
  ResponseNorm norm = ResponseNorm::None;
  double alpha = 1e-4;  ///< of the local response normalisation
  double dropout = 0;   ///< the share of each dense layer's inputs that training sets to zero
};

/// b = a / (2 + alpha * (sum of a^2 over 5 neighbouring channels))^0.75: the paper's, with k = 2,
/// n = 5, beta = 0.75 (Krizhevsky et al., 2012, 3.3). torch.nn.LocalResponseNorm divides its alpha
/// by n. The divisor, [batch, channels, height, width] as `outputs`.
torch::Tensor responseDivisor(const torch::Tensor& outputs, double alpha);

/// Biases zero, weights normal; with the standard deviation `deviation`, or, without one,
/// sqrt(gain / fan_in): a gain of 2 is He's for ReLU (arXiv 1502.01852). [1, parameters], float32.
torch::Tensor normalWeights(const ConvnetPlan& plan, std::optional<double> deviation, double gain,
                            at::Generator generator);

/// How a net does on images, without dropout: the mean cross-entropy in nats, the share of right
/// answers.
struct ConvnetStanding {
  double loss = 0, accuracy = 0;
};

class SmallConvnet {
 public:
  /// `initial` [1, parameters], which is copied. `masks`: of dropout.
  SmallConvnet(ConvnetPlan plan, ConvnetManner manner, const torch::Tensor& initial,
               at::Generator masks);

  /// One update: gradient descent with a momentum of 0.9. Images [batch, 1, side, side], labels
  /// [batch]. Answers the loss, nats.
  double learn(const torch::Tensor& images, const torch::Tensor& labels, double rate);
  /// Logits [images, classes].
  torch::Tensor logits(const torch::Tensor& images) const;
  ConvnetStanding standing(const Dataset& data) const;
  /// Behind the activation of each layer but the last, the first layer first.
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) const;

  const ConvnetPlan& plan() const { return plan_; }
  const ConvnetManner& manner() const { return manner_; }
  const FlatWeights& weights() const { return weights_; }
  std::int64_t updates() const { return updates_; }

 private:
  torch::Tensor activated(const torch::Tensor& inputs) const;
  torch::Tensor normed(const torch::Tensor& outputs) const;
  torch::Tensor dropped(const torch::Tensor& inputs) const;
  /// `is_training`: with dropout. `outputs`: where they are put, if anywhere.
  torch::Tensor forward(const torch::Tensor& images, bool is_training,
                        std::vector<torch::Tensor>* outputs) const;

  ConvnetPlan plan_;
  ConvnetManner manner_;
  FlatWeights weights_;
  at::Generator masks_;
  std::int64_t updates_ = 0;
};

/// The largest difference between the logits and those of LibTorch's own modules with the same
/// weights, relative to the largest logit; 0 where they are not finite any more.
double differenceFromModules(const SmallConvnet& net, const torch::Tensor& images);

}  // namespace viva
