// SPDX-License-Identifier: GPL-3.0-or-later
// A step of kv-cache (a token with the cache, without one, and with all heads; one thread) against
// the same passes in eager Python PyTorch, and whole runs of the lesson's other experiments with
// what they prepare. Viva counts the multiplications as it goes.
#include <cstdio>

#include "tests/benchmarks/compared_default.h"

using namespace viva;
using namespace viva::tests;
using namespace viva::benchmarks;

int main() {
  if (!compareDefault("kv-cache", "inference/eager_cache.py", "", 10, {{"length", "512"}}, 1))
    return 1;
  for (const auto& [experiment, steps] : {std::pair{"quantization", 9},
                                          {"paged-memory", 400},
                                          {"batching-frontier", 1000},
                                          {"speculative-decoding", 150},
                                          {"graph-optimization", 6}}) {
    const double taken = microseconds([&] { finishedRun(experiment, {}, steps); });
    std::printf("%s: %.1f s for %d steps\n", experiment, taken / 1e6, steps);
  }
  return 0;
}
