// SPDX-License-Identifier: GPL-3.0-or-later
// A step of each experiment of the lesson at its default (one thread) against the same loop in
// eager Python PyTorch. Both take turns, so that whatever else the machine does hits both.
#include "tests/benchmarks/compared_default.h"

using namespace viva::benchmarks;

int main() {
  const char* const program = "losses/eager_loss_functions.py";
  const bool all = compareDefault("loss-race", program, "race", 60) &&
                   compareDefault("loss-shapes", program, "shapes", 300);
  return all ? 0 : 1;
}
