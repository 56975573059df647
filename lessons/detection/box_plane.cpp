// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/detection/box_plane.h"

#include <algorithm>
#include <utility>

namespace viva {

BoxesLayer::Box drawnBox(const Box& box, std::string id, Label label) {
  return {box.x0, box.y0, box.x1, box.y1, std::move(id), std::move(label)};
}

void showAround(PlaneData& plane, const std::vector<Box>& boxes) {
  Box around = boxes.front();
  for (const Box& b : boxes)
    around = {std::min(around.x0, b.x0), std::min(around.y0, b.y0), std::max(around.x1, b.x1),
              std::max(around.y1, b.y1)};
  const double margin = 0.08 * std::max(around.x1 - around.x0, around.y1 - around.y0);
  plane.x0 = around.x0 - margin;
  plane.x1 = around.x1 + margin;
  plane.y0 = around.y0 - margin;
  plane.y1 = around.y1 + margin;
}

}  // namespace viva
