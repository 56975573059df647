// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "lessons/core/run.h"

namespace viva {

/// weights.pt: a dictionary name -> tensor that torch.load reads in Python.
std::vector<char> weightsFile(const Run& run, const Runtime& runtime);

}  // namespace viva
