// SPDX-License-Identifier: GPL-3.0-or-later
// The two nets of a small DCGAN (Radford et al., arXiv 1511.06434), made of the library's modules.
#pragma once

#include <torch/nn.h>

#include <cstdint>
#include <string>

#include "lessons/core/experiment.h"

namespace viva {

/// Noise [batch, noise_dim] to images [batch, 1, 12, 12] in [-1, 1]: transposed convolutions to
/// 3 x 3, 6 x 6 and 12 x 12 pixels, batch norm and ReLU between them, tanh at the end. With
/// `classes` the label's one-hot vector joins the noise (arXiv 1411.1784).
class ImageGenerator {
 public:
  ImageGenerator(std::int64_t noise_dim, std::int64_t classes, std::int64_t width);
  /// `labels` [batch] are ignored without classes.
  torch::Tensor forward(const torch::Tensor& noise, const torch::Tensor& labels) const;
  torch::nn::Sequential& net() const { return net_; }

 private:
  std::int64_t classes_;
  mutable torch::nn::Sequential net_;
};

/// Images to logits [batch]: strided convolutions to 6 x 6 and 3 x 3 pixels, then one number;
/// LeakyReLU 0.2, batch norm in the middle only. With `classes` the label joins as constant planes.
class ImageDiscriminator {
 public:
  ImageDiscriminator(std::int64_t classes, std::int64_t width);
  torch::Tensor forward(const torch::Tensor& images, const torch::Tensor& labels) const;
  torch::nn::Sequential& net() const { return net_; }

 private:
  std::int64_t classes_;
  mutable torch::nn::Sequential net_;
};

/// N(0, 0.02^2) for convolutions, N(1, 0.02^2) for the scale of batch norm, biases zero.
void initialiseDcgan(torch::nn::Sequential& net, at::Generator generator);
void saveModule(const std::string& prefix, const torch::nn::Sequential& net, WeightSink& sink);

/// While this lives the net answers with its running statistics and keeps them as they are.
class Evaluating {
 public:
  explicit Evaluating(torch::nn::Sequential& net) : net_(net) { net_->eval(); }
  ~Evaluating() { net_->train(); }
  Evaluating(const Evaluating&) = delete;
  Evaluating& operator=(const Evaluating&) = delete;

 private:
  torch::nn::Sequential& net_;
};

}  // namespace viva
