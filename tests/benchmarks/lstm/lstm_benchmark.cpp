// SPDX-License-Identifier: GPL-3.0-or-later
// A step of lstm-gates (adding over 50 steps, 32 units, batch 32, one thread) against the same loop
// in eager Python PyTorch, and how fast its pictures are made while it learns.
//
// Viva's step is a whole step of a Run: records, checks now and then. Python's is the bare loop.
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
constexpr std::int64_t kSteps = 30;

/// Microseconds that `work` takes.
double timed(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return 1e6 * std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double vivaStep(Run& run) {
  return timed([&] { run.advance(kSteps); }) / static_cast<double>(kSteps);
}

bool compare(EagerPython& python, const char* title, const Settings& settings,
             const QByteArray& cells) {
  const auto run = startedRun("lstm-gates", settings, std::int64_t{1} << 40);
  const auto found = python.compare(
      kRounds, [&] { return vivaStep(*run); }, cells + ' ' + QByteArray::number(qint64(kSteps)));
  if (!found) return false;
  std::printf(
      "%-16s Viva %6.0f us/step, eager PyTorch %6.0f us/step, ratio %.2f (median of %d; lowest "
      "%.2f; at least 1.0 is asked for)\n",
      title, found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  std::fflush(stdout);
  return true;
}

/// All pictures of the probe, made after every step.
void frames(const char* title, const Settings& settings) {
  const auto run = startedRun("lstm-gates", settings, std::int64_t{1} << 40);
  std::vector<double> pictures, steps;
  for (int i = 0; i < 60; ++i) {
    steps.push_back(timed([&] { run->advance(std::int64_t{1}); }));
    pictures.push_back(timed([&] { run->frame(); }));
  }
  std::printf(
      "%-16s a frame takes %5.1f ms, a step %5.1f ms: %3.0f frames a second while it learns "
      "(30 are asked for)\n",
      title, median(pictures) / 1e3, median(steps) / 1e3, 1e6 / (median(pictures) + median(steps)));
  std::fflush(stdout);
}

}  // namespace

int main() {
  const Runtime& runtime = viva_catalog()->runtime();
  std::printf(
      "lstm-gates, adding over 50 steps, 32 units, batch 32, one thread, LibTorch %s, BLAS %s\n",
      runtime.libraryVersion().c_str(), runtime.blas().c_str());
  frames("default", {});
  frames("LSTM alone", {{"compare", "false"}});
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/lstm/eager_lstm.py");
  const bool measured =
      compare(python, "default", {}, "lstm,rnn") &&
      compare(python, "LSTM alone", {{"compare", "false"}}, "lstm") &&
      compare(python, "GRU alone", {{"cell", "gru"}, {"compare", "false"}}, "gru") &&
      compare(python, "peephole alone", {{"cell", "peephole"}, {"compare", "false"}}, "peephole");
  return measured ? 0 : 1;
}
