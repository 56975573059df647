// SPDX-License-Identifier: GPL-3.0-or-later
// What backbone-explorer measures for the operations of ResNet-18 (one image of 224 x 224, one
// thread), added up, against one pass of torchvision's net in eager Python PyTorch. Both take
// turns, so that whatever else the machine does hits both. Convolutions dominate: 1.0 is asked for.
#include <cstdio>

#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

constexpr int kRounds = 9;
constexpr std::int64_t kOperations = 69;

/// Microseconds: the measured times of all operations.
double vivaPass() {
  const auto run = finishedRun("backbone-explorer", {{"model", "resnet-18"}}, kOperations);
  const auto table = std::get<TableData>(run->frame()->views.at("machine"));
  return 1e3 * std::get<double>(table.rows.at(2).cells.at(1));
}

}  // namespace

int main() {
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/backbones/eager_resnet.py");
  const auto found = python.compare(kRounds, vivaPass, "5");
  if (!found) return 1;
  std::printf(
      "backbone-explorer, ResNet-18: Viva %.0f us/pass, eager PyTorch %.0f us/pass, ratio %.2f "
      "(median of %d; lowest %.2f; at least 1.0 is asked for)\n",
      found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  return 0;
}
