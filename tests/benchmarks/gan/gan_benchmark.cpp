// SPDX-License-Identifier: GPL-3.0-or-later
// A turn of gan-plane (defaults: hidden 64, batch 256, one thread) against the same loop in eager
// Python PyTorch. Both take turns, so that whatever else the machine does hits both.
//
// Viva's turn is a whole step of a Run: records, an evaluation every 100 turns, checks now and
// then; and, in the second line, a frame of all views 30 times a second. Python's is the bare loop.
#include <QProcess>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "tests/lessons/optimization/race_run.h"

using namespace viva;
using namespace viva::tests;
using Clock = std::chrono::steady_clock;

namespace {

const char* const kPython = "/usr/bin/python3";  // the one that Debian's python3-torch belongs to
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

double pythonTurn(QProcess& python) {
  python.write(QByteArray::number(qint64(kTurns)) + '\n');
  while (!python.canReadLine())
    if (!python.waitForReadyRead(120000)) return 0;
  return python.readLine().trimmed().toDouble();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

bool compare(QProcess& python, const char* title, bool drawn) {
  const auto run = startedRun("gan-plane", {}, std::int64_t{1} << 40);
  vivaTurn(*run, drawn);
  if (pythonTurn(python) == 0) return false;
  std::vector<double> ours, theirs, ratios;
  for (int round = 0; round < kRounds; ++round) {
    ours.push_back(vivaTurn(*run, drawn));
    theirs.push_back(pythonTurn(python));
    if (theirs.back() == 0) return false;
    ratios.push_back(theirs.back() / ours.back());
  }
  std::printf(
      "%-14s Viva %6.0f us/turn (%4.0f turns/s), eager PyTorch %6.0f us/turn, ratio %.2f (median "
      "of %d; lowest %.2f; at least 1.5 and 500 turns/s are asked for)\n",
      title, median(ours), 1e6 / median(ours), median(theirs), median(ratios), kRounds,
      *std::min_element(ratios.begin(), ratios.end()));
  std::fflush(stdout);
  return true;
}

}  // namespace

int main() {
  const Runtime& runtime = viva_catalog()->runtime();
  std::printf("gan-plane, hidden 64, batch 256, ring, one thread, LibTorch %s, BLAS %s\n",
              runtime.libraryVersion().c_str(), runtime.blas().c_str());
  QProcess python;
  python.setProcessChannelMode(QProcess::ForwardedErrorChannel);
  python.start(kPython, {VIVA_SOURCE_DIR "/tests/benchmarks/gan/eager_gan.py"});
  const bool measured = python.waitForStarted() && compare(python, "training", false) &&
                        compare(python, "while drawn", true);
  python.closeWriteChannel();
  python.waitForFinished();
  if (!measured) std::fprintf(stderr, "the Python side gave no answer: is python3-torch there?\n");
  return measured ? 0 : 1;
}
