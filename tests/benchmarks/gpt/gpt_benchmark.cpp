// SPDX-License-Identifier: GPL-3.0-or-later
// A step of tiny-gpt and of induction-heads against the same loop in eager Python PyTorch, a frame
// with 2,000 characters coloured, and how fast sampling-bench draws.
//
// Viva's step is a whole step of a Run: records, and the held-out text every tenth. Python's is the
// bare loop.
#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

constexpr int kRounds = 11;
constexpr std::int64_t kSteps = 10, kForEver = std::int64_t{1} << 40;

/// Microseconds that `work` takes.
double timed(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return 1e6 * std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

bool compare(EagerPython& python, const char* experiment, const Settings& settings) {
  const auto run = startedRun(experiment, settings, kForEver);
  const auto found = python.compare(
      kRounds, [&] { return timed([&] { run->advance(kSteps); }) / static_cast<double>(kSteps); },
      QByteArray(experiment) + ' ' + QByteArray::number(qint64(kSteps)));
  if (!found) return false;
  std::printf(
      "%-16s Viva %6.0f us/step, eager PyTorch %6.0f us/step, ratio %.2f (median of %d; lowest "
      "%.2f; at least 1.0 is asked for)\n",
      experiment, found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  std::fflush(stdout);
  return true;
}

/// All pictures, made after every step: the sample is drawn anew every tenth.
void frames() {
  const auto run = startedRun("tiny-gpt", {}, kForEver);
  std::vector<double> pictures, steps;
  for (int i = 0; i < 40; ++i) {
    steps.push_back(timed([&] { run->advance(std::int64_t{1}); }));
    pictures.push_back(timed([&] { run->frame(); }));
  }
  std::printf(
      "tiny-gpt         a frame takes %5.1f ms (%5.1f ms with a new sample), a step %5.1f\n",
      median(pictures) / 1e3, *std::max_element(pictures.begin(), pictures.end()) / 1e3,
      median(steps) / 1e3);
  const auto bench = startedRun("sampling-bench", {{"draws", "1000"}}, kForEver);
  std::printf("sampling-bench   %.0f draws a second\n",
              1e9 / (timed([&] { bench->advance(std::int64_t{200}); }) / 200));
  std::fflush(stdout);
}

}  // namespace

int main() {
  const Runtime& runtime = viva_catalog()->runtime();
  std::printf("tiny-gpt and induction-heads, one thread, LibTorch %s, BLAS %s\n",
              runtime.libraryVersion().c_str(), runtime.blas().c_str());
  frames();
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/gpt/eager_gpt.py");
  const bool measured = compare(python, "tiny-gpt", {}) &&
                        compare(python, "induction-heads", {{"one_layer", "false"}});
  return measured ? 0 : 1;
}
