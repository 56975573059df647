// SPDX-License-Identifier: GPL-3.0-or-later
// The views of a panel show the same curves: in the window and in a picture one legend serves all.
#pragma once

#include <vector>

#include "widgets/views/view.h"

namespace viva {

/// Which of `views` have a legend: the hero, without one (null) the largest with curves, and those
/// that show what is not in that legend.
std::vector<bool> legendsOf(const std::vector<const View*>& views, const View* hero);

}  // namespace viva
