// SPDX-License-Identifier: GPL-3.0-or-later
// A turn of gan-plane (defaults: hidden 64, batch 256, one thread) against the same loop in eager
// Python PyTorch. Both take turns, so that whatever else the machine does hits both.
//
// Viva's turn is a whole step of a Run: records, an evaluation every 100 turns, checks now and
// then; and, in the second line, a frame of all views 30 times a second. Python's is the bare loop.
#include <chrono>
#include <cstdio>
#include <vector>

#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kRounds = 15;
constexpr std::int64_t kTurns = 400;
constexpr std::chrono::milliseconds kFramePause{33};

/// Microseconds a turn.
double vivaTurn(Run& run, bool drawn) {
  const auto start = Clock::now();
  auto next_frame = start;
  for (std::int64_t turn = 0; turn < kTurns; ++turn) {
    run.advance(std::int64_t{1});
    if (!drawn || Clock::now() < next_frame) continue;
    run.frame();
    next_frame = Clock::now() + kFramePause;
  }
  const std::chrono::duration<double> seconds = Clock::now() - start;
  return 1e6 * seconds.count() / static_cast<double>(kTurns);
}

bool compare(EagerPython& python, const char* title, bool drawn) {
  const auto run = startedRun("gan-plane", {}, std::int64_t{1} << 40);
  const auto found = python.compare(
      kRounds, [&] { return vivaTurn(*run, drawn); }, QByteArray::number(qint64(kTurns)));
  if (!found) return false;
  std::printf(
      "%-14s Viva %6.0f us/turn (%4.0f turns/s), eager PyTorch %6.0f us/turn, ratio %.2f (median "
      "of %d; lowest %.2f; at least 1.5 and 500 turns/s are asked for)\n",
      title, found->ours, 1e6 / found->ours, found->theirs, found->ratio, kRounds,
      found->lowest_ratio);
  std::fflush(stdout);
  return true;
}

}  // namespace

int main() {
  const Runtime& runtime = viva_catalog()->runtime();
  std::printf("gan-plane, hidden 64, batch 256, ring, one thread, LibTorch %s, BLAS %s\n",
              runtime.libraryVersion().c_str(), runtime.blas().c_str());
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/gan/eager_gan.py");
  return compare(python, "training", false) && compare(python, "while drawn", true) ? 0 : 1;
}
