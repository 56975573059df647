// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/best_cell.h"

#include <cmath>

namespace viva {

bool isBest(const TableData& table, std::size_t row, std::size_t column) {
  const TableData::Best best = table.columns[column].best;
  if (best == TableData::Best::None || table.rows.size() < 2) return false;
  const auto number = [&](const TableData::Row& r) {
    const auto* value = column < r.cells.size() ? std::get_if<double>(&r.cells[column]) : nullptr;
    return value ? *value : std::nan("");
  };
  const double own = number(table.rows[row]);
  if (std::isnan(own)) return false;
  bool has_worse = false;
  for (const TableData::Row& other : table.rows) {
    const double value = number(other);
    if (best == TableData::Best::Smallest ? value < own : value > own) return false;
    has_worse = has_worse || value != own;
  }
  return has_worse;
}

}  // namespace viva
