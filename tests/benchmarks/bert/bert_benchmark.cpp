// SPDX-License-Identifier: GPL-3.0-or-later
// A step of masked-language-model (two nets, batch 64, twelve words, one thread) against the same
// loop in eager Python PyTorch, and how long its pictures take.
//
// Viva's step is a whole step of a Run: records, and every 20 steps the held-out sentences.
// Python's is the bare loop.
#include "tests/benchmarks/compared_default.h"

using namespace viva;
using namespace viva::benchmarks;

int main() {
  const char* const experiment = "masked-language-model";
  timePictures(experiment);
  return compareDefault(experiment, "bert/eager_bert.py", "", 20) ? 0 : 1;
}
