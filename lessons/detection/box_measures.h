// SPDX-License-Identifier: GPL-3.0-or-later
// How well two boxes agree, and where a box should move to agree better.
#pragma once

#include <array>
#include <string>

#include "lessons/core/parameter.h"

namespace viva {

/// IoU; GIoU (arXiv 1902.09630) = IoU - (C - U) / C, where C is the area of the smallest box around
/// both; DIoU and CIoU (arXiv 1911.08287) = IoU - d^2 / c^2 and, besides, - a v.
struct Measures {
  double intersection = 0, unioned = 0;
  double iou = 0, giou = 0, diou = 0, ciou = 0;
  double aspect = 0;  ///< v = 4 / pi^2 (atan(w / h of the target) - atan(w / h))^2
  double weight = 0;  ///< a = v / (1 - IoU + v)
};
/// Of boxes with an area.
Measures measuresOf(const Box& box, const Box& target);
/// 0 where one has no area.
double overlap(const Box& a, const Box& b);

enum class BoxLoss { L1, Iou, Giou, Diou, Ciou };
inline constexpr std::array<BoxLoss, 5> kBoxLosses{BoxLoss::L1, BoxLoss::Iou, BoxLoss::Giou,
                                                   BoxLoss::Diou, BoxLoss::Ciou};
/// `l1`, `iou`, ...: as records and curves spell it.
const std::string& nameOf(BoxLoss loss);

/// With respect to x0, y0, x1, y1.
using BoxSlope = std::array<double, 4>;

struct BoxLossValue {
  double loss = 0;
  BoxSlope slope{};
};
/// L1: the mean distance of the four coordinates. Else 1 minus the measure; a is held fixed in the
/// slope of CIoU, as its authors do. Where two coordinates are equal, the slope is the mean of both
/// sides, as in LibTorch.
BoxLossValue boxLoss(BoxLoss loss, const Box& box, const Box& target);

}  // namespace viva
