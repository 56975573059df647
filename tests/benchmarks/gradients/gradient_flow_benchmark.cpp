// SPDX-License-Identifier: GPL-3.0-or-later
// A step of gradient-flow's default (two nets of 50 sigmoid layers, width 32, batch 64, Adam, one
// thread) against the same loop in eager Python PyTorch. Both take turns, so that whatever else the
// machine does hits both.
//
// Viva's step is a whole step of a Run: records of every layer, an evaluation every 20 steps,
// checks now and then. Python's is the bare loop with the same norms.
#include <chrono>
#include <cstdio>
#include <vector>

#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

constexpr int kRounds = 9;
constexpr std::int64_t kSteps = 40;

/// Microseconds a step.
double vivaStep(Run& run) {
  const auto start = std::chrono::steady_clock::now();
  run.advance(kSteps);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return 1e6 * seconds.count() / static_cast<double>(kSteps);
}

}  // namespace

int main() {
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/gradients/eager_gradient_flow.py");
  const auto run = startedRun("gradient-flow", {}, std::int64_t{1} << 40);
  const auto found = python.compare(
      kRounds, [&] { return vivaStep(*run); }, QByteArray::number(qint64(kSteps)));
  if (!found) return 1;
  std::printf(
      "gradient-flow, 2 x 50 layers: Viva %.0f us/step, eager PyTorch %.0f us/step, ratio %.2f "
      "(median of %d; lowest %.2f; at least 1.5 is asked for)\n",
      found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  return 0;
}
