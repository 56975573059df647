// SPDX-License-Identifier: GPL-3.0-or-later
// A step of caption-and-match (one net, 32 pairs, one thread) against the same loop in eager Python
// PyTorch, and how long its pictures take.
//
// Viva's step is a whole step of a Run: records, and every 20 steps the new pictures. Python's is
// the bare loop. Convolutions and their gradients dominate, so 1.0 is asked for, not 1.5.
#include "tests/benchmarks/compared_default.h"

using namespace viva::benchmarks;

int main() {
  const char* const experiment = "caption-and-match";
  timePictures(experiment);
  return compareDefault(experiment, "blip/eager_blip.py", "", 20, {}, 1) ? 0 : 1;
}
