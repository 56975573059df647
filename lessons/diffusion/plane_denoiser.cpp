// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/plane_denoiser.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <numbers>
#include <utility>

namespace viva {
namespace {

constexpr std::int64_t kFrequencies = 8, kPlaneLayers = 4;

std::vector<WeightShape> denoiserShapes(const PlaneDenoiser::Shape& shape) {
  std::vector<WeightShape> shapes;
  std::int64_t in = 2 + 2 * kFrequencies + shape.classes;
  for (std::int64_t layer = 0; layer < kPlaneLayers; ++layer) {
    const std::int64_t out = layer + 1 < kPlaneLayers ? shape.hidden : 2;
    const std::string name = std::to_string(2 * layer);  // SiLU takes the odd numbers
    shapes.push_back({name + ".weight", {out, in}, in});
    shapes.push_back({name + ".bias", {out}, in});
    in = out;
  }
  return shapes;
}

/// What is known beside the points: the features of their times, and their classes, if any.
torch::Tensor withClasses(const torch::Tensor& features, const torch::Tensor& classes,
                          std::int64_t all_classes) {
  if (all_classes == 0) return features;
  return torch::cat({features, classes.defined() ? classes
                                                 : torch::zeros({features.size(0), all_classes},
                                                                features.options())},
                    1);
}

/// [copies, batch, out] = x W' + b, each copy by its own.
torch::Tensor denoiserLayer(const std::vector<torch::Tensor>& leaves, std::int64_t layer,
                            const torch::Tensor& x) {
  const auto &weight = leaves[2 * layer], &bias = leaves[2 * layer + 1];
  return torch::baddbmm(bias.unsqueeze(1), x, weight.transpose(1, 2));
}

}  // namespace

torch::Tensor timeFeatures(std::int64_t steps, std::int64_t frequencies) {
  constexpr double kLowest = std::numbers::pi, kHighest = 30 * std::numbers::pi;
  const auto share = torch::arange(steps + 1, torch::kDouble) / static_cast<double>(steps);
  const auto frequency =
      torch::linspace(std::log(kLowest), std::log(kHighest), frequencies, torch::kDouble).exp();
  const auto angle = share.unsqueeze(1) * frequency;
  return torch::cat({angle.sin(), angle.cos()}, 1).to(torch::kFloat);
}

PlaneDenoiser::PlaneDenoiser(const Shape& shape, at::Generator generator, torch::Device device)
    : shape_(shape),
      features_(timeFeatures(shape.steps, kFrequencies).to(device)),
      weights_(denoiserShapes(shape), initialWeights(denoiserShapes(shape), std::move(generator))
                                          .unsqueeze(0)
                                          .repeat({shape.copies, 1})
                                          .to(device)) {}

torch::Tensor PlaneDenoiser::forward(const torch::Tensor& points, const torch::Tensor& times,
                                     const torch::Tensor& classes) const {
  const auto known = withClasses(features_.index_select(0, times), classes, shape_.classes);
  auto x = torch::cat({points, known.unsqueeze(0).expand({points.size(0), -1, -1})}, 2);
  for (std::int64_t layer = 0; layer + 1 < kPlaneLayers; ++layer)
    x = torch::silu(denoiserLayer(weights_.leaves(), layer, x));
  return denoiserLayer(weights_.leaves(), kPlaneLayers - 1, x);
}

torch::Tensor PlaneDenoiser::answer(const torch::Tensor& points, std::int64_t time,
                                    const torch::Tensor& classes, std::int64_t copy) const {
  const auto features = features_[time].expand({points.size(0), -1});
  auto x = torch::cat({points, withClasses(features, classes, shape_.classes)}, 1);
  for (std::int64_t layer = 0; layer < kPlaneLayers; ++layer) {
    const auto weight = weights_.leaves()[2 * layer][copy];
    x = torch::addmm(weights_.leaves()[2 * layer + 1][copy], x, weight.t());
    if (layer + 1 < kPlaneLayers) x = torch::silu(x);
  }
  return x;
}

}  // namespace viva
