// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/diffusion_digits_views.h"

#include <torch/nn.h>
#include <torch/utils.h>

#include <algorithm>

#include "lessons/diffusion/diffusion_digits.h"
#include "lessons/diffusion/plane_denoiser.h"
#include "lessons/nn/plane_map.h"

namespace viva {
namespace {

ImagesData digitGrid(const torch::Tensor& images, std::int64_t columns) {
  ImagesData data;
  data.height = data.width = static_cast<int>(kDigitSide);
  data.columns = static_cast<int>(columns);
  data.values = shareFloats(floatsOf(-images));
  data.minimum = -1;
  data.maximum = 1;
  data.images.resize(static_cast<std::size_t>(images.size(0)));
  for (auto& image : data.images) image.caption = std::string();
  return data;
}

/// The caption of the first image of each row.
template <typename Caption>
void captionRows(ImagesData& data, Caption&& caption) {
  for (std::size_t i = 0; i < data.images.size(); i += static_cast<std::size_t>(data.columns))
    data.images[i].caption = caption(i / static_cast<std::size_t>(data.columns));
}

}  // namespace

ImagesData classImages(const torch::Tensor& images, std::int64_t columns) {
  auto data = digitGrid(images, columns);
  captionRows(data, [](std::size_t row) { return std::to_string(row); });
  return data;
}

ImagesData denoisingImages(const std::vector<torch::Tensor>& moments,
                           const std::vector<std::int64_t>& times) {
  auto data = digitGrid(torch::cat(moments), moments[0].size(0));
  captionRows(data, [&](std::size_t row) { return "t = " + std::to_string(times[row]); });
  return data;
}

ImagesData weightImages(const std::vector<torch::Tensor>& by_weight) {
  auto data = digitGrid(torch::cat(by_weight), by_weight[0].size(0));
  captionRows(data, [](std::size_t row) { return "w = " + std::to_string(kJudgedWeights[row]); });
  return data;
}

ImagesData realDigits(const Dataset& data) { return digitGrid(data.first(40).inputs, 0); }

void checkDigitDenoiser(const DigitDenoiser& net, const torch::Tensor& images,
                        const torch::Tensor& classes, CheckSink& sink) {
  namespace nn = torch::nn;
  const torch::NoGradGuard no_grad;
  const auto weights = net.weights().leaves();
  std::size_t next = 0;
  const auto linear = [&](const torch::Tensor& x) {
    nn::Linear layer(weights[next].size(2), weights[next].size(1));
    layer->to(images.device());
    layer->weight.copy_(weights[next][0]);
    layer->bias.copy_(weights[next + 1][0]);
    next += 2;
    return layer->forward(x);
  };
  nn::SiLU silu;
  const std::int64_t time = net.shape().steps / 2;
  const auto features = timeFeatures(net.shape().steps, 16)[time].to(images.device());
  auto x = linear(images);
  const auto known =
      silu->forward(linear(torch::cat({features.expand({images.size(0), -1}), classes}, 1)));
  for (std::int64_t block = 0; block < net.shape().blocks; ++block) {
    const auto inner = linear(x);
    const auto told = linear(known);
    x = x + linear(silu->forward(inner + told));
  }
  const auto theirs = linear(x);
  const auto apart = (net.answer(images, time, classes) - theirs).abs().max().item<double>();
  sink.compare("modules", apart / std::max(1.0, theirs.abs().max().item<double>()), 1e-5);
}

}  // namespace viva
