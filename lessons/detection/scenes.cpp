// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/scenes.h"

#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "lessons/detection/box_measures.h"

namespace viva {
namespace {

constexpr std::int64_t kTries = 20;
constexpr double kGround = 0.12, kNoise = 0.08, kMostOverlap = 0.1;
constexpr std::array<std::array<float, 3>, 5> kColours{{{0.9f, 0.2f, 0.2f},
                                                        {0.2f, 0.8f, 0.3f},
                                                        {0.25f, 0.4f, 0.95f},
                                                        {0.95f, 0.85f, 0.2f},
                                                        {0.8f, 0.3f, 0.85f}}};

/// How far outside of the shape in the square from -1 to 1 a place is; negative inside.
double distanceTo(std::int64_t shape, double u, double v) {
  if (shape == 0) return std::hypot(u, v) - 1;
  if (shape == 1) return std::max(std::abs(u), std::abs(v)) - 1;
  return std::max(v - 1, (2 * std::abs(u) - 1 - v) / std::sqrt(5.0));
}

/// Four numbers from 0 to 1 make a box that lies in the picture.
Box boxFrom(const float* draws) {
  const double half = 5 + 4 * draws[0];
  const double stretch = std::sqrt(0.75 + (4.0 / 3 - 0.75) * draws[1]);
  const double w = half * stretch, h = half / stretch;
  const auto within = [](double reach, double draw) {
    return reach + 1 + (kSceneSide - 2 * (reach + 1)) * draw;
  };
  const double x = within(w, draws[2]), y = within(h, draws[3]);
  return {x - w, y - h, x + w, y + h};
}

/// Over what is there, with an edge of about a pixel.
void paint(float* image, std::int64_t shape, const Box& box, const std::array<float, 3>& colour) {
  const double x = (box.x0 + box.x1) / 2, y = (box.y0 + box.y1) / 2;
  const double w = (box.x1 - box.x0) / 2, h = (box.y1 - box.y0) / 2, half = std::sqrt(w * h);
  for (std::int64_t row = 0; row < kSceneSide; ++row)
    for (std::int64_t column = 0; column < kSceneSide; ++column) {
      const double distance = distanceTo(shape, (static_cast<double>(column) + 0.5 - x) / w,
                                         (static_cast<double>(row) + 0.5 - y) / h);
      const auto share = static_cast<float>(std::clamp(0.5 - distance * half, 0.0, 1.0));
      for (std::int64_t channel = 0; channel < 3; ++channel) {
        float& pixel = image[(channel * kSceneSide + row) * kSceneSide + column];
        pixel += share * (colour[channel] - pixel);
      }
    }
}

}  // namespace

Scenes Scenes::from(std::int64_t start, std::int64_t count) const {
  return {images.narrow(0, start, count), shapes.narrow(0, start, count),
          boxes.narrow(0, start, count)};
}

std::vector<std::vector<PlacedBox>> Scenes::truths() const {
  std::vector<std::vector<PlacedBox>> of_shapes(kSceneShapes);
  const auto shape = shapes.accessor<std::int64_t, 2>();
  const auto box = boxes.accessor<float, 3>();
  for (std::int64_t i = 0; i < count(); ++i)
    for (std::int64_t k = 0; k < mostObjects(); ++k)
      if (shape[i][k] >= 0)
        of_shapes[shape[i][k]].push_back(
            {i, {box[i][k][0], box[i][k][1], box[i][k][2], box[i][k][3]}});
  return of_shapes;
}

Scenes drawScenes(std::int64_t scenes, std::int64_t most_objects, at::Generator generator) {
  const auto draw = [&](std::int64_t choices, std::vector<std::int64_t> sizes) {
    return torch::randint(choices, sizes, generator, torch::kLong);
  };
  const auto counts = draw(most_objects, {scenes}) + 1;
  const auto shapes = draw(kSceneShapes, {scenes, most_objects});
  const auto colours = draw(kColours.size(), {scenes, most_objects});
  const auto places = torch::rand({scenes, most_objects, kTries, 4}, generator);

  Scenes made{torch::full({scenes, 3, kSceneSide, kSceneSide}, kGround),
              torch::full({scenes, most_objects}, -1, torch::kLong),
              torch::zeros({scenes, most_objects, 4})};
  for (std::int64_t i = 0; i < scenes; ++i) {
    std::vector<Box> taken;
    const auto freePlace = [&](std::int64_t object) -> std::optional<Box> {
      for (std::int64_t attempt = 0; attempt < kTries; ++attempt) {
        const Box box = boxFrom(places[i][object][attempt].data_ptr<float>());
        if (std::ranges::all_of(
                taken, [&](const Box& other) { return overlap(box, other) < kMostOverlap; }))
          return box;
      }
      return std::nullopt;
    };
    for (std::int64_t k = 0; k < counts[i].item<std::int64_t>(); ++k) {
      const auto box = freePlace(k);
      if (!box) continue;
      const auto shape = shapes[i][k].item<std::int64_t>();
      paint(made.images[i].data_ptr<float>(), shape, *box,
            kColours[colours[i][k].item<std::int64_t>()]);
      const auto object = static_cast<std::int64_t>(taken.size());
      made.shapes[i][object] = shape;
      made.boxes[i][object] = torch::tensor({box->x0, box->y0, box->x1, box->y1});
      taken.push_back(*box);
    }
  }
  made.images += kNoise * torch::randn(made.images.sizes(), generator);
  return made;
}

}  // namespace viva
