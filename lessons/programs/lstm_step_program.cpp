// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "lessons/programs/program_list.h"

namespace viva::programs {
namespace {

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

Walk lstmStep(Given given, Watch& watch) {
  const NumberRows x = given.parts[0], from_input = given.parts[3], from_state = given.parts[4];
  const std::vector<double> bias = given.numbers(5);
  std::vector<double> h = given.numbers(1), c = given.numbers(2), gates(bias.size());
  const int units = static_cast<int>(h.size());
  watch("x", x)("from_input", from_input)("from_state", from_state)("bias", bias);
  co_yield watch("gates", gates).result("h", h).result("c", c);

  const int candidate = given.has(Mistake::GateOrder) ? 3 : 2, output = 5 - candidate;
  for (int t = 0; t < x.rows; ++t) {
    for (int row = 0; row < 4 * units; ++row) {
      double sum = bias[row];
      for (int j = 0; j < x.columns; ++j) sum += from_input.at(row, j) * x.at(t, j);
      for (int j = 0; j < units; ++j) sum += from_state.at(row, j) * h[j];
      gates[row] = row / units == candidate ? std::tanh(sum) : logistic(sum), co_yield here();
    }
    for (int u = 0; u < units; ++u) {
      const double i = gates[u], f = gates[units + u];
      c[u] = f * c[u] + i * gates[candidate * units + u], co_yield here();
    }
    for (int u = 0; u < units; ++u) {
      const double shown = given.has(Mistake::NoTanhOfCell) ? c[u] : std::tanh(c[u]);
      h[u] = gates[output * units + u] * shown, co_yield here();
    }
  }
}

}  // namespace viva::programs
