// SPDX-License-Identifier: GPL-3.0-or-later
// What a net says everywhere in a part of the plane, as a field to draw.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "lessons/core/frame.h"

namespace viva {

/// A part of the plane, cut into rows x columns cells.
struct PlaneGrid {
  double x0 = -1, x1 = 1, y0 = -1, y1 = 1;  ///< the outer edges
  std::int64_t rows = 100, columns = 100;

  /// The centres of the cells, row by row, the lowest row first: [rows * columns, 2].
  torch::Tensor centres(const torch::TensorOptions& options = torch::kFloat) const;
  /// `values` [rows * columns], one for each centre, on any device.
  FieldLayer field(std::string name, const torch::Tensor& values) const;
};

/// The places of `points` [n, 2] that are finite, on any device.
std::vector<Point> finitePoints(const torch::Tensor& points);

/// All elements in order, in float32. On a GPU this waits for the tensor.
std::vector<float> floatsOf(const torch::Tensor& tensor);

}  // namespace viva
