// SPDX-License-Identifier: GPL-3.0-or-later
// A step of gradient-flow's default (two nets of 50 sigmoid layers, width 32, batch 64, Adam, one
// thread) against the same loop in eager Python PyTorch. Both take turns, so that whatever else the
// machine does hits both.
//
// Viva's step is a whole step of a Run: records of every layer, an evaluation every 20 steps,
// checks now and then. Python's is the bare loop with the same norms.
#include <QProcess>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "tests/lessons/optimization/race_run.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr int kRounds = 9;
constexpr std::int64_t kSteps = 40;

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

/// Microseconds a step.
double vivaStep(Run& run) {
  const auto start = std::chrono::steady_clock::now();
  run.advance(kSteps);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return 1e6 * seconds.count() / static_cast<double>(kSteps);
}

double pythonStep(QProcess& python) {
  python.write(QByteArray::number(qint64(kSteps)) + '\n');
  while (!python.canReadLine())
    if (!python.waitForReadyRead(120000)) return 0;
  return python.readLine().trimmed().toDouble();
}

}  // namespace

int main() {
  QProcess python;
  python.setProcessChannelMode(QProcess::ForwardedErrorChannel);
  python.start("/usr/bin/python3",  // the one that Debian's python3-torch belongs to
               {VIVA_SOURCE_DIR "/tests/benchmarks/gradients/eager_gradient_flow.py"});
  const auto run = startedRun("gradient-flow", {}, std::int64_t{1} << 40);
  vivaStep(*run);
  if (!python.waitForStarted() || pythonStep(python) == 0) {
    std::fprintf(stderr, "the Python side gave no answer: is python3-torch there?\n");
    return 1;
  }
  std::vector<double> ours, theirs, ratios;
  for (int round = 0; round < kRounds; ++round) {
    ours.push_back(vivaStep(*run));
    theirs.push_back(pythonStep(python));
    ratios.push_back(theirs.back() / ours.back());
  }
  std::printf(
      "gradient-flow, 2 x 50 layers: Viva %.0f us/step, eager PyTorch %.0f us/step, ratio %.2f "
      "(median of %d; lowest %.2f; at least 1.5 is asked for)\n",
      median(ours), median(theirs), median(ratios), kRounds,
      *std::min_element(ratios.begin(), ratios.end()));
  python.closeWriteChannel();
  python.waitForFinished();
  return 0;
}
