// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/plane_map.h"

#include <torch/types.h>

#include <cmath>
#include <utility>

namespace viva {

torch::Tensor PlaneGrid::centres(const torch::TensorOptions& options) const {
  const auto along = [&](double from, double to, std::int64_t cells) {
    return from + (to - from) * (torch::arange(cells, options) + 0.5) / cells;
  };
  const auto grid = torch::meshgrid({along(y0, y1, rows), along(x0, x1, columns)}, "ij");
  return torch::stack({grid[1].flatten(), grid[0].flatten()}, 1);
}

FieldLayer PlaneGrid::field(std::string name, const torch::Tensor& values) const {
  FieldLayer layer;
  layer.name = std::move(name);
  layer.x0 = x0, layer.x1 = x1, layer.y0 = y0, layer.y1 = y1;
  layer.rows = static_cast<int>(rows);
  layer.columns = static_cast<int>(columns);
  layer.values = shareFloats(floatsOf(values));
  return layer;
}

std::vector<Point> finitePoints(const torch::Tensor& points) {
  const auto host = points.to(torch::kCPU, torch::kDouble).contiguous();
  const double* place = host.data_ptr<double>();
  std::vector<Point> places;
  for (std::int64_t i = 0; i < host.size(0); ++i)
    if (std::isfinite(place[2 * i]) && std::isfinite(place[2 * i + 1]))
      places.push_back({place[2 * i], place[2 * i + 1]});
  return places;
}

std::vector<float> floatsOf(const torch::Tensor& tensor) {
  const auto host = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
  return {host.data_ptr<float>(), host.data_ptr<float>() + host.numel()};
}

}  // namespace viva
