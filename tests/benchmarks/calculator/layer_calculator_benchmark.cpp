// SPDX-License-Identifier: GPL-3.0-or-later
// A pass of layer-calculator's default stack (two convolutions and a dense layer, one image,
// one thread), every layer timed, against the same in eager Python PyTorch. Both take turns, so
// that whatever else the machine does hits both.
#include <chrono>
#include <cstdio>

#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

constexpr int kRounds = 9;
constexpr std::int64_t kSteps = 200;

/// Microseconds a step.
double vivaStep(Run& run) {
  const auto start = std::chrono::steady_clock::now();
  run.advance(kSteps);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return 1e6 * seconds.count() / static_cast<double>(kSteps);
}

}  // namespace

int main() {
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/calculator/eager_layer_calculator.py");
  const auto run = startedRun("layer-calculator", {}, std::int64_t{1} << 40);
  const auto found = python.compare(
      kRounds, [&] { return vivaStep(*run); }, QByteArray::number(qint64(kSteps)));
  if (!found) return 1;
  std::printf(
      "layer-calculator, 7 layers: Viva %.0f us/pass, eager PyTorch %.0f us/pass, ratio %.2f "
      "(median of %d; lowest %.2f; at least 1.5 is asked for)\n",
      found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  return 0;
}
