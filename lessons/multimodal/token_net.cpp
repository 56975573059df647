// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/token_net.h"

#include <torch/utils.h>

#include "lessons/multimodal/moving_shapes.h"

namespace viva {
namespace {

constexpr std::int64_t kEmbedded = 64, kTokenHidden = 32, kTokenClasses = 4;

std::vector<WeightShape> tokenShapes(std::int64_t pixels) {
  return {{"embed.weight", {kEmbedded, pixels}, pixels},
          {"embed.bias", {kEmbedded}, pixels},
          {"head.0.weight", {kTokenHidden, kEmbedded}, kEmbedded},
          {"head.0.bias", {kTokenHidden}, kEmbedded},
          {"head.2.weight", {kTokenClasses, kTokenHidden}, kTokenHidden},
          {"head.2.bias", {kTokenClasses}, kTokenHidden}};
}

}  // namespace

torch::Tensor tubelets(const torch::Tensor& clips, std::int64_t frames, std::int64_t side) {
  const std::int64_t time = clips.size(1) / frames, rows = clips.size(2) / side,
                     columns = clips.size(3) / side;
  return clips.reshape({-1, time, frames, rows, side, columns, side})
      .permute({0, 1, 3, 5, 2, 4, 6})
      .reshape({clips.size(0), time * rows * columns, frames * side * side});
}

std::int64_t tubeletCount(std::int64_t time, std::int64_t height, std::int64_t width,
                          std::int64_t frames, std::int64_t side) {
  return (time / frames) * (height / side) * (width / side);
}

TokenNet::TokenNet(std::int64_t frames, std::int64_t side, at::Generator generator,
                   const std::string& device)
    : frames_(frames),
      side_(side),
      weights_(tokenShapes(frames * side * side),
               initialWeights(tokenShapes(frames * side * side), std::move(generator))
                   .unsqueeze(0)
                   .to(device)) {}

torch::Tensor TokenNet::tokens(const torch::Tensor& clips) const {
  const auto weight = weights_.single();
  return torch::linear(tubelets(clips, frames_, side_), weight[0], weight[1]);
}

torch::Tensor TokenNet::operator()(const torch::Tensor& clips) const {
  const auto weight = weights_.single();
  const auto mean = torch::gelu(tokens(clips)).mean(1);  // a bag: no token knows its place
  const auto hidden = torch::gelu(torch::linear(mean, weight[2], weight[3]));
  return torch::linear(hidden, weight[4], weight[5]);
}

torch::Tensor TokenNet::filters() const {
  return weights_.single()[0].detach().view({kEmbedded, frames_, side_, side_});
}

TokenNet inflated(const TokenNet& picture, std::int64_t frames, bool central) {
  const std::int64_t side = picture.side();
  const auto filters = picture.filters();  // [64, 1, side, side]
  auto grown = torch::zeros({kEmbedded, frames, side, side}, filters.options());
  if (central)
    grown.select(1, frames / 2).copy_(filters.select(1, 0));
  else
    grown.copy_(filters.expand_as(grown) / static_cast<double>(frames));
  const auto rest = picture.weights().flat().narrow(
      1, filters.numel(), picture.weights().flat().size(1) - filters.numel());
  return TokenNet(frames, side,
                  FlatWeights(tokenShapes(frames * side * side),
                              torch::cat({grown.reshape({1, -1}), rest.detach()}, 1)));
}

}  // namespace viva
