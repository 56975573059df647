// SPDX-License-Identifier: GPL-3.0-or-later
// A step of optimizer-training (mlp, hidden 64, batch 128, moons, one thread) against the same
// loop in eager Python PyTorch. Both take turns, so that whatever else the machine does hits both.
//
// Viva's step is a whole step of a Run: records, an evaluation every 20 steps, checks now and
// then. Python's is the bare loop.
#include <QProcess>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "tests/lessons/optimization/race_run.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kPython = "/usr/bin/python3";  // the one that Debian's python3-torch belongs to
constexpr int kRounds = 15;

/// Microseconds a step.
double vivaStep(Run& run, std::int64_t steps) {
  const auto start = std::chrono::steady_clock::now();
  run.advance(steps);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return 1e6 * seconds.count() / static_cast<double>(steps);
}

double pythonStep(QProcess& python, const QByteArray& names, std::int64_t steps) {
  python.write(names + ' ' + QByteArray::number(qint64(steps)) + '\n');
  while (!python.canReadLine())
    if (!python.waitForReadyRead(120000)) return 0;
  return python.readLine().trimmed().toDouble();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

bool compare(QProcess& python, const char* title, const QByteArray& names, std::int64_t steps,
             double goal, double aim) {
  Settings settings;
  for (const char* name : {"sgd", "momentum", "adagrad", "rmsprop", "adam", "adamw", "adabelief"})
    settings.emplace_back(std::string(name) + ".on",
                          names.split(',').contains(name) ? "true" : "false");
  const auto run = startedRun("optimizer-training", settings, std::int64_t{1} << 40);
  vivaStep(*run, steps);
  if (pythonStep(python, names, steps) == 0) return false;
  std::vector<double> ours, theirs, ratios;
  for (int round = 0; round < kRounds; ++round) {
    ours.push_back(vivaStep(*run, steps));
    theirs.push_back(pythonStep(python, names, steps));
    if (theirs.back() == 0) return false;
    ratios.push_back(theirs.back() / ours.back());
  }
  std::printf(
      "%-10s Viva %6.0f us/step, eager PyTorch %6.0f us/step, ratio %.2f (median of %d; "
      "lowest %.2f; at least %.1f is asked for, %.0f aimed at)\n",
      title, median(ours), median(theirs), median(ratios), kRounds,
      *std::min_element(ratios.begin(), ratios.end()), goal, aim);
  std::fflush(stdout);
  return true;
}

}  // namespace

int main() {
  const Runtime& runtime = viva_catalog()->runtime();
  std::printf(
      "optimizer-training, mlp, hidden 64, batch 128, moons, one thread, LibTorch %s, BLAS %s\n",
      runtime.libraryVersion().c_str(), runtime.blas().c_str());
  QProcess python;
  python.setProcessChannelMode(QProcess::ForwardedErrorChannel);
  python.start(kPython, {VIVA_SOURCE_DIR "/tests/benchmarks/training/eager_training.py"});
  const bool measured = python.waitForStarted() &&
                        compare(python, "Adam alone", "adam", 400, 1.5, 2) &&
                        compare(python, "all seven",
                                "sgd,momentum,adagrad,rmsprop,adam,adamw,adabelief", 120, 2.5, 4);
  python.closeWriteChannel();
  python.waitForFinished();
  if (!measured) std::fprintf(stderr, "the Python side gave no answer: is python3-torch there?\n");
  return measured ? 0 : 1;
}
