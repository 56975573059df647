// SPDX-License-Identifier: GPL-3.0-or-later
// A step of capacity-lab and a whole sweep of double-descent at their defaults (one thread) against
// the same in eager Python PyTorch, in turns. And how long a frame with two maps of 100 x 100
// takes: 30 a second leave 33 ms.
#include "lessons/core/frame.h"
#include "tests/benchmarks/compared_default.h"

using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

bool compareSweep() {
  constexpr int kRounds = 5;
  const auto widths = finishedRun("double-descent", {}, 60)->step();
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/fitting/eager_overfitting.py", {"descent"});
  const auto found = python.compare(
      kRounds,
      [&] {
        return microseconds([&] { finishedRun("double-descent", {}, 60); }) /
               static_cast<double>(widths);
      },
      QByteArray::number(qint64(widths)));
  if (!found) return false;
  std::printf(
      "double-descent: Viva %.0f us/width, eager PyTorch %.0f us/width, ratio %.2f (median of %d; "
      "lowest %.2f; at least 1.5 is asked for)\n",
      found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  return true;
}

}  // namespace

int main() {
  if (!compareDefault("capacity-lab", "fitting/eager_overfitting.py", "lab", 200) ||
      !compareSweep())
    return 1;
  const auto run = startedRun("capacity-lab", {}, std::int64_t{1} << 40);
  run->advance(40);
  std::vector<double> frames;
  for (int i = 0; i < 30; ++i) frames.push_back(microseconds([&] { run->frame(); }));
  std::printf("capacity-lab, a frame with two maps: %.1f ms (33 are asked for)\n",
              median(frames) / 1000);
  return 0;
}
