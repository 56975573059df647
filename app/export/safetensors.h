// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// The bytes of a safetensors file: the length of the header in eight bytes, little-endian; the
/// header, JSON that says of each tensor its `dtype`, `shape` and where its bytes begin and end;
/// then the bytes, those of eight a number first, so that every tensor is aligned.
std::vector<char> safetensors(const std::vector<NamedArray>& arrays);

}  // namespace viva
