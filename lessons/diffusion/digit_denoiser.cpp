// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/digit_denoiser.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <string>
#include <utility>

#include "lessons/diffusion/plane_denoiser.h"

namespace viva {
namespace {

constexpr std::int64_t kDigitFrequencies = 16, kKnownWidth = 128;

std::vector<WeightShape> digitShapes(const DigitDenoiser::Shape& shape) {
  std::vector<WeightShape> shapes;
  const auto linear = [&](const std::string& name, std::int64_t in, std::int64_t out) {
    shapes.push_back({name + ".weight", {out, in}, in});
    shapes.push_back({name + ".bias", {out}, in});
  };
  linear("enter", shape.pixels, shape.width);
  linear("known", 2 * kDigitFrequencies + shape.classes, kKnownWidth);
  for (std::int64_t block = 0; block < shape.blocks; ++block) {
    const std::string name = "blocks." + std::to_string(block) + ".";
    linear(name + "first", shape.width, shape.width);
    linear(name + "known", kKnownWidth, shape.width);
    linear(name + "second", shape.width, shape.width);
  }
  linear("leave", shape.width, shape.pixels);
  return shapes;
}

}  // namespace

DigitDenoiser::DigitDenoiser(const Shape& shape, at::Generator generator, torch::Device device)
    : shape_(shape),
      features_(timeFeatures(shape.steps, kDigitFrequencies).to(device)),
      weights_(digitShapes(shape),
               initialWeights(digitShapes(shape), std::move(generator)).unsqueeze(0).to(device)) {}

torch::Tensor DigitDenoiser::forward(const torch::Tensor& images, const torch::Tensor& times,
                                     const torch::Tensor& classes) const {
  const auto weights = weights_.single();
  std::size_t next = 0;
  const auto linear = [&](const torch::Tensor& x) {
    const auto &weight = weights[next], &bias = weights[next + 1];
    next += 2;
    return torch::addmm(bias, x, weight.t());
  };
  auto x = linear(images);
  const auto known =
      torch::silu(linear(torch::cat({features_.index_select(0, times), classes}, 1)));
  for (std::int64_t block = 0; block < shape_.blocks; ++block) {
    const auto inner = linear(x);
    x = x + linear(torch::silu(inner + linear(known)));
  }
  return linear(x);
}

torch::Tensor DigitDenoiser::answer(const torch::Tensor& images, std::int64_t time,
                                    const torch::Tensor& classes) const {
  return forward(images, torch::full({images.size(0)}, time, classes.options().dtype(torch::kLong)),
                 classes);
}

}  // namespace viva
