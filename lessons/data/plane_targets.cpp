// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/plane_targets.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lessons/data/planar.h"

namespace viva {
namespace {

constexpr int kRingModes = 8, kGridSide = 5;

torch::Tensor tensorOf(const std::vector<PlanePoint>& points) {
  auto tensor = torch::empty({static_cast<std::int64_t>(points.size()), 2});
  for (std::size_t i = 0; i < points.size(); ++i) {
    tensor.data_ptr<float>()[2 * i] = static_cast<float>(points[i].x);
    tensor.data_ptr<float>()[2 * i + 1] = static_cast<float>(points[i].y);
  }
  return tensor;
}

torch::Tensor modesOf(PlaneTargetKind kind, const std::vector<PlanePoint>& drawn) {
  std::vector<PlanePoint> modes;
  if (kind == PlaneTargetKind::Drawn)
    for (const PlanePoint& point : drawn)
      if (std::find(modes.begin(), modes.end(), point) == modes.end()) modes.push_back(point);
  if (kind == PlaneTargetKind::Ring)
    for (int i = 0; i < kRingModes; ++i) {
      const double angle = 2 * std::numbers::pi * i / kRingModes;
      modes.push_back({std::cos(angle), std::sin(angle)});
    }
  if (kind == PlaneTargetKind::Grid)
    for (int row = 0; row < kGridSide; ++row)
      for (int column = 0; column < kGridSide; ++column)
        modes.push_back({2.0 * column / (kGridSide - 1) - 1, 2.0 * row / (kGridSide - 1) - 1});
  return tensorOf(modes);
}

torch::Tensor oneOf(const torch::Tensor& centres, std::int64_t count, at::Generator generator) {
  return centres.index_select(
      0, torch::randint(centres.size(0), {count}, generator, torch::TensorOptions(torch::kLong)));
}

}  // namespace

PlaneTarget::PlaneTarget(PlaneTargetKind kind, double sigma, const std::vector<PlanePoint>& drawn)
    : kind_(kind), sigma_(sigma), modes_(modesOf(kind, drawn)), drawn_(tensorOf(drawn)) {}

torch::Tensor PlaneTarget::sample(std::int64_t count, at::Generator generator) const {
  torch::Tensor clean;
  switch (kind_) {
    case PlaneTargetKind::Ring:
    case PlaneTargetKind::Grid:
      clean = oneOf(modes_, count, generator);
      break;
    case PlaneTargetKind::Drawn:
      clean = oneOf(drawn_, count, generator);
      break;
    case PlaneTargetKind::Moons: {
      const auto centre = torch::tensor({0.5f, 0.25f});
      clean = 0.75 * (moons(count, 0, generator).inputs - centre);
      break;
    }
    case PlaneTargetKind::SwissRoll: {
      const auto angle = 1.5 * std::numbers::pi * (1 + 2 * torch::rand({count}, generator));
      const auto radius = angle / (4.5 * std::numbers::pi) * 1.1;
      clean = torch::stack({radius * angle.cos(), radius * angle.sin()}, 1);
      break;
    }
    case PlaneTargetKind::Line: {
      const auto along = 2 * torch::rand({count}, generator) - 1;
      clean = torch::stack({along, 0.5 * along}, 1);
      break;
    }
  }
  return clean + sigma_ * torch::randn({count, 2}, generator);
}

}  // namespace viva
