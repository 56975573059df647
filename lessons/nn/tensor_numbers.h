// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors on their way out of the lessons: as numbers and as named arrays.
#pragma once

#include <torch/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// All elements in order, for the records. On a GPU this waits for the tensor.
std::vector<double> numbersOf(const torch::Tensor& tensor);

/// A tensor under the name that it has in weights.pt: float64 stays so, all else becomes float32.
NamedArray namedArray(std::string name, const torch::Tensor& tensor);

/// The values of the array of this name, bit for bit. Throws RunError where it is missing, or of
/// another shape or type.
void copyInto(torch::Tensor& tensor, const std::vector<NamedArray>& arrays, std::string_view name);

}  // namespace viva
