// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk logSumExp(Given given, Watch& watch) {
  const std::vector<double> x = given.numbers(0);
  double largest = -kInfinity, sum = 0, result = -kInfinity;
  co_yield watch("x", x)("largest", largest)("sum", sum).result("result", result);

  for (const double each : x) largest = std::max(largest, each), co_yield here();
  const double shift = given.has(Mistake::NoMaximum) ? 0 : largest;
  if (std::isinf(shift) && !given.has(Mistake::InfiniteMaximum)) co_return;
  for (const double each : x) sum += std::exp(each - shift), co_yield here();
  result = shift + std::log(sum), co_yield here();
}

}  // namespace viva::programs
