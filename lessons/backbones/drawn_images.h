// SPDX-License-Identifier: GPL-3.0-or-later
// Images that are drawn for a run, and how they are shown.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "lessons/backbones/convnet_comparison.h"
#include "lessons/data/dataset.h"

namespace viva {

/// Inputs [samples, 1, kDigitSize, kDigitSize], ink from 0 to 1.
Dataset drawnImages(DrawnImages kind, std::int64_t samples, const at::Generator& generator);

/// The first `most` images [n, 1, kDigitSize, kDigitSize] of each row, and its word.
ImagesData rowsOfImages(const std::vector<std::pair<torch::Tensor, Word>>& rows, std::int64_t most);

}  // namespace viva
