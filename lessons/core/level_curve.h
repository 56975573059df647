// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "lessons/core/frame.h"

namespace viva {

/// A reference that stays at `level` from step 0 to `step`, seen before the first step too.
inline Curve levelCurve(std::string id, double level, std::int64_t step) {
  return {std::move(id),
          {},
          {0, static_cast<double>(std::max<std::int64_t>(1, step))},
          {level, level},
          true};
}

}  // namespace viva
