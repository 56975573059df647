// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/glyphs.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viva {
namespace {

/// What one sample draws at random; all about zero, standard normal.
enum Draw { Turn, Slant, Width, Height, ShiftX, ShiftY, Pen, BendX, BendY, PhaseX, PhaseY, kDraws };

void draw(const Glyph& strokes, const float* random, int side, float* pixels) {
  const float turn = 0.15f * random[Turn], slant = 0.2f * random[Slant];
  const float width = 0.75f + 0.09f * random[Width], height = 0.75f + 0.06f * random[Height];
  const float pen = 0.11f + 0.02f * std::clamp(random[Pen], -2.0f, 2.0f);
  const auto distort = [&](StrokePlace p) {
    const float bent_x = p.x + 0.07f * random[BendX] * std::sin(2 * p.y + random[PhaseX]);
    const float bent_y = p.y + 0.07f * random[BendY] * std::sin(2 * p.x + random[PhaseY]);
    const float x = width * (bent_x - slant * bent_y), y = height * bent_y;
    return StrokePlace{std::cos(turn) * x - std::sin(turn) * y + 0.07f * random[ShiftX],
                       std::sin(turn) * x + std::cos(turn) * y + 0.07f * random[ShiftY]};
  };
  // Of the pen's edge: 0.72 pixels, as that of a hand (lessons/core/drawing.cpp).
  const auto softness = static_cast<float>(1.44 / side);
  const float reach = pen + softness;
  // The pixels whose centres a piece may touch: of 28 x 28 there are 40, of 784.
  const auto first = [&](float at) {
    return std::clamp(static_cast<int>(std::floor((at - reach + 1) / 2 * side)) - 1, 0, side);
  };
  const auto end = [&](float at) {
    return std::clamp(static_cast<int>(std::ceil((at + reach + 1) / 2 * side)) + 1, 0, side);
  };
  std::fill(pixels, pixels + side * side, 0.0f);
  for (const Stroke& stroke : strokes) {
    StrokePlace from = distort(stroke.front());
    for (std::size_t i = 1; i < stroke.size(); ++i) {
      const StrokePlace to = distort(stroke[i]);
      for (int row = first(std::min(from.y, to.y)); row < end(std::max(from.y, to.y)); ++row)
        for (int column = first(std::min(from.x, to.x)); column < end(std::max(from.x, to.x));
             ++column) {
          float& pixel = pixels[row * side + column];
          pixel = std::max(pixel, inkAt(pixelCentre(row, column, side), from, to, pen, softness));
        }
      from = to;
    }
  }
}

}  // namespace

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

Dataset handwritten(const std::vector<Glyph>& glyphs, std::int64_t samples, at::Generator generator,
                    std::int64_t side) {
  const auto classes = static_cast<std::int64_t>(glyphs.size());
  Dataset dataset;
  dataset.classes = classes;
  dataset.labels = torch::arange(samples, torch::kLong).remainder(classes);
  dataset.inputs = torch::empty({samples, 1, side, side});
  const auto random = torch::randn({samples, kDraws}, generator);
  auto* pixels = dataset.inputs.data_ptr<float>();
  for (std::int64_t i = 0; i < samples; ++i)
    draw(glyphs[static_cast<std::size_t>(i % classes)], random.data_ptr<float>() + i * kDraws,
         static_cast<int>(side), pixels + i * side * side);
  return dataset;
}

}  // namespace viva
