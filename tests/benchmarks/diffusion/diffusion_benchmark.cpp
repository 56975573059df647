// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of diffusion-plane (drawing points, noise and times included) and of diffusion-digits, one
// thread, against the same loops in eager Python PyTorch; both take turns, so that whatever else
// the machine does hits both. Neither evaluates. In diffusion-digits matrix products dominate: 1.0
// is asked for there. Then a whole sampler-race, three nets of 4,000 updates included.
#include <cstdio>

#include "tests/benchmarks/compared_default.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

int main() {
  const Settings quiet{{"evaluate_every", "5000"}};
  if (!compareDefault("diffusion-plane", "diffusion/eager_diffusion.py", "plane", 300, quiet))
    return 1;
  if (!compareDefault("diffusion-digits", "diffusion/eager_diffusion.py", "digits", 20, quiet, 1))
    return 1;
  const double race = microseconds([] { finishedRun("sampler-race", {}, 4008); });
  std::printf("sampler-race: %.1f s with its three nets\n", race / 1e6);
  return 0;
}
