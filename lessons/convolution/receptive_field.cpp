// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/receptive_field.h"

#include <torch/autograd.h>

#include <algorithm>

namespace viva {
namespace {

/// A layer that moves a window over what the layer before it gives.
struct Window {
  std::int64_t kernel, stride, padding;
};
constexpr Window kFirst{5, 1, 2}, kPool{2, 2, 0}, kSecond{5, 1, 0};

/// The box before a layer of the box behind it.
ReceptiveBox before(const ReceptiveBox& box, const Window& layer) {
  return {box.row * layer.stride - layer.padding, box.column * layer.stride - layer.padding,
          (box.side - 1) * layer.stride + layer.kernel};
}

struct Cut {
  std::int64_t first, length;
};
Cut inImage(std::int64_t first, std::int64_t side) {
  const std::int64_t begin = std::max<std::int64_t>(first, 0);
  return {begin, std::min(first + side, kReaderSide) - begin};
}

}  // namespace

ReceptiveBox receptiveBox(const LeNetUnit& unit) {
  ReceptiveBox box{unit.row, unit.column, 1};
  if (unit.is_second) box = before(before(box, kSecond), kPool);
  return before(box, kFirst);
}

std::int64_t pixelsOf(const ReceptiveBox& box) {
  return inImage(box.row, box.side).length * inImage(box.column, box.side).length;
}

torch::Tensor effectiveField(const NetWeights& lenet, const LeNetUnit& unit,
                             const torch::Tensor& images) {
  const NetWeights weights = detached(lenet);
  const auto pixels = images.detach().clone().requires_grad_();
  const LeNetPass pass = lenetPass(weights, pixels);
  const auto& maps = unit.is_second ? pass.second : pass.first;
  auto sum = torch::zeros({kReaderSide, kReaderSide}, pixels.options());
  for (std::int64_t channel = 0; channel < maps.size(1); ++channel) {
    const auto units = maps.select(1, channel).select(1, unit.row).select(1, unit.column);
    const auto slope = torch::autograd::grad({units.sum()}, {pixels}, {}, /*retain_graph=*/true)[0];
    sum += slope.abs().sum(at::IntArrayRef{0, 1});
  }
  return sum / static_cast<double>(maps.size(1) * images.size(0));
}

double halfShare(const torch::Tensor& map, std::int64_t pixels) {
  const auto sorted = std::get<0>(map.flatten().to(torch::kDouble).sort(0, /*descending=*/true));
  const auto sums = sorted.cumsum(0);
  const double whole = sums[-1].item<double>();
  if (!(whole > 0)) return 1;
  const auto needed = (sums < whole / 2).sum().item<std::int64_t>() + 1;
  return static_cast<double>(needed) / static_cast<double>(pixels);
}

double largestOutside(const torch::Tensor& map, const ReceptiveBox& box) {
  auto outside = map.clone();
  const Cut rows = inImage(box.row, box.side), columns = inImage(box.column, box.side);
  outside.narrow(0, rows.first, rows.length).narrow(1, columns.first, columns.length).zero_();
  return outside.abs().max().item<double>();
}

}  // namespace viva
