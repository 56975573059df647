// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <numeric>

#include "lessons/programs/program_list.h"

namespace viva::programs {
namespace {

/// Intersection over union of two rows `x1 y1 x2 y2`.
double intersectionOverUnion(const NumberRows& boxes, int a, int b) {
  const auto side = [&](int low, int high) {
    return std::max(0.0, std::min(boxes.at(a, high), boxes.at(b, high)) -
                             std::max(boxes.at(a, low), boxes.at(b, low)));
  };
  const auto area = [&](int i) {
    return (boxes.at(i, 2) - boxes.at(i, 0)) * (boxes.at(i, 3) - boxes.at(i, 1));
  };
  const double shared = side(0, 2) * side(1, 3), all = area(a) + area(b) - shared;
  return all > 0 ? shared / all : 0;
}

}  // namespace

Walk nms(Given given, Watch& watch) {
  const NumberRows boxes = given.parts[0];
  const double threshold = given.setting(1, 0, 0.5);
  std::vector<int> order(boxes.rows), removed(boxes.rows), kept;
  NumberRows iou(boxes.rows, boxes.rows);
  co_yield watch("boxes", boxes)("order", order)("iou", iou)("removed", removed)
      .result("kept", kept);

  std::iota(order.begin(), order.end(), 0), co_yield here();
  const auto is_better = [&](int a, int b) { return boxes.at(a, 4) > boxes.at(b, 4); };
  if (!given.has(Mistake::Unsorted))
    std::stable_sort(order.begin(), order.end(), is_better), co_yield here();
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (removed[order[i]]) continue;
    kept.push_back(order[i]), co_yield here();
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      double& overlap = iou.at(order[i], order[j]);
      overlap = intersectionOverUnion(boxes, order[i], order[j]), co_yield here();
      const bool is_too_near =
          given.has(Mistake::GreaterOrEqual) ? overlap >= threshold : overlap > threshold;
      if (is_too_near && !removed[order[j]]) removed[order[j]] = 1, co_yield here();
    }
  }
}

}  // namespace viva::programs
