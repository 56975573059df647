// SPDX-License-Identifier: GPL-3.0-or-later
// Short clips of a shape that moves by a pixel a frame, on a picture without edges: any single
// frame is the same whichever way the shape goes.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace viva {

inline constexpr std::int64_t kClipFrames = 8, kClipSide = 16, kDirections = 4, kClipShapes = 4;

struct Clips {
  torch::Tensor frames;      ///< [clips, kClipFrames, kClipSide, kClipSide], about 0 to 1
  torch::Tensor directions;  ///< [clips], int64: right, left, down, up
  torch::Tensor shapes;      ///< [clips], int64: disc, square, triangle, cross
};

/// What leaves at one edge comes back at the other. With `speed` 0 nothing moves.
Clips drawClips(std::int64_t count, at::Generator generator, double speed = 1);
/// Each clip, and behind all of them each clip backwards, with the opposite direction.
Clips withReversed(const Clips& clips);

}  // namespace viva
