// SPDX-License-Identifier: GPL-3.0-or-later
// Steps a second of a race with all seven on, without a window: at least 5,000 are asked for.
#include <chrono>
#include <cstdio>

#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;

namespace {

using Clock = std::chrono::steady_clock;

double secondsFor(Run& run, std::int64_t steps) {
  const auto start = Clock::now();
  run.advance(steps);
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

int main() {
  const ExperimentSpec& race = viva_catalog()->experiment("optimizer-race");
  const Runtime& runtime = viva_catalog()->runtime();
  std::printf("optimizer-race, seven optimizers, one thread, LibTorch %s, BLAS %s\n",
              runtime.libraryVersion().c_str(), runtime.blas().c_str());

  constexpr std::int64_t kSteps = 20000;
  for (const std::string& surface : race.parameters[0].choices) {
    const auto run = startedRun("optimizer-race", {{"surface", surface}}, kSteps + 1000);
    run->advance(1000);  // warm
    std::printf("%-12s %8.0f steps/s\n", surface.c_str(),
                static_cast<double>(kSteps) / secondsFor(*run, kSteps));
  }

  // A long race must not slow down.
  constexpr std::int64_t kLong = 1000000, kPart = 100000;
  const auto run = startedRun("optimizer-race", {}, kLong);
  const double first = secondsFor(*run, kPart);
  run->advance(kLong - 2 * kPart);
  const double last = secondsFor(*run, kPart);
  std::printf("1,000,000 steps: first 100,000 at %.0f steps/s, last at %.0f\n",
              static_cast<double>(kPart) / first, static_cast<double>(kPart) / last);
}
