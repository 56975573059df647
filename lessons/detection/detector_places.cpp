// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/detector_places.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "lessons/detection/box_measures.h"

namespace viva {
namespace {

constexpr double kUsualSide = 14, kMostStretch = 2;
constexpr double kSides[] = {10, 14, 18}, kRatios[] = {2.0 / 3, 1, 1.5};
constexpr double kFound = 0.5, kNotFound = 0.4;

Box boxAt(const float* corners) { return {corners[0], corners[1], corners[2], corners[3]}; }

}  // namespace

DetectorPlaces::DetectorPlaces(Assignment assignment, std::int64_t grid)
    : assignment_(assignment),
      grid_(grid),
      cell_(static_cast<double>(kSceneSide) / static_cast<double>(grid)) {
  std::vector<float> corners;
  const auto add = [&](double w, double h) {
    for (std::int64_t row = 0; row < grid; ++row)
      for (std::int64_t column = 0; column < grid; ++column) {
        const double x = (static_cast<double>(column) + 0.5) * cell_;
        const double y = (static_cast<double>(row) + 0.5) * cell_;
        for (const double corner : {x - w / 2, y - h / 2, x + w / 2, y + h / 2})
          corners.push_back(static_cast<float>(corner));
      }
  };
  if (assignment == Assignment::Center)
    add(kUsualSide, kUsualSide);
  else
    for (const double side : kSides)
      for (const double ratio : kRatios) add(side / std::sqrt(ratio), side * std::sqrt(ratio));
  boxes_ = torch::tensor(corners).view({-1, 4});
}

torch::Tensor DetectorPlaces::assigned(const Scenes& scenes) const {
  auto roles = torch::full({scenes.count(), count()}, kNoObject, torch::kLong);
  const auto shape = scenes.shapes.accessor<std::int64_t, 2>();
  for (std::int64_t i = 0; i < scenes.count(); ++i) {
    std::int64_t objects = 0;
    while (objects < scenes.mostObjects() && shape[i][objects] >= 0) objects += 1;
    const float* boxes = scenes.boxes[i].data_ptr<float>();
    auto* row = roles[i].data_ptr<std::int64_t>();
    if (assignment_ == Assignment::Center)
      assignCells(boxes, objects, row);
    else
      assignAnchors(boxes, objects, row);
  }
  return roles;
}

void DetectorPlaces::assignCells(const float* boxes, std::int64_t objects,
                                 std::int64_t* roles) const {
  for (std::int64_t k = 0; k < objects; ++k) {
    const Box box = boxAt(boxes + 4 * k);
    const auto row = static_cast<std::int64_t>((box.y0 + box.y1) / 2 / cell_);
    const auto column = static_cast<std::int64_t>((box.x0 + box.x1) / 2 / cell_);
    roles[row * grid_ + column] = k;
  }
}

void DetectorPlaces::assignAnchors(const float* boxes, std::int64_t objects,
                                   std::int64_t* roles) const {
  const float* anchors = boxes_.data_ptr<float>();
  std::vector<double> most(static_cast<std::size_t>(objects));
  std::vector<std::int64_t> best(static_cast<std::size_t>(objects));
  for (std::int64_t place = 0; place < count(); ++place) {
    double highest = 0;
    std::int64_t object = kNoObject;
    for (std::int64_t k = 0; k < objects; ++k) {
      const double iou = overlap(boxAt(anchors + 4 * place), boxAt(boxes + 4 * k));
      if (iou > most[k]) {
        most[k] = iou;
        best[k] = place;
      }
      if (iou <= highest) continue;
      highest = iou;
      object = k;
    }
    roles[place] = highest >= kFound ? object : highest >= kNotFound ? kTakesNoPart : kNoObject;
  }
  for (std::int64_t k = 0; k < objects; ++k) roles[best[k]] = k;
}

torch::Tensor DetectorPlaces::decoded(const torch::Tensor& raw, const torch::Tensor& places) const {
  const auto low = places.slice(-1, 0, 2), high = places.slice(-1, 2, 4);
  const auto move = raw.slice(-1, 0, 2), stretch = raw.slice(-1, 2, 4);
  const auto sides = high - low;
  const auto centre =
      (low + high) / 2 + (assignment_ == Assignment::Center ? move.tanh() * cell_ : move * sides);
  const auto half = sides / 2 * stretch.clamp(-kMostStretch, kMostStretch).exp();
  return torch::cat({centre - half, centre + half}, -1);
}

}  // namespace viva
