// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment at its default (one thread) against its loop in eager Python PyTorch.
#pragma once

#include <chrono>
#include <cstdio>

#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

namespace viva::benchmarks {

/// Microseconds that `work` takes.
template <typename Work>
double microseconds(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return 1e6 * seconds.count();
}

/// Prints how long the pictures of `experiment` with `settings` take after each of 20 steps.
inline void timePictures(const char* experiment, const tests::Settings& settings = {}) {
  const auto run = tests::startedRun(experiment, settings, std::int64_t{1} << 40);
  std::vector<double> pictures;
  for (int i = 0; i < 20; ++i) {
    run->advance(std::int64_t{1});
    pictures.push_back(microseconds([&] { run->frame(); }));
  }
  std::printf("%s: a frame takes %.1f ms (median of 20; at most 50 is asked for)\n", experiment,
              median(pictures) / 1e3);
}

/// Prints the ratio of `steps` steps of `experiment` with `settings` to as many of `program` (below
/// tests/benchmarks) called with `peer`. `asked` is the ratio that is asked for: 1
/// where convolutions or large products dominate. False: Python gave no answer or the run failed,
/// which has been said.
inline bool compareDefault(const char* experiment, const char* program, const QString& peer,
                           std::int64_t steps, const tests::Settings& settings = {},
                           double asked = 1.5) {
  constexpr int kRounds = 9;
  EagerPython python(QString(VIVA_SOURCE_DIR "/tests/benchmarks/") + program, {peer});
  const auto run = tests::startedRun(experiment, settings, std::int64_t{1} << 40);
  const auto found = python.compare(
      kRounds,
      [&] { return microseconds([&] { run->advance(steps); }) / static_cast<double>(steps); },
      QByteArray::number(qint64(steps)));
  if (!found) return false;
  if (run->status() == RunStatus::Failed) {
    std::fprintf(stderr, "%s failed: %s\n", experiment, run->message()->key.c_str());
    return false;
  }
  std::printf(
      "%s: Viva %.1f us/step, eager PyTorch %.1f us/step, ratio %.2f (median of %d; lowest %.2f; "
      "at least %.1f is asked for)\n",
      experiment, found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio, asked);
  return true;
}

}  // namespace viva::benchmarks
