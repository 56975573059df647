// SPDX-License-Identifier: GPL-3.0-or-later
// A step of ood-maps and of ood-images at their defaults (one thread), evaluations included,
// against training alone in eager Python PyTorch, in turns. And how long a frame with a map of 100
// x 100 takes: 30 a second leave 33 ms.
#include "lessons/core/frame.h"
#include "tests/benchmarks/compared_default.h"

using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

void timeFrames(const char* score) {
  const auto run = startedRun("ood-maps", {{"score", score}}, std::int64_t{1} << 40);
  run->advance(40);
  std::vector<double> frames;
  for (int i = 0; i < 30; ++i) frames.push_back(microseconds([&] { run->frame(); }));
  std::printf("ood-maps, a frame with the map of %s: %.1f ms (33 are asked for)\n", score,
              median(frames) / 1000);
}

}  // namespace

int main() {
  constexpr std::int64_t kSteps = 120;
  const char* const program = "uncertainty/eager_ood.py";
  if (!compareDefault("ood-maps", program, "maps", kSteps) ||
      !compareDefault("ood-images", program, "images", kSteps))
    return 1;
  for (const char* score :
       {"max-softmax", "energy", "odin", "mahalanobis", "ensemble", "mc-dropout", "knn"})
    timeFrames(score);
  return 0;
}
