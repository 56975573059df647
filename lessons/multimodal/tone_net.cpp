// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/tone_net.h"

#include <torch/utils.h>

#include "lessons/multimodal/tone_words.h"

namespace viva {
namespace {

constexpr std::int64_t kChannels = 48, kKernel = 5, kHiddenLayers = 3;

std::vector<WeightShape> toneShapes() {
  std::vector<WeightShape> shapes;
  const auto add = [&](std::int64_t module, std::int64_t in, std::int64_t out,
                       std::int64_t kernel) {
    const std::string name = std::to_string(module);
    shapes.push_back({name + ".weight", {out, in, kernel}, in * kernel});
    shapes.push_back({name + ".bias", {out}, in * kernel});
  };
  for (std::int64_t i = 0; i < kHiddenLayers; ++i)
    add(2 * i, i == 0 ? kToneBands : kChannels, kChannels, kKernel);
  add(2 * kHiddenLayers, kChannels, kToneLetters + 1, 1);
  return shapes;
}

}  // namespace

ToneNet::ToneNet(at::Generator generator, const std::string& device)
    : weights_(toneShapes(),
               initialWeights(toneShapes(), std::move(generator)).unsqueeze(0).to(device)) {}

torch::Tensor ToneNet::operator()(const torch::Tensor& frames) const {
  const auto weight = weights_.single();
  auto x = frames.transpose(1, 2);
  for (std::int64_t i = 0; i < kHiddenLayers; ++i)
    x = torch::conv1d(x, weight[2 * i], weight[2 * i + 1], 1, kKernel / 2).relu();
  x = torch::conv1d(x, weight[2 * kHiddenLayers], weight[2 * kHiddenLayers + 1]);
  return x.transpose(1, 2).log_softmax(2);
}

}  // namespace viva
