// SPDX-License-Identifier: GPL-3.0-or-later
// Which library multiplies the matrices: a factor of ten in speed that nothing else tells the user.
#pragma once

#include <string>

namespace viva {

/// `openblas (SkylakeX)` with the kernels that it computes with, `openblas-pthread`, `mkl`,
/// `reference`, or `unknown`: asked of the symbols that this process really has, once LibTorch is
/// loaded.
std::string findBlas();

}  // namespace viva
