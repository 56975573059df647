// SPDX-License-Identifier: GPL-3.0-or-later
// A step of box-losses (five boxes descend), one thread, against the same in eager Python PyTorch
// with the five stacked; both take turns, so that whatever else the machine does hits both. Then
// the time of nms-steps and average-precision for five hundred boxes, and a step of
// detector-training (a batch of 32 scenes), in which convolutions dominate.
#include <cstdio>
#include <string>

#include "tests/benchmarks/compared_default.h"
#include "tests/benchmarks/eager_python.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

namespace {

constexpr int kRounds = 5;
constexpr std::int64_t kSteps = 400;

}  // namespace

int main() {
  EagerPython python(VIVA_SOURCE_DIR "/tests/benchmarks/detection/eager_boxes.py");
  const auto run = startedRun("box-losses", {}, std::int64_t{1} << 40);
  const auto found = python.compare(
      kRounds, [&] { return microseconds([&] { run->advance(kSteps); }) / kSteps; },
      QByteArray::number(qint64(kSteps)));
  if (!found) return 1;
  std::printf(
      "box-losses, five boxes: Viva %.1f us/step, eager PyTorch %.0f us/step, ratio %.0f "
      "(median of %d; lowest %.0f; at least 1.5 is asked for)\n",
      found->ours, found->theirs, found->ratio, kRounds, found->lowest_ratio);
  std::string boxes, detections;
  for (int i = 0; i < 500; ++i) {
    const std::string place = std::to_string(i % 40) + " " + std::to_string(i / 40) + " " +
                              std::to_string(i % 40 + 3) + " " + std::to_string(i / 40 + 3);
    const std::string score = std::to_string(0.999 - 0.001 * (i * 7 % 500));
    boxes += place + " " + score + ";";
    detections += "1 " + score + " " + place + ";";
  }
  const double nms = microseconds([&] { finishedRun("nms-steps", {{"boxes", boxes}}, 500); });
  const double average = microseconds([&] {
    finishedRun("average-precision",
                {{"truths", "1 0 0 3 3; 1 20 5 23 8"}, {"detections", detections}}, 500);
  });
  std::printf("nms-steps, 500 boxes: %.1f ms; average-precision, 500 detections: %.1f ms\n",
              nms / 1000, average / 1000);
  // Python does not evaluate: neither does Viva here (every 25th step, it makes 8 ms a step 11).
  const bool is_compared = compareDefault("detector-training", "detection/eager_detector.py", "",
                                          25, {{"compare", "none"}, {"evaluate_every", "1000"}}, 1);
  return is_compared ? 0 : 1;
}
