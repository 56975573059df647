// SPDX-License-Identifier: GPL-3.0-or-later
// What a program works on, as a plane and as a graph.
#pragma once

#include "lessons/core/frame.h"
#include "lessons/programs/programs.h"

namespace viva::programs {

/// Boxes, points with their centres, a curve of recalls, a path: what the program has. Where it has
/// nothing of the kind, its arrays over the index.
PlaneData planeOf(const ProgramProgress& progress);

/// The statements with values and gradients, the tree of hypotheses; else which line came after
/// which, and how often.
GraphData graphOf(const ProgramProgress& progress);

}  // namespace viva::programs
