// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/surface_field.h"

#include <torch/utils.h>

#include <algorithm>

namespace viva {
namespace {

/// The heights at the middle of each cell, row by row from y0 upwards.
std::vector<float> heightsOf(const Surface& surface, const Rectangle& shown, int cells,
                             double shift) {
  const torch::NoGradGuard no_gradient;
  const auto middles = [&](double from, double to) {
    const double half = 0.5 * (to - from) / cells;
    return torch::linspace(from + half, to - half, cells, torch::kFloat64);
  };
  const torch::Tensor x = (middles(shown.x0, shown.x1) - shift).unsqueeze(0);
  const torch::Tensor y = middles(shown.y0, shown.y1).unsqueeze(1);
  const torch::Tensor heights = surface.value(x.expand({cells, cells}), y.expand({cells, cells}))
                                    .to(torch::kFloat32)
                                    .contiguous();
  const float* const first = heights.data_ptr<float>();
  return {first, first + heights.numel()};
}

}  // namespace

SurfaceField::SurfaceField(const Surface& surface, Point start)
    : surface_(surface), shown_(surface.domain()) {
  const double margin = 0.08 * (shown_.x1 - shown_.x0);
  shown_.x0 = std::min(shown_.x0, start.x - margin);
  shown_.x1 = std::max(shown_.x1, start.x + margin);
  shown_.y0 = std::min(shown_.y0, start.y - margin);
  shown_.y1 = std::max(shown_.y1, start.y + margin);
}

void SurfaceField::show(PlaneData& plane, double shift) const {
  if (!heights_ || shift != shift_) {
    heights_ = shareFloats(heightsOf(surface_, shown_, kCells, shift));
    shift_ = shift;
  }
  plane.x0 = shown_.x0;
  plane.x1 = shown_.x1;
  plane.y0 = shown_.y0;
  plane.y1 = shown_.y1;
  FieldLayer field;
  field.name = "surface";
  field.x0 = shown_.x0;
  field.x1 = shown_.x1;
  field.y0 = shown_.y0;
  field.y1 = shown_.y1;
  field.rows = field.columns = kCells;
  field.values = heights_;
  field.diverging = surface_.kind() == SurfaceKind::Saddle;  // up and down from its middle
  field.logarithmic = !field.diverging;
  field.contours = 12;
  plane.layers.emplace_back(std::move(field));

  const auto showPoints = [&](const char* name, std::vector<Point> points) {
    if (points.empty()) return;
    for (Point& point : points) point.x += shift;
    PointsLayer layer;
    layer.name = name;
    layer.label = Word{std::string("layer.") + name};
    layer.points = std::move(points);
    plane.layers.emplace_back(std::move(layer));
  };
  showPoints("minima", surface_.minima());
  showPoints("local_minima", surface_.localMinima());
}

}  // namespace viva
