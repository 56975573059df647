// SPDX-License-Identifier: GPL-3.0-or-later
// A step of optimizer-anatomy (Adam, float64, one thread) against the same in eager Python PyTorch.
#include "tests/benchmarks/compared_default.h"

int main() {
  return viva::benchmarks::compareDefault("optimizer-anatomy", "race/eager_anatomy.py", "", 400)
             ? 0
             : 1;
}
