// SPDX-License-Identifier: GPL-3.0-or-later
// A step of function-calling (32 requests, one thread) against the same loop in eager Python
// PyTorch, and how long its pictures take; for protocol-trace, which has nothing to compare with,
// how long one task takes in three ways, two starts of Viva included.
#include "tests/benchmarks/compared_default.h"

using namespace viva;
using namespace viva::benchmarks;

int main() {
  const double whole = microseconds([] { tests::finishedRun("protocol-trace", {}, 25); });
  std::printf("protocol-trace: one task in three ways takes %.2f s\n", whole / 1e6);
  timePictures("protocol-trace");
  timePictures("function-calling");
  return compareDefault("function-calling", "protocols/eager_function_calling.py", "", 20) ? 0 : 1;
}
