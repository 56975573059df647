// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "lessons/core/run.h"

namespace viva {

/// The weights of a run, as the files that may be written of them.
struct WeightFiles {
  std::vector<char> pickle;       ///< weights.pt
  std::vector<char> safetensors;  ///< weights.safetensors
};

WeightFiles weightFiles(const Run& run, const Runtime& runtime);

}  // namespace viva
