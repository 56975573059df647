// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/image_changes.h"

#include <torch/nn/functional/vision.h>

namespace viva {

torch::Tensor shifted(const torch::Tensor& images, std::int64_t reach, at::Generator generator) {
  const std::int64_t count = images.size(0), channels = images.size(1), side = images.size(2),
                     wide = side + 2 * reach;
  const auto moves = torch::randint(2 * reach + 1, {2, count, 1}, generator, torch::kLong);
  const auto pixels = torch::arange(side, torch::kLong);
  const auto rows = (moves[0] + pixels).unsqueeze(2);     // [n, side, 1]
  const auto columns = (moves[1] + pixels).unsqueeze(1);  // [n, 1, side]
  const auto places = (rows * wide + columns).flatten(1).unsqueeze(1).to(images.device());
  return torch::constant_pad_nd(images, {reach, reach, reach, reach})
      .flatten(2)
      .gather(2, places.expand({-1, channels, -1}))
      .view_as(images);
}

torch::Tensor zoomed(const torch::Tensor& images, const torch::Tensor& factors) {
  namespace F = torch::nn::functional;
  auto where = torch::zeros({images.size(0), 2, 3}, images.options());
  where.select(1, 0).select(1, 0).copy_(1 / factors);
  where.select(1, 1).select(1, 1).copy_(1 / factors);
  const auto grid = F::affine_grid(where, images.sizes(), /*align_corners=*/false);
  return F::grid_sample(images, grid, F::GridSampleFuncOptions().align_corners(false));
}

}  // namespace viva
