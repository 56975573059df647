// SPDX-License-Identifier: GPL-3.0-or-later
// A position of convolution-kinds' default (three channels, four filters, 3x3, one thread) as a
// step of a run, against the same in eager Python PyTorch. Both take turns, so that whatever else
// the machine does hits both.
#include <chrono>
#include <cstdio>

#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

constexpr int kRounds = 9;
constexpr std::int64_t kPositions = 144;

/// Microseconds a step, of a run that has been made.
double vivaStep() {
  const auto run = startedRun("convolution-kinds", {}, kPositions);
  const auto start = std::chrono::steady_clock::now();
  run->advance(kPositions);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return 1e6 * seconds.count() / static_cast<double>(kPositions);
}

}  // namespace

int main() {
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/convolution/eager_convolution_kinds.py");
  const auto found = python.compare(kRounds, vivaStep, QByteArray::number(qint64(kPositions)));
  if (!found) return 1;
  std::printf(
      "convolution-kinds, a position: Viva %.1f us, eager PyTorch %.1f us, ratio %.2f (median of "
      "%d; lowest %.2f; at least 1.5 is asked for)\n",
      found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  return 0;
}
