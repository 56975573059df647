// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineF>
#include <QVector>
#include <vector>

namespace viva {

/// The line on which a grid of values [rows][columns] (row by row) takes the value `level`, as
/// segments in grid coordinates: x counts columns, y rows, a value sits at its integers. Marching
/// squares; the two ambiguous cases are decided by the mean of the corners. Cells with a corner
/// that is not finite have no line.
QVector<QLineF> contour(const std::vector<float>& values, int rows, int columns, float level);

}  // namespace viva
