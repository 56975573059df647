// SPDX-License-Identifier: GPL-3.0-or-later
// A step of alexnet-tricks (two nets, batch 32, one thread) and of vgg-warm-start (the shallow net
// and the deep one) against the same loop in eager Python PyTorch. Convolutions dominate: 1.0 is
// asked for.
//
// Viva's step is a whole step of a Run: records, and training and test images every twenty-fifth.
// Python's is the bare loop.
#include <chrono>
#include <cstdio>

#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

constexpr int kRounds = 11;
constexpr std::int64_t kSteps = 20, kForEver = std::int64_t{1} << 40;

/// Microseconds a step.
double vivaStep(Run& run) {
  const auto start = std::chrono::steady_clock::now();
  run.advance(kSteps);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return 1e6 * seconds.count() / static_cast<double>(kSteps);
}

bool compare(EagerPython& python, const char* experiment, const Settings& settings) {
  const auto run = startedRun(experiment, settings, kForEver);
  const auto found = python.compare(
      kRounds, [&] { return vivaStep(*run); },
      QByteArray(experiment) + ' ' + QByteArray::number(qint64(kSteps)));
  if (!found) return false;
  std::printf(
      "%-16s Viva %6.0f us/step, eager PyTorch %6.0f us/step, ratio %.2f (median of %d; lowest "
      "%.2f; at least 1.0 is asked for)\n",
      experiment, found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  std::fflush(stdout);
  return true;
}

}  // namespace

int main() {
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/backbones/eager_tricks.py");
  // Python does not evaluate: neither does Viva here (every 25th step, it makes 2.4 ms a step 3.7).
  const bool measured =
      compare(python, "alexnet-tricks", {{"trick", "augmentation"}, {"evaluate_every", "500"}}) &&
      compare(python, "vgg-warm-start", {{"pretraining", "5000"}});
  return measured ? 0 : 1;
}
