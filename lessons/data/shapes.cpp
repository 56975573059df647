// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/shapes.h"

#include <torch/types.h>

namespace viva {

Dataset shapes(std::int64_t samples, std::int64_t size, at::Generator generator) {
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * torch::rand({samples, 1, 1}, generator);
  };
  const auto radius = uniform(0.45, 0.7), shift_x = uniform(-0.2, 0.2),
             shift_y = uniform(-0.2, 0.2);
  const auto pixels = (torch::arange(size) + 0.5) * (2.0 / static_cast<double>(size)) - 1;
  const auto x = pixels.view({1, 1, size}) - shift_x;  // [samples, 1, size]
  const auto y = pixels.view({1, size, 1}) - shift_y;  // downwards

  // How far outside the shape a pixel is; negative inside.
  const auto ax = x.abs(), ay = y.abs();
  const auto disc = (x.square() + y.square()).sqrt() - radius;
  const auto square = torch::maximum(ax, ay) - 0.85 * radius;
  const auto triangle = torch::maximum(y - 0.7 * radius, 0.87 * ax - 0.5 * y - 0.55 * radius);
  const auto arm = 0.28 * radius;
  const auto cross =
      torch::minimum(torch::maximum(ax - radius, ay - arm), torch::maximum(ay - radius, ax - arm));
  const auto all = torch::stack({disc, square, triangle, cross});  // [classes, samples, ...]

  Dataset dataset;
  dataset.classes = kShapeClasses;
  dataset.labels = torch::arange(samples, torch::kLong) % kShapeClasses;
  const auto chosen = all.index({dataset.labels, torch::arange(samples, torch::kLong)});
  const double softness = 2.0 / static_cast<double>(size);  // a pixel
  dataset.inputs = (0.5 - chosen / softness).clamp(0, 1).unsqueeze(1).to(torch::kFloat);
  return dataset;
}

}  // namespace viva
