// SPDX-License-Identifier: GPL-3.0-or-later
// A surface as it is drawn on a plane: its heights as colours, its valleys as points.
#pragma once

#include "lessons/core/frame.h"
#include "lessons/optimization/surfaces.h"

namespace viva {

/// Computes the heights once and shares them between frames until the surface moves.
class SurfaceField {
 public:
  /// Shows the surface's usual domain, widened so that `start` lies inside.
  SurfaceField(const Surface& surface, Point start);

  /// Adds the layers `surface`, `minima` and, where there are any, `local_minima`.
  void show(PlaneData& plane, double shift) const;

 private:
  static constexpr int kCells = 120;  // along each side
  Surface surface_;
  Rectangle shown_;
  mutable double shift_ = 0;
  mutable SharedFloats heights_;
};

}  // namespace viva
