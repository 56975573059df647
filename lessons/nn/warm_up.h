// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace viva {

/// The share of the learning rate at `step`: up from 0 in a straight line over the first `updates`,
/// then 1. With 0 updates there is no warm-up.
inline double warmUpShare(std::int64_t step, std::int64_t updates) {
  return step < updates ? static_cast<double>(step) / static_cast<double>(updates) : 1;
}

}  // namespace viva
