// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk onlineSoftmax(Given given, Watch& watch) {
  const std::vector<double> scores = given.numbers(0), values = given.numbers(1);
  double largest = -kInfinity, sum = 0, mixed = 0;
  watch("scores", scores)("values", values);
  co_yield watch.result("largest", largest).result("sum", sum).result("mixed", mixed);

  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double before = largest;
    largest = std::max(largest, scores[i]), co_yield here();
    const double shrink = given.has(Mistake::NoRescale) ? 1 : std::exp(before - largest);
    sum = sum * shrink + std::exp(scores[i] - largest), co_yield here();
    mixed = mixed * shrink + std::exp(scores[i] - largest) * values[i], co_yield here();
  }
  mixed /= sum, co_yield here();
}

}  // namespace viva::programs
