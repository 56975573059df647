// SPDX-License-Identifier: GPL-3.0-or-later
// The user's own samples: a table of numbers with a column of labels.
#pragma once

#include <string>

#include "lessons/data/dataset.h"

namespace viva {

inline constexpr std::int64_t kLargestCsv = 64 << 20;  ///< bytes
inline constexpr std::int64_t kMostClasses = 100;

/// Comma-separated values (RFC 4180: quoted fields, LF or CRLF) in UTF-8, the first line naming
/// the columns. The label is the column named `label`, else the last one; labels are any text, and
/// their classes are numbered in numerical order if all are numbers, else in alphabetical order.
/// All other columns are finite numbers. Inputs [rows, columns - 1], float32, as they are.
///
/// Throws FileError that names the file and what is wrong with it, with the line where there is
/// one: missing, not a file, larger than kLargestCsv (found from its size, before reading), empty,
/// UTF-16, not UTF-8, one column only, no rows, a row of another length, text or a non-finite
/// number among the numbers, one class only, more than kMostClasses classes.
Dataset readCsv(const std::string& path);
/// The same for points of a plane: exactly two columns of numbers and a label.
Dataset readPlanarCsv(const std::string& path);

}  // namespace viva
