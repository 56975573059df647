// SPDX-License-Identifier: GPL-3.0-or-later
// A step of vit-vs-cnn (a ViT and a CNN, batch 64, one thread) against the same loop in eager
// Python PyTorch, and how long its pictures take.
//
// Viva's step is a whole step of a Run with its records, without tests of the nets, which Python
// does not do either; Python's is the bare loop.
#include "tests/benchmarks/compared_default.h"

using namespace viva;
using namespace viva::benchmarks;

int main() {
  const char* const experiment = "vit-vs-cnn";
  timePictures(experiment);
  return compareDefault(experiment, "vit/eager_vit.py", "", 20, {{"evaluate_every", "1000"}}, 1)
             ? 0
             : 1;
}
