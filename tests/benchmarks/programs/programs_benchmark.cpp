// SPDX-License-Identifier: GPL-3.0-or-later
// The programs of the interview, a line a step with the difference from the reference after each,
// against the same programs in eager Python PyTorch as a whole. Both take turns, so that whatever
// else the machine does hits both.
#include <chrono>
#include <cstdio>

#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

constexpr int kRounds = 9;
constexpr int kPasses = 20;

/// Microseconds for `attention`'s example from its first line to its return.
double vivaPass() {
  const auto start = std::chrono::steady_clock::now();
  for (int pass = 0; pass < kPasses; ++pass)
    finishedRun("programs", {{"program", "attention"}}, 5000);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return 1e6 * seconds.count() / kPasses;
}

}  // namespace

int main() {
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/programs/eager_programs.py");
  const auto found = python.compare(kRounds, vivaPass, QByteArray::number(kPasses));
  if (!found) return 1;
  std::printf(
      "programs, attention's example: Viva, a line a step and checked, %.0f us; eager PyTorch, at "
      "once, %.0f us; ratio %.2f (median of %d; lowest %.2f)\n",
      found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  return 0;
}
