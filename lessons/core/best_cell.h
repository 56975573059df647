// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lessons/core/frame.h"

namespace viva {

/// Whether the cell holds the best number of its column; where all are equal none is best.
bool isBest(const TableData& table, std::size_t row, std::size_t column);

}  // namespace viva
