// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/drawing.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lessons/core/pen.h"

namespace viva {
namespace {

constexpr double kTolerance = 0.0015;     // a twentieth of a pixel of 28
constexpr float kSoftnessPixels = 0.72f;  // of the digits' pen, whose images have 12 pixels a side

StrokePlace placeOf(const Point& point) {
  return {static_cast<float>(2 * point.x - 1), static_cast<float>(2 * point.y - 1)};
}

double distance(const Point& p, const Point& a, const Point& b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const double along =
      length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0.0;
  return std::hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}

double rounded(double value) { return std::round(std::clamp(value, 0.0, 1.0) * 1000) / 1000; }

}  // namespace

std::vector<float> rasterised(const Drawing& drawing, int side) {
  if (side <= 0) return {};
  const auto pixels_a_side = static_cast<float>(side);
  std::vector<float> pixels(static_cast<std::size_t>(side) * static_cast<std::size_t>(side), 0.0f);
  const auto pen = static_cast<float>(kPenWidth);  // of a square of side 2 the radius
  const float softness = 2 * kSoftnessPixels / pixels_a_side, reach = pen + softness;
  // The pixels whose centres a place may touch.
  const auto first = [&](float at) {
    return std::clamp(static_cast<int>(std::floor((at - reach + 1) / 2 * pixels_a_side)), 0, side);
  };
  const auto end = [&](float at) {
    return std::clamp(static_cast<int>(std::ceil((at + reach + 1) / 2 * pixels_a_side)) + 1, 0,
                      side);
  };
  for (const Drawing::Stroke& stroke : drawing.strokes)
    for (std::size_t i = 0; i < stroke.size(); ++i) {
      if (i > 0 || stroke.size() == 1) {
        const StrokePlace a = placeOf(stroke[i == 0 ? 0 : i - 1]), b = placeOf(stroke[i]);
        for (int row = first(std::min(a.y, b.y)); row < end(std::max(a.y, b.y)); ++row)
          for (int column = first(std::min(a.x, b.x)); column < end(std::max(a.x, b.x)); ++column) {
            float& pixel = pixels[static_cast<std::size_t>(row) * static_cast<std::size_t>(side) +
                                  static_cast<std::size_t>(column)];
            pixel = std::max(pixel, inkAt(pixelCentre(row, column, side), a, b, pen, softness));
          }
      }
    }
  return pixels;
}

Drawing::Stroke thinned(const Drawing::Stroke& stroke) {
  Drawing::Stroke points;
  for (const Point& point : stroke) {
    const Point kept{rounded(point.x), rounded(point.y)};
    if (points.empty() || points.back() != kept) points.push_back(kept);
  }
  if (points.size() < 3) return points;
  std::vector<bool> stays(points.size(), false);
  stays.front() = stays.back() = true;
  std::vector<std::pair<std::size_t, std::size_t>> pieces{{0, points.size() - 1}};
  while (!pieces.empty()) {
    const auto [from, to] = pieces.back();
    pieces.pop_back();
    double farthest = kTolerance;
    std::size_t at = 0;
    for (std::size_t i = from + 1; i < to; ++i)
      if (const double away = distance(points[i], points[from], points[to]); away > farthest) {
        farthest = away;
        at = i;
      }
    if (at == 0) continue;
    stays[at] = true;
    pieces.emplace_back(from, at);
    pieces.emplace_back(at, to);
  }
  Drawing::Stroke thin;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (stays[i]) thin.push_back(points[i]);
  return thin;
}

}  // namespace viva
