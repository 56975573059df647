// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/moving_shapes.h"

#include <torch/utils.h>

#include <utility>
#include <vector>

namespace viva {
namespace {

constexpr double kPixelNoise = 0.1;

/// The shortest way on the circle that an axis is.
torch::Tensor around(const torch::Tensor& difference) {
  return (difference + kClipSide / 2.0).remainder(kClipSide) - kClipSide / 2.0;
}

}  // namespace

Clips drawClips(std::int64_t count, at::Generator generator, double speed) {
  Clips clips;
  clips.shapes = torch::randint(kClipShapes, {count}, generator, torch::kLong);
  clips.directions = torch::randint(kDirections, {count}, generator, torch::kLong);
  const auto start = kClipSide * torch::rand({count, 2}, generator);
  const auto radius = (2 + 1.5 * torch::rand({count}, generator)).view({-1, 1, 1});
  const auto level = (0.6 + 0.4 * torch::rand({count}, generator)).view({-1, 1, 1});
  const auto ways = torch::tensor({{1.0F, 0.0F}, {-1.0F, 0.0F}, {0.0F, 1.0F}, {0.0F, -1.0F}});
  const auto velocity = speed * ways.index_select(0, clips.directions);
  const auto axis = torch::arange(kClipSide, torch::kFloat);
  std::vector<torch::Tensor> frames;
  for (std::int64_t t = 0; t < kClipFrames; ++t) {
    const auto centre = start + velocity * static_cast<double>(t);
    const auto dx = around(axis.view({1, 1, -1}) - centre.select(1, 0).view({-1, 1, 1}));
    const auto dy = around(axis.view({1, -1, 1}) - centre.select(1, 1).view({-1, 1, 1}));
    const auto ax = dx.abs(), ay = dy.abs();
    // How far inside each shape a pixel lies, in pixels.
    const auto disc = radius - (dx.square() + dy.square()).sqrt();
    const auto square = 0.9 * radius - torch::maximum(ax, ay);
    const auto triangle = torch::minimum(0.9 * radius - dy, 0.5 * (dy + 1.1 * radius) - ax + 0.3);
    const auto cross = torch::maximum(torch::minimum(radius - ax, 0.4 * radius - ay),
                                      torch::minimum(radius - ay, 0.4 * radius - ax));
    const auto all = torch::stack({disc, square, triangle, cross}, 1);
    const auto which = clips.shapes.view({-1, 1, 1, 1}).expand({-1, 1, kClipSide, kClipSide});
    frames.push_back((all.gather(1, which).squeeze(1) + 0.5).clamp(0, 1) * level);
  }
  clips.frames = torch::stack(frames, 1);
  clips.frames += kPixelNoise * torch::randn(clips.frames.sizes(), generator);
  return clips;
}

Clips withReversed(const Clips& clips) {
  return {torch::cat({clips.frames, clips.frames.flip(1)}),
          torch::cat({clips.directions, clips.directions.bitwise_xor(1)}),
          torch::cat({clips.shapes, clips.shapes})};
}

}  // namespace viva
