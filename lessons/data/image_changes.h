// SPDX-License-Identifier: GPL-3.0-or-later
// What training does to images so that no two epochs show the same ones.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace viva {

/// Each image [n, channels, side, side] moved by up to `reach` pixels in either direction, all
/// moves alike likely; zeros come in. AlexNet cut a random 224 x 224 of 256 x 256, which is the
/// same.
torch::Tensor shifted(const torch::Tensor& images, std::int64_t reach, at::Generator generator);

/// Each image about its centre, `factors` [n] times as large on the same canvas, bilinear; zeros
/// come in.
torch::Tensor zoomed(const torch::Tensor& images, const torch::Tensor& factors);

}  // namespace viva
