// SPDX-License-Identifier: GPL-3.0-or-later
// A step of memory-over-time, of recurrent-explosion and of loss-scaling at their defaults, one
// thread, against the same loops in eager Python PyTorch.
//
// Viva's step is a whole step of a Run: records, checks now and then. Python's is the bare loop.
#include "tests/benchmarks/compared_default.h"

using viva::benchmarks::compareDefault;

int main() {
  const char* program = "gradients/eager_through_time.py";
  const bool measured = compareDefault("memory-over-time", program, "memory", 10) &&
                        compareDefault("recurrent-explosion", program, "explosion", 20) &&
                        compareDefault("loss-scaling", program, "scaling", 200);
  return measured ? 0 : 1;
}
