// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/detector_net.h"

#include <torch/types.h>

#include <array>
#include <cmath>

#include "lessons/detection/scenes.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kLayers = 5;
constexpr std::array<std::int64_t, kLayers + 1> kChannels{3, 16, 24, 32, 48, 48};
constexpr std::int64_t kNumbers = kSceneShapes + 4;  ///< a box

std::vector<WeightShape> shapesOf(std::int64_t boxes_a_cell) {
  std::vector<WeightShape> shapes;
  for (std::int64_t i = 0; i < kLayers; ++i) {
    const std::int64_t in = kChannels[i], out = kChannels[i + 1];
    shapes.push_back({std::to_string(3 * i) + ".weight", {out, in, 3, 3}, 9 * in});
    shapes.push_back({std::to_string(3 * i + 1) + ".weight", {out}, 1});
    shapes.push_back({std::to_string(3 * i + 1) + ".bias", {out}, 1});
  }
  const std::string head = std::to_string(3 * kLayers);
  const std::int64_t in = kChannels[kLayers], out = boxes_a_cell * kNumbers;
  shapes.push_back({head + ".weight", {out, in, 1, 1}, in});
  shapes.push_back({head + ".bias", {out}, in});
  return shapes;
}

torch::Tensor startOf(const std::vector<WeightShape>& shapes, std::int64_t boxes_a_cell,
                      double prior, at::Generator generator) {
  const auto flat = initialWeights(shapes, std::move(generator)).unsqueeze(0);
  const auto views = weightViews(shapes, flat);
  for (std::int64_t i = 0; i < kLayers; ++i) {
    views[3 * i + 1].fill_(1);
    views[3 * i + 2].zero_();
  }
  const auto bias = views.back().view({boxes_a_cell, kNumbers});
  bias.zero_();
  bias.narrow(1, 0, kSceneShapes).fill_(-std::log((1 - prior) / prior));
  return flat;
}

}  // namespace

DetectorNet::DetectorNet(std::int64_t grid, std::int64_t boxes_a_cell, double prior,
                         at::Generator generator, const std::string& device)
    : grid_(grid),
      boxes_a_cell_(boxes_a_cell),
      weights_(
          shapesOf(boxes_a_cell),
          startOf(shapesOf(boxes_a_cell), boxes_a_cell, prior, std::move(generator)).to(device)) {
  for (std::int64_t i = 0; i < kLayers; ++i) {
    running_.push_back(torch::zeros({kChannels[i + 1]}, weights_.flat().options()));
    running_.push_back(torch::ones({kChannels[i + 1]}, weights_.flat().options()));
  }
}

torch::Tensor DetectorNet::learning(const torch::Tensor& images) { return forward(images, true); }

torch::Tensor DetectorNet::answers(const torch::Tensor& images) const {
  return forward(images, false);
}

torch::Tensor DetectorNet::forward(const torch::Tensor& images, bool is_training) const {
  const std::int64_t halved = grid_ == 6 ? 3 : 2;
  const auto weight = weights_.single();
  auto x = images;
  for (std::int64_t i = 0; i < kLayers; ++i) {
    x = torch::conv2d(x, weight[3 * i], {}, /*stride=*/i < halved ? 2 : 1, /*padding=*/1);
    x = torch::batch_norm(x, weight[3 * i + 1], weight[3 * i + 2], running_[2 * i],
                          running_[2 * i + 1], is_training, /*momentum=*/0.1, /*eps=*/1e-5,
                          torch::globalContext().userEnabledCuDNN());
    x = x.relu_();
  }
  x = torch::conv2d(x, weight[3 * kLayers], weight[3 * kLayers + 1]);
  return x.view({images.size(0), boxes_a_cell_, kNumbers, grid_ * grid_})
      .transpose(2, 3)
      .reshape({images.size(0), -1, kNumbers});
}

void DetectorNet::save(WeightSink& sink, const std::string& prefix) const {
  weights_.save(sink, prefix);
  for (std::int64_t i = 0; i < kLayers; ++i) {
    const std::string norm = prefix + std::to_string(3 * i + 1);
    sink.add(namedArray(norm + ".running_mean", running_[2 * i]));
    sink.add(namedArray(norm + ".running_var", running_[2 * i + 1]));
  }
}

}  // namespace viva
