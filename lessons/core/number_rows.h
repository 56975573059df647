// SPDX-License-Identifier: GPL-3.0-or-later
// A matrix that somebody typed.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lessons/core/message.h"

namespace viva {

/// Row by row; all rows have the same length.
struct NumberRows {
  std::int64_t rows = 0, columns = 0;
  std::vector<double> values;

  NumberRows() = default;
  NumberRows(std::int64_t row_count, std::int64_t column_count, double value = 0)
      : rows(row_count),
        columns(column_count),
        values(static_cast<std::size_t>(row_count * column_count), value) {}
  double& at(std::int64_t row, std::int64_t column) { return values[row * columns + column]; }
  double at(std::int64_t row, std::int64_t column) const { return values[row * columns + column]; }
};

inline constexpr std::int64_t kMostTyped = 16;  ///< rows, and columns

/// `1 0; 0.5 -1`: rows with semicolons, numbers with blanks or commas. A message names the matrix,
/// `name`, and what is wrong with it.
std::variant<NumberRows, Message> readRows(const std::string& name, const std::string& typed);

}  // namespace viva
