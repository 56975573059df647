// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/dcgan.h"

#include <torch/nn.h>
#include <torch/utils.h>

#include "lessons/generation/small_images.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

namespace nn = torch::nn;

nn::ConvTranspose2d grow(std::int64_t in, std::int64_t out, int kernel, int stride, int padding,
                         bool bias = false) {
  return nn::ConvTranspose2d(
      nn::ConvTranspose2dOptions(in, out, kernel).stride(stride).padding(padding).bias(bias));
}

nn::Conv2d shrink(std::int64_t in, std::int64_t out, int kernel, int stride, int padding,
                  bool bias) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, kernel).stride(stride).padding(padding).bias(bias));
}

nn::LeakyReLU leaky() { return nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)); }

torch::Tensor oneHot(const torch::Tensor& labels, std::int64_t classes) {
  return torch::one_hot(labels, classes).to(torch::kFloat);
}

}  // namespace

ImageGenerator::ImageGenerator(std::int64_t noise_dim, std::int64_t classes, std::int64_t width)
    : classes_(classes),
      net_(grow(noise_dim + classes, 2 * width, 3, 1, 0), nn::BatchNorm2d(2 * width), nn::ReLU(),
           grow(2 * width, width, 4, 2, 1), nn::BatchNorm2d(width), nn::ReLU(),
           grow(width, 1, 4, 2, 1, /*bias=*/true), nn::Tanh()) {}

torch::Tensor ImageGenerator::forward(const torch::Tensor& noise,
                                      const torch::Tensor& labels) const {
  const auto code = classes_ == 0 ? noise : torch::cat({noise, oneHot(labels, classes_)}, 1);
  return net_->forward(code.unsqueeze(2).unsqueeze(3));
}

ImageDiscriminator::ImageDiscriminator(std::int64_t classes, std::int64_t width)
    : classes_(classes),
      net_(shrink(1 + classes, width, 4, 2, 1, /*bias=*/true), leaky(),
           shrink(width, 2 * width, 4, 2, 1, /*bias=*/false), nn::BatchNorm2d(2 * width), leaky(),
           shrink(2 * width, 1, 3, 1, 0, /*bias=*/true)) {}

torch::Tensor ImageDiscriminator::forward(const torch::Tensor& images,
                                          const torch::Tensor& labels) const {
  if (classes_ == 0) return net_->forward(images).flatten();
  const auto planes = oneHot(labels, classes_)
                          .unsqueeze(2)
                          .unsqueeze(3)
                          .expand({-1, -1, images.size(2), images.size(3)});
  return net_->forward(torch::cat({images, planes}, 1)).flatten();
}

void initialiseDcgan(nn::Sequential& net, at::Generator generator) {
  const torch::NoGradGuard no_grad;
  for (auto& item : net->named_parameters()) {
    auto& weight = item.value();
    if (item.key().ends_with("bias"))
      weight.zero_();
    else
      weight.copy_(0.02 * torch::randn(weight.sizes(), generator) + (weight.dim() == 1 ? 1 : 0));
  }
}

void saveModule(const std::string& prefix, const nn::Sequential& net, WeightSink& sink) {
  const auto save = [&](const std::string& name, const torch::Tensor& tensor) {
    if (!tensor.is_floating_point()) return;  // how many batches batch norm has seen
    sink.add(namedArray(prefix + name, tensor));
  };
  for (const auto& item : net->named_parameters()) save(item.key(), item.value());
  for (const auto& item : net->named_buffers()) save(item.key(), item.value());
}

}  // namespace viva
