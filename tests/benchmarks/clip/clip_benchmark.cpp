// SPDX-License-Identifier: GPL-3.0-or-later
// A step of contrastive-pairs (one net, 64 pairs, one thread) against the same loop in eager Python
// PyTorch, and how long its pictures take.
//
// Viva's step is a whole step of a Run: records, and every 10 steps the new pictures. Python's is
// the bare loop. Convolutions and their gradients dominate, so 1.0 is asked for, not 1.5.
#include "tests/benchmarks/compared_default.h"

using namespace viva;
using namespace viva::benchmarks;

int main() {
  const char* const experiment = "contrastive-pairs";
  const tests::Settings settings{{"scene", "one-shape"}, {"compare", "none"}};
  timePictures(experiment, settings);
  return compareDefault(experiment, "clip/eager_clip.py", "", 20, settings, 1) ? 0 : 1;
}
