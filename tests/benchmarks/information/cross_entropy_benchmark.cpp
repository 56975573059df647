// SPDX-License-Identifier: GPL-3.0-or-later
// A step of each experiment of the lesson at its default (one thread) against the same loop in
// eager Python PyTorch. Both take turns, so that whatever else the machine does hits both.
#include "tests/benchmarks/compared_default.h"

using namespace viva::benchmarks;

int main() {
  const char* const program = "information/eager_cross_entropy.py";
  const bool all = compareDefault("distribution-match", program, "match", 500) &&
                   compareDefault("mode-seeking", program, "modes", 100) &&
                   compareDefault("distillation", program, "distillation", 100) &&
                   compareDefault("kl-constrained-policy", program, "policy", 300);
  return all ? 0 : 1;
}
