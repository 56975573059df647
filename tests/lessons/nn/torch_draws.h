// SPDX-License-Identifier: GPL-3.0-or-later
// LibTorch in a file of its own, away from Qt's headers.
#pragma once

namespace viva::tests {

/// The next number of LibTorch's default generator.
double draw();
int threadsInPlace();

}  // namespace viva::tests
