// SPDX-License-Identifier: GPL-3.0-or-later
// A step of each experiment of the lesson at its default (one thread), evaluations included,
// against training alone in eager Python PyTorch, in turns. And how long a frame takes.
#include "lessons/core/frame.h"
#include "tests/benchmarks/compared_default.h"

using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

void timeFrames(const char* experiment) {
  const auto run = startedRun(experiment, {}, std::int64_t{1} << 40);
  run->advance(10);
  std::vector<double> frames;
  for (int i = 0; i < 30; ++i) frames.push_back(microseconds([&] { run->frame(); }));
  std::printf("%s, a frame: %.1f ms (33 are asked for)\n", experiment, median(frames) / 1000);
}

}  // namespace

int main() {
  const char* const program = "transformer/eager_transformer.py";
  if (!compareDefault("attention-lab", program, "lab", 40) ||
      !compareDefault("position-race", program, "race", 20) ||
      !compareDefault("attention-numbers", program, "numbers", 2000))
    return 1;
  for (const char* experiment : {"attention-lab", "position-race", "attention-numbers"})
    timeFrames(experiment);
  return 0;
}
