// SPDX-License-Identifier: GPL-3.0-or-later
// A step of peft-race (ten methods, one thread), which computes methods of one shape as one stack,
// against a loop over the ten in eager Python PyTorch; and how long its pictures take.
//
// Viva's step is a whole step of a Run: records, and every 20 steps the new sequences. Python's is
// the bare loop. 2.0 is asked for: that is what the stack is for.
#include "tests/benchmarks/compared_default.h"

using namespace viva;
using namespace viva::benchmarks;

int main() {
  const char* const experiment = "peft-race";
  const tests::Settings settings{{"pretraining", "1"}};
  timePictures(experiment, settings);
  return compareDefault(experiment, "fine_tuning/eager_peft.py", "", 20, settings, 2) ? 0 : 1;
}
