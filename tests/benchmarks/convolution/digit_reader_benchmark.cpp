// SPDX-License-Identifier: GPL-3.0-or-later
// A step of digit-reader against the same loop in eager Python PyTorch, and what a frame costs.
//
// Viva's step is a whole step of a Run: records, kept weights, and every 25th and 50th step the
// tests. Python's is the bare loop. Convolutions dominate, so 1.0 is asked for.
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

constexpr int kRounds = 9;
constexpr std::int64_t kSteps = 50, kForEver = std::int64_t{1} << 40;

/// Microseconds that `work` takes.
double timed(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return 1e6 * std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

bool compare(EagerPython& python, const char* nets, const Settings& settings) {
  const auto run = startedRun("digit-reader", settings, kForEver);
  const auto found = python.compare(
      kRounds, [&] { return timed([&] { run->advance(kSteps); }) / static_cast<double>(kSteps); },
      QByteArray(nets) + ' ' + QByteArray::number(qint64(kSteps)));
  if (!found) return false;
  std::printf(
      "digit-reader, %-5s nets: Viva %6.0f us/step, eager PyTorch %6.0f us/step, ratio %.2f "
      "(median "
      "of %d; lowest %.2f; at least 1.0 is asked for)\n",
      nets, found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  std::fflush(stdout);
  return true;
}

}  // namespace

int main() {
  const Runtime& runtime = viva_catalog()->runtime();
  std::printf("digit-reader, one thread, LibTorch %s, BLAS %s\n", runtime.libraryVersion().c_str(),
              runtime.blas().c_str());
  const auto run = startedRun("digit-reader", {}, kForEver);
  std::vector<double> pictures;
  for (int i = 0; i < 20; ++i) {
    run->advance(std::int64_t{1});
    pictures.push_back(timed([&] { run->frame(); }));
  }
  std::printf("digit-reader: a frame takes %.1f ms\n", median(pictures) / 1e3);
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/convolution/eager_digits.py");
  return compare(python, "two", {}) && compare(python, "three", {{"global_pooling", "true"}}) ? 0
                                                                                              : 1;
}
