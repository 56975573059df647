// SPDX-License-Identifier: GPL-3.0-or-later
// A step of each experiment of the lesson at its default (one thread) against the same loop in
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
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/losses/eager_loss_functions.py", {peer});
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
  const bool all = compare("loss-race", "race", 60) && compare("loss-shapes", "shapes", 300);
  return all ? 0 : 1;
}
