// SPDX-License-Identifier: GPL-3.0-or-later
// The distributions of plane_targets.h by name, for whoever needs no tensor.
#pragma once

namespace viva {

/// Ring: 8 Gaussians on a circle of radius 1. Grid: 5 x 5 Gaussians from -1 to 1, a quarter of the
/// size in which VEEGAN and PacGAN (arXiv 1705.07761, 1712.04086) use it. Drawn: one around
/// each of the given points. The others have no modes.
enum class PlaneTargetKind { Ring, Grid, Moons, SwissRoll, Line, Drawn };

}  // namespace viva
