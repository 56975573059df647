// SPDX-License-Identifier: GPL-3.0-or-later
// A step of lr-valley and of lr-schedules at their defaults (one thread) against the same loops in
// eager Python PyTorch. Both take turns, so that whatever else the machine does hits both.
#include "tests/benchmarks/compared_default.h"

using namespace viva::benchmarks;

int main() {
  const char* const program = "step_size/eager_learning_rate.py";
  const bool all = compareDefault("lr-valley", program, "valley", 500) &&
                   compareDefault("lr-schedules", program, "schedules", 60);
  return all ? 0 : 1;
}
