// SPDX-License-Identifier: GPL-3.0-or-later
// A step of cell-race at its default (four cells, 32 units, 50 steps of time, batch 32, one thread)
// against the same loop in eager Python PyTorch.
#include "tests/benchmarks/compared_default.h"

int main() {
  return viva::benchmarks::compareDefault("cell-race", "lstm/eager_cell_race.py", "", 10) ? 0 : 1;
}
