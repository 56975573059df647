// SPDX-License-Identifier: GPL-3.0-or-later
// Which pixels a unit of LeNet can see, and which of them it looks at.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "lessons/convolution/digit_nets.h"

namespace viva {

/// A unit of convolution 1 (28 x 28 places) or 2 (10 x 10), before its ReLU.
struct LeNetUnit {
  bool is_second = true;
  std::int64_t channel = 0, row = 0, column = 0;
};

/// The square of pixels that a unit can depend on, by kernels and strides alone; parts of it may
/// lie outside the image.
struct ReceptiveBox {
  std::int64_t row = 0, column = 0, side = 1;
};
ReceptiveBox receptiveBox(const LeNetUnit& unit);
/// The pixels of the image that lie in it.
std::int64_t pixelsOf(const ReceptiveBox& box);

/// |d unit / d pixel|, the mean over images [images, 1, 28, 28] and over the channels of the unit's
/// layer: [28, 28].
torch::Tensor effectiveField(const NetWeights& lenet, const LeNetUnit& unit,
                             const torch::Tensor& images);

/// The fewest pixels that carry half of the sum of a map, as a share of `pixels`; 1 where the map
/// is zero everywhere.
double halfShare(const torch::Tensor& map, std::int64_t pixels);
/// The largest value of a map [28, 28] outside of the box.
double largestOutside(const torch::Tensor& map, const ReceptiveBox& box);

}  // namespace viva
