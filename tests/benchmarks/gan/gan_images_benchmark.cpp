// SPDX-License-Identifier: GPL-3.0-or-later
// An iteration of gan-images (a conditional DCGAN of width 16, batch 64, one thread) against the
// same loop in eager Python PyTorch. Python does not evaluate: neither does Viva here.
#include "tests/benchmarks/compared_default.h"

int main() {
  return viva::benchmarks::compareDefault("gan-images", "gan/eager_gan_images.py", "", 25,
                                          {{"evaluate_every", "500"}})
             ? 0
             : 1;
}
