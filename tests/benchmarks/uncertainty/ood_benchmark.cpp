// SPDX-License-Identifier: GPL-3.0-or-later
// A step of ood-maps and of ood-images at their defaults (one thread), evaluations included,
// against training alone in eager Python PyTorch, in turns. And how long a frame with a map of 100
// x 100 takes: 30 a second leave 33 ms.
#include <chrono>
#include <cstdio>

#include "lessons/core/frame.h"
#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

constexpr int kRounds = 9;

double microseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return 1e6 * seconds.count();
}

bool compare(const char* experiment, const QString& peer) {
  constexpr std::int64_t kSteps = 120;
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/uncertainty/eager_ood.py", {peer});
  const auto run = startedRun(experiment, {}, std::int64_t{1} << 40);
  const auto found = python.compare(
      kRounds, [&] { return microseconds([&] { run->advance(kSteps); }) / kSteps; },
      QByteArray::number(qint64(kSteps)));
  if (!found) return false;
  std::printf(
      "%s: Viva %.1f us/step, eager PyTorch %.1f us/step, ratio %.2f (median of %d; lowest %.2f; "
      "at least 1.5 is asked for)\n",
      experiment, found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  return true;
}

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
  if (!compare("ood-maps", "maps") || !compare("ood-images", "images")) return 1;
  for (const char* score :
       {"max-softmax", "energy", "odin", "mahalanobis", "ensemble", "mc-dropout"})
    timeFrames(score);
  return 0;
}
