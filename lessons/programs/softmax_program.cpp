// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk softmax(Given given, Watch& watch) {
  const std::vector<double> x = given.numbers(0);
  std::vector<double> p(x.size());
  double largest = -kInfinity, sum = 0;
  co_yield watch("x", x)("largest", largest)("sum", sum).result("p", p);

  for (const double logit : x) largest = std::max(largest, logit), co_yield here();
  const double shift = given.has(Mistake::NoMaximum) ? 0 : largest;
  for (std::size_t i = 0; i < x.size(); ++i) {
    p[i] = std::exp(x[i] - shift), co_yield here();
    sum += p[i], co_yield here();
  }
  for (std::size_t i = 0; i < x.size(); ++i) p[i] /= sum, co_yield here();
}

}  // namespace viva::programs
