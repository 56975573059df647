// SPDX-License-Identifier: GPL-3.0-or-later
// How boxes are shown.
#pragma once

#include <string>
#include <vector>

#include "lessons/core/frame.h"

namespace viva {

/// In the colour of the curve with this id.
BoxesLayer::Box drawnBox(const Box& box, std::string id, Label label);

/// What `plane` shows at first: all `boxes`, of which there is one at least, with a margin of 0.08
/// of their larger extent.
void showAround(PlaneData& plane, const std::vector<Box>& boxes);

}  // namespace viva
