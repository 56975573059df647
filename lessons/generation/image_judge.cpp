// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/image_judge.h"

#include <torch/torch.h>

#include <cmath>

namespace viva {
namespace {

constexpr std::int64_t kFeatures = 400, kMostSamples = 3000;
constexpr double kRidge = 1;

}  // namespace

ImageJudge::ImageJudge(const Dataset& data, at::Generator generator) : classes_(data.classes) {
  const auto options = data.inputs.options();
  const std::int64_t pixels = data.inputs[0].numel();
  projection_ = torch::randn({pixels, kFeatures}, generator).to(options) /
                std::sqrt(static_cast<double>(pixels));
  bias_ = torch::randn({kFeatures}, generator).to(options);
  const Dataset used = data.first(kMostSamples);
  const std::int64_t seen = used.samples() - used.samples() / 5;
  const auto all = features(used.inputs);
  const auto x = all.narrow(0, 0, seen).to(torch::kDouble);
  const auto targets = torch::one_hot(used.labels.narrow(0, 0, seen), classes_).to(torch::kDouble);
  const auto gram = x.t().matmul(x) + kRidge * torch::eye(x.size(1), x.options());
  weights_ = torch::linalg_solve(gram, x.t().matmul(targets)).to(options.dtype(torch::kFloat));
  const auto held = used.labels.narrow(0, seen, used.samples() - seen);
  const auto answers = all.narrow(0, seen, used.samples() - seen).matmul(weights_).argmax(1);
  accuracy_ = (answers == held).to(torch::kDouble).mean().item<double>();
}

torch::Tensor ImageJudge::features(const torch::Tensor& images) const {
  const auto hidden = torch::addmm(bias_, images.flatten(1), projection_).relu();
  return torch::cat({hidden, torch::ones({images.size(0), 1}, hidden.options())}, 1);
}

torch::Tensor ImageJudge::read(const torch::Tensor& images) const {
  return features(images).matmul(weights_).argmax(1);
}

torch::Tensor ImageJudge::shares(const torch::Tensor& images) const {
  return torch::bincount(read(images), {}, classes_).to(torch::kDouble) /
         static_cast<double>(images.size(0));
}

}  // namespace viva
