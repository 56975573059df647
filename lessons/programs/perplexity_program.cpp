// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk perplexity(Given given, Watch& watch) {
  const std::vector<double> p = given.numbers(0);
  std::vector<double> loss(p.size());
  double sum = 0, perplexity = 1;
  co_yield watch("p", p)("loss", loss)("sum", sum).result("perplexity", perplexity);

  const bool averages_p = given.has(Mistake::MeanOfProbabilities);
  for (std::size_t i = 0; i < p.size(); ++i) {
    loss[i] = given.has(Mistake::MixedBases) ? -std::log2(p[i]) : -std::log(p[i]), co_yield here();
    sum += averages_p ? p[i] : loss[i], co_yield here();
  }
  const double mean = sum / static_cast<double>(p.size());
  perplexity = averages_p ? 1 / mean : std::exp(mean), co_yield here();
}

}  // namespace viva::programs
