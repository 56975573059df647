// SPDX-License-Identifier: GPL-3.0-or-later
// A step of optimizer-training (mlp, hidden 64, batch 128, moons, one thread) against the same
// loop in eager Python PyTorch. Both take turns, so that whatever else the machine does hits both.
//
// Viva's step is a whole step of a Run: records, an evaluation every 20 steps, checks now and
// then. Python's is the bare loop.
#include <chrono>
#include <cstdio>
#include <vector>

#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

constexpr int kRounds = 15;

/// Microseconds a step.
double vivaStep(Run& run, std::int64_t steps) {
  const auto start = std::chrono::steady_clock::now();
  run.advance(steps);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return 1e6 * seconds.count() / static_cast<double>(steps);
}

bool compare(EagerPython& python, const char* title, const QByteArray& names, std::int64_t steps,
             double goal, double aim) {
  Settings settings;
  for (const char* name : {"sgd", "momentum", "adagrad", "rmsprop", "adam", "adamw", "adabelief"})
    settings.emplace_back(std::string(name) + ".on",
                          names.split(',').contains(name) ? "true" : "false");
  const auto run = startedRun("optimizer-training", settings, std::int64_t{1} << 40);
  const auto found = python.compare(
      kRounds, [&] { return vivaStep(*run, steps); },
      names + ' ' + QByteArray::number(qint64(steps)));
  if (!found) return false;
  std::printf(
      "%-10s Viva %6.0f us/step, eager PyTorch %6.0f us/step, ratio %.2f (median of %d; "
      "lowest %.2f; at least %.1f is asked for, %.0f aimed at)\n",
      title, found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio, goal, aim);
  std::fflush(stdout);
  return true;
}

}  // namespace

int main() {
  const Runtime& runtime = viva_catalog()->runtime();
  std::printf(
      "optimizer-training, mlp, hidden 64, batch 128, moons, one thread, LibTorch %s, BLAS %s\n",
      runtime.libraryVersion().c_str(), runtime.blas().c_str());
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/training/eager_training.py");
  const bool measured = compare(python, "Adam alone", "adam", 400, 1.5, 2) &&
                        compare(python, "all seven",
                                "sgd,momentum,adagrad,rmsprop,adam,adamw,adabelief", 120, 2.5, 4);
  return measured ? 0 : 1;
}
