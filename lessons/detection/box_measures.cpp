// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/box_measures.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viva {
namespace {

double square(double x) { return x * x; }

/// A number and its slope with respect to the four coordinates of the box.
struct Sloped {
  double value = 0;
  BoxSlope slope{};
};

Sloped combined(double value, const Sloped& a, double of_a, const Sloped& b, double of_b) {
  Sloped made{value, {}};
  for (int i = 0; i < 4; ++i) made.slope[i] = of_a * a.slope[i] + of_b * b.slope[i];
  return made;
}
Sloped operator+(const Sloped& a, const Sloped& b) {
  return combined(a.value + b.value, a, 1, b, 1);
}
Sloped operator-(const Sloped& a, const Sloped& b) {
  return combined(a.value - b.value, a, 1, b, -1);
}
Sloped operator*(const Sloped& a, const Sloped& b) {
  return combined(a.value * b.value, a, b.value, b, a.value);
}
Sloped operator/(const Sloped& a, const Sloped& b) {
  return combined(a.value / b.value, a, 1 / b.value, b, -a.value / square(b.value));
}

/// How much of the larger (or smaller) of two numbers is the first one: 1, 0 or a half.
double shareOfLarger(double a, double b) { return a > b ? 1 : a < b ? 0 : 0.5; }

/// Everything that the measures are made of, with the slopes in closed form.
struct Overlap {
  Sloped intersection, unioned, around;  ///< areas
  Sloped distance, diagonal;             ///< squared: of the centres, and across the box around
  double width, height;
};

Overlap overlapOf(const Box& b, const Box& t) {
  Overlap made;
  const double w = b.x1 - b.x0, h = b.y1 - b.y0;
  made.width = w;
  made.height = h;

  const double overlap_w = std::min(b.x1, t.x1) - std::max(b.x0, t.x0);
  const double overlap_h = std::min(b.y1, t.y1) - std::max(b.y0, t.y0);
  if (overlap_w >= 0 && overlap_h >= 0)
    made.intersection = {
        overlap_w * overlap_h,
        {-shareOfLarger(b.x0, t.x0) * overlap_h, -shareOfLarger(b.y0, t.y0) * overlap_w,
         shareOfLarger(t.x1, b.x1) * overlap_h, shareOfLarger(t.y1, b.y1) * overlap_w}};

  const Sloped area{w * h, {-h, -w, h, w}};
  const Sloped of_target{(t.x1 - t.x0) * (t.y1 - t.y0), {}};
  made.unioned = area + of_target - made.intersection;

  const Sloped around_w{std::max(b.x1, t.x1) - std::min(b.x0, t.x0),
                        {-shareOfLarger(t.x0, b.x0), 0, shareOfLarger(b.x1, t.x1), 0}};
  const Sloped around_h{std::max(b.y1, t.y1) - std::min(b.y0, t.y0),
                        {0, -shareOfLarger(t.y0, b.y0), 0, shareOfLarger(b.y1, t.y1)}};
  made.around = around_w * around_h;
  made.diagonal = around_w * around_w + around_h * around_h;

  const double dx = (b.x0 + b.x1 - t.x0 - t.x1) / 2, dy = (b.y0 + b.y1 - t.y0 - t.y1) / 2;
  made.distance = {square(dx) + square(dy), {dx, dy, dx, dy}};
  return made;
}

/// v: how far the aspect ratios differ.
Sloped aspectOf(const Overlap& overlap, const Box& t) {
  constexpr double kFactor = 4 / (std::numbers::pi * std::numbers::pi);
  const double w = overlap.width, h = overlap.height;
  const double difference = std::atan((t.x1 - t.x0) / (t.y1 - t.y0)) - std::atan(w / h);
  const double by_width = -2 * kFactor * difference * h / (w * w + h * h);
  const double by_height = 2 * kFactor * difference * w / (w * w + h * h);
  return {kFactor * square(difference), {-by_width, -by_height, by_width, by_height}};
}

double weightOf(double iou, double aspect) { return aspect > 0 ? aspect / (1 - iou + aspect) : 0; }

BoxLossValue oneMinus(const Sloped& measure) {
  BoxLossValue made{1 - measure.value, measure.slope};
  for (double& slope : made.slope) slope = -slope;
  return made;
}

BoxLossValue l1(const Box& b, const Box& t) {
  const BoxSlope differences{b.x0 - t.x0, b.y0 - t.y0, b.x1 - t.x1, b.y1 - t.y1};
  BoxLossValue made;
  for (int i = 0; i < 4; ++i) {
    made.loss += std::abs(differences[i]) / 4;
    made.slope[i] = differences[i] > 0 ? 0.25 : differences[i] < 0 ? -0.25 : 0;
  }
  return made;
}

}  // namespace

Measures measuresOf(const Box& box, const Box& target) {
  const Overlap overlap = overlapOf(box, target);
  Measures made;
  made.intersection = overlap.intersection.value;
  made.unioned = overlap.unioned.value;
  made.iou = made.intersection / made.unioned;
  made.giou = made.iou - (overlap.around.value - made.unioned) / overlap.around.value;
  made.diou = made.iou - overlap.distance.value / overlap.diagonal.value;
  made.aspect = aspectOf(overlap, target).value;
  made.weight = weightOf(made.iou, made.aspect);
  made.ciou = made.diou - made.weight * made.aspect;
  return made;
}

double overlap(const Box& a, const Box& b) {
  const double w = std::min(a.x1, b.x1) - std::max(a.x0, b.x0);
  const double h = std::min(a.y1, b.y1) - std::max(a.y0, b.y0);
  if (w <= 0 || h <= 0) return 0;
  const double both = (a.x1 - a.x0) * (a.y1 - a.y0) + (b.x1 - b.x0) * (b.y1 - b.y0) - w * h;
  return w * h / both;
}

const std::string& nameOf(BoxLoss loss) {
  static const std::array<std::string, 5> names{"l1", "iou", "giou", "diou", "ciou"};
  return names.at(static_cast<std::size_t>(loss));
}

BoxLossValue boxLoss(BoxLoss loss, const Box& box, const Box& target) {
  if (loss == BoxLoss::L1) return l1(box, target);
  const Overlap overlap = overlapOf(box, target);
  const Sloped iou = overlap.intersection / overlap.unioned;
  if (loss == BoxLoss::Iou) return oneMinus(iou);
  if (loss == BoxLoss::Giou)
    return oneMinus(iou - (overlap.around - overlap.unioned) / overlap.around);
  const Sloped diou = iou - overlap.distance / overlap.diagonal;
  if (loss == BoxLoss::Diou) return oneMinus(diou);
  const Sloped aspect = aspectOf(overlap, target);
  const Sloped weight{weightOf(iou.value, aspect.value), {}};
  return oneMinus(diou - weight * aspect);
}

}  // namespace viva
