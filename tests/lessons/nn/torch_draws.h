// SPDX-License-Identifier: GPL-3.0-or-later
// LibTorch in a file of its own, away from Qt's headers.
#pragma once

#include <vector>

namespace viva::tests {

/// The next number of LibTorch's default generator.
double draw();
int threadsInPlace();
/// A dictionary with a tensor, as LibTorch's own function writes it.
std::vector<char> pickledByLibTorch();

}  // namespace viva::tests
