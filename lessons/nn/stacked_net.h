// SPDX-License-Identifier: GPL-3.0-or-later
// Several copies of one net as one leading dimension: they see the same batch, and every tensor
// operation does the work of all of them. An mlp 2-64-64-2 needs 50 us of matrix products for a
// batch of 128, and spends several times that on starting operations one by one.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "lessons/nn/flat_weights.h"

namespace viva {

/// What a net is made of and how it computes.
struct Architecture {
  enum class Kind { Mlp, Convnet, EmbeddingBag };
  Kind kind = Kind::Mlp;
  std::vector<WeightShape> weights;
  /// `weights` as declared, each with a leading dimension `copies`; inputs [batch, ...].
  /// Answers logits [copies, classes, batch].
  std::function<torch::Tensor(const std::vector<torch::Tensor>& weights,
                              const torch::Tensor& inputs)>
      forward;

  /// What the inputs are to the net as points of a space: [samples, features]. The inputs, or the
  /// mean embeddings of documents. `weights` of one copy.
  torch::Tensor features(const std::vector<torch::Tensor>& weights,
                         const torch::Tensor& inputs) const;
  /// The logits [1, classes, samples] for such points.
  torch::Tensor forwardFeatures(const std::vector<torch::Tensor>& weights,
                                const torch::Tensor& features) const;
};

/// inputs-hidden-hidden-classes with ReLU; inputs [batch, features].
Architecture mlp(std::int64_t inputs, std::int64_t hidden, std::int64_t classes);
/// Two times (3x3 convolution, ReLU, 2x2 maximum), 8 and 16 channels, then a linear layer; images
/// [batch, 1, size, size].
Architecture convnet(std::int64_t size, std::int64_t classes);
/// The mean of the embeddings of a document's words, then a linear layer; word numbers
/// [batch, length], int64.
Architecture embeddingBag(std::int64_t vocabulary, std::int64_t width, std::int64_t classes);

/// The weights of all copies in one flat tensor, so that an optimizer updates its copy as one row.
class StackedNet {
 public:
  /// Every copy starts from the same `initial` weights [parameters].
  StackedNet(Architecture architecture, std::int64_t copies, const torch::Tensor& initial);

  /// [copies, classes, batch] for inputs [batch, ...].
  torch::Tensor forward(const torch::Tensor& inputs) const;
  /// The gradient of each copy's loss with respect to its own weights: [copies, parameters], for
  /// losses [copies]. The returned tensor is the same each time, overwritten by the next call.
  const torch::Tensor& gradients(const torch::Tensor& losses);
  /// [copies, parameters]; to be changed only where no gradients are recorded.
  const torch::Tensor& weights() const { return weights_.flat(); }
  const torch::Tensor& gradients() const { return weights_.gradients(); }
  /// The weights as forward() sees them, one tensor [copies, *shape] each, recording gradients.
  const std::vector<torch::Tensor>& leaves() const { return weights_.leaves(); }

  const Architecture& architecture() const { return architecture_; }
  std::int64_t copies() const { return weights_.copies(); }

 private:
  Architecture architecture_;
  FlatWeights weights_;
};

/// Cross-entropy in nats, the mean over the batch of each copy: [copies].
/// Logits [copies, classes, batch], labels [batch].
torch::Tensor crossEntropy(const torch::Tensor& logits, const torch::Tensor& labels);
/// The share of samples whose label has the largest logit, each copy: [copies]. A logit that is
/// not a number is wrong.
torch::Tensor accuracy(const torch::Tensor& logits, const torch::Tensor& labels);

}  // namespace viva
