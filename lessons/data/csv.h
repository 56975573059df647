// SPDX-License-Identifier: GPL-3.0-or-later
// The user's own samples: a table of numbers with a column of labels.
#pragma once

#include <string>

#include "lessons/core/message.h"
#include "lessons/data/dataset.h"

namespace viva {

inline constexpr std::int64_t kLargestCsv = 64 << 20;  ///< bytes
inline constexpr std::int64_t kMostClasses = 100;

/// Comma-separated values (RFC 4180: quoted fields; LF, CRLF or CR) in UTF-8, the first line naming
/// the columns. The label is the column named `label`, in whatever case, else the last one
/// (Dataset::label_name says which); labels are names, kept as they are written, and their classes
/// are numbered in numerical order if all of them are numbers, else in alphabetical order. All
/// other columns are finite numbers. Inputs [rows, columns - 1], float64, as they are.
///
/// Throws FileError that names the file and what is wrong with it, with the line where there is
/// one: missing, not a file, larger than kLargestCsv (found from its size, before reading), empty,
/// UTF-16, not UTF-8, a spreadsheet, one column only or columns between semicolons or tabs, a
/// number where a column's name is expected, a column without a name, two named `label`, no rows, a
/// row of another length, text or a non-finite number (as a float) among the numbers, a label that
/// is missing, however that is spelled, one class only, more than kMostClasses classes.
Dataset readCsv(const std::string& path);
/// The same for points of a plane: exactly two columns of numbers and a label.
Dataset readPlanarCsv(const std::string& path);

/// What is predicted from what, for people: `parts` are those of a table that was read.
Message readingOf(const Split& parts);

}  // namespace viva
