// SPDX-License-Identifier: GPL-3.0-or-later
// A step of degradation (8, 56 and 56 layers, batch 64, one thread) and of backbone-race (six nets)
// against the same loops in eager Python PyTorch.
//
// Viva's step is a whole step of a Run: records, gradient norms of every layer, and every 25 steps
// the accuracies. Python's is the bare loop. Convolutions dominate: 1.0 is asked for.
#include "tests/benchmarks/compared_default.h"

using namespace viva::benchmarks;

int main() {
  bool answered = true;
  for (const char* experiment : {"degradation", "backbone-race"})
    answered = compareDefault(experiment, "backbones/eager_training.py", experiment, 20, {}, 1) &&
               answered;
  return answered ? 0 : 1;
}
