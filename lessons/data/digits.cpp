// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/digits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace viva {
namespace {

struct Place {
  float x, y;  // in a square from -1 to 1, y downwards as in an image
};
using Stroke = std::vector<Place>;

/// Part of an ellipse; angles in quarter turns, from the right, downwards.
Stroke arc(float x, float y, float width, float height, float from, float to) {
  constexpr int kPieces = 9;
  Stroke stroke;
  for (int i = 0; i <= kPieces; ++i) {
    const float angle =
        (from + (to - from) * i / kPieces) * static_cast<float>(std::numbers::pi) / 2;
    stroke.push_back({x + width * std::cos(angle), y + height * std::sin(angle)});
  }
  return stroke;
}

const std::array<std::vector<Stroke>, 10>& shapes() {
  static const std::array<std::vector<Stroke>, 10> shapes{{
      {arc(0, 0, 0.5f, 0.85f, 0, 4)},
      {{{-0.3f, -0.5f}, {0.05f, -0.85f}, {0.05f, 0.85f}}},
      {arc(0, -0.4f, 0.45f, 0.45f, -2.2f, 0.4f), {{0.37f, -0.15f}, {-0.5f, 0.85f}, {0.5f, 0.85f}}},
      {arc(-0.05f, -0.42f, 0.45f, 0.42f, -2.3f, 1), arc(-0.05f, 0.42f, 0.5f, 0.43f, -1, 2.2f)},
      {{{0.2f, 0.85f}, {0.2f, -0.85f}, {-0.55f, 0.3f}, {0.55f, 0.3f}}},
      {{{0.45f, -0.85f}, {-0.4f, -0.85f}, {-0.45f, -0.1f}},
       arc(-0.05f, 0.33f, 0.52f, 0.52f, -1.6f, 2.1f)},
      {arc(0.25f, 0.3f, 0.72f, 1.15f, 2, 3.1f), arc(0, 0.4f, 0.47f, 0.45f, 0, 4)},
      {{{-0.5f, -0.85f}, {0.5f, -0.85f}, {-0.1f, 0.85f}}},
      {arc(0, -0.43f, 0.38f, 0.42f, 0, 4), arc(0, 0.43f, 0.47f, 0.43f, 0, 4)},
      {arc(0, -0.4f, 0.45f, 0.45f, 0, 4), arc(-0.25f, -0.3f, 0.7f, 1.15f, 0, 1.1f)},
  }};
  return shapes;
}

float distanceToPiece(Place p, Place a, Place b) {
  const float dx = b.x - a.x, dy = b.y - a.y;
  const float length = dx * dx + dy * dy;
  const float along =
      length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0f, 1.0f) : 0.0f;
  return std::hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}

/// What one sample draws at random; all about zero, standard normal.
enum Draw { Turn, Slant, Width, Height, ShiftX, ShiftY, Pen, BendX, BendY, PhaseX, PhaseY, kDraws };

void draw(const std::vector<Stroke>& strokes, const float* random, float* pixels) {
  const float turn = 0.15f * random[Turn], slant = 0.2f * random[Slant];
  const float width = 0.75f + 0.09f * random[Width], height = 0.75f + 0.06f * random[Height];
  const float pen = 0.11f + 0.02f * std::clamp(random[Pen], -2.0f, 2.0f);
  const auto distort = [&](Place p) {
    const float bent_x = p.x + 0.07f * random[BendX] * std::sin(2 * p.y + random[PhaseX]);
    const float bent_y = p.y + 0.07f * random[BendY] * std::sin(2 * p.x + random[PhaseY]);
    const float x = width * (bent_x - slant * bent_y), y = height * bent_y;
    return Place{std::cos(turn) * x - std::sin(turn) * y + 0.07f * random[ShiftX],
                 std::sin(turn) * x + std::cos(turn) * y + 0.07f * random[ShiftY]};
  };
  constexpr float kSoftness = 0.12f;  // of the pen's edge, about a pixel
  std::fill(pixels, pixels + kDigitSize * kDigitSize, 0.0f);
  for (const Stroke& stroke : strokes) {
    Place from = distort(stroke.front());
    for (std::size_t i = 1; i < stroke.size(); ++i) {
      const Place to = distort(stroke[i]);
      for (int row = 0; row < kDigitSize; ++row)
        for (int column = 0; column < kDigitSize; ++column) {
          const Place centre{(2 * column + 1.0f) / kDigitSize - 1,
                             (2 * row + 1.0f) / kDigitSize - 1};
          const float away = distanceToPiece(centre, from, to) - pen;
          float& pixel = pixels[row * kDigitSize + column];
          pixel = std::max(pixel, std::clamp(1 - away / kSoftness, 0.0f, 1.0f));
        }
      from = to;
    }
  }
}

}  // namespace

Dataset digits(std::int64_t samples, at::Generator generator) {
  Dataset dataset;
  dataset.classes = 10;
  dataset.labels = torch::arange(samples, torch::kLong).remainder(10);
  dataset.inputs = torch::empty({samples, 1, kDigitSize, kDigitSize});
  const auto random = torch::randn({samples, kDraws}, generator);
  auto* pixels = dataset.inputs.data_ptr<float>();
  for (std::int64_t i = 0; i < samples; ++i)
    draw(shapes()[i % 10], random.data_ptr<float>() + i * kDraws,
         pixels + i * kDigitSize * kDigitSize);
  return dataset;
}

}  // namespace viva
