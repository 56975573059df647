// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk layerNorm(Given given, Watch& watch) {
  const std::vector<double> x = given.numbers(0), gain = given.numbers(1), bias = given.numbers(2);
  const double epsilon = 1e-5, size = static_cast<double>(x.size());
  double mean = 0, variance = 0, deviation = 0;
  std::vector<double> y(x.size());
  watch("x", x)("gain", gain)("bias", bias)("mean", mean)("variance", variance);
  co_yield watch("deviation", deviation).result("y", y);

  for (const double each : x) mean += each / size, co_yield here();
  const double divisor = given.has(Mistake::UnbiasedVariance) ? size - 1 : size;
  for (const double each : x) variance += (each - mean) * (each - mean) / divisor, co_yield here();
  const bool late = given.has(Mistake::EpsilonOutside);
  deviation = std::sqrt(late ? variance : variance + epsilon), co_yield here();
  if (late) deviation += epsilon, co_yield here();
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i] = (x[i] - mean) / deviation, co_yield here();
    y[i] = y[i] * gain[i] + bias[i], co_yield here();
  }
}

}  // namespace viva::programs
