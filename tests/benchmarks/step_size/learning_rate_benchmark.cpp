// SPDX-License-Identifier: GPL-3.0-or-later
// A step of lr-valley and of lr-schedules at their defaults (one thread) against the same loops in
// eager Python PyTorch. Both take turns, so that whatever else the machine does hits both.
#include <chrono>
#include <cstdio>

#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

constexpr int kRounds = 9;

bool compare(const char* experiment, const QString& peer, std::int64_t steps) {
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/step_size/eager_learning_rate.py", {peer});
  const auto run = startedRun(experiment, {}, std::int64_t{1} << 40);
  const auto found = python.compare(
      kRounds,
      [&] {
        const auto start = std::chrono::steady_clock::now();
        run->advance(steps);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        return 1e6 * seconds.count() / static_cast<double>(steps);
      },
      QByteArray::number(qint64(steps)));
  if (!found) return false;
  std::printf(
      "%s: Viva %.1f us/step, eager PyTorch %.1f us/step, ratio %.2f (median of %d; lowest %.2f; "
      "at least 1.5 is asked for)\n",
      experiment, found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  return true;
}

}  // namespace

int main() {
  return compare("lr-valley", "valley", 500) && compare("lr-schedules", "schedules", 60) ? 0 : 1;
}
