// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of ctc-recognizer, patch-and-tubelet and spectrogram-lab (one thread) against the same
// loops in eager Python PyTorch; and how long a merge of bpe-trainer and the pictures of all take.
//
// Viva's step is a whole step of a Run with its records; Python's is the bare loop. What is read
// every so many steps (128 new words through a beam search) is in neither. Convolutions and
// transforms dominate, so 1.0 is asked for, not 1.5.
#include "tests/benchmarks/compared_default.h"

using namespace viva;
using namespace viva::benchmarks;

int main() {
  const auto merges =
      tests::startedRun("bpe-trainer", {{"text", "english"}, {"compare", "none"}}, 150);
  std::printf("bpe-trainer: a merge takes %.0f us\n",
              microseconds([&] { merges->advance(std::int64_t{150}); }) / 150);
  for (const char* experiment : {"ctc-recognizer", "patch-and-tubelet"}) timePictures(experiment);
  const tests::Settings kSeldom{{"evaluate_every", "500"}};
  const char* const program = "multimodal/eager_multimodal.py";
  const bool compared = compareDefault("ctc-recognizer", program, "ctc", 20, kSeldom, 1) &&
                        compareDefault("patch-and-tubelet", program, "tubelet", 20, kSeldom, 1);
  const auto lab = tests::startedRun("spectrogram-lab", {{"sweep", "hop"}, {"window", "400"}}, 19);
  std::printf("spectrogram-lab: a transform of a second and its way back take %.0f us\n",
              microseconds([&] { lab->advance(std::int64_t{19}); }) / 19);
  return compared ? 0 : 1;
}
