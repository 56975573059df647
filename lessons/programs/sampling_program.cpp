// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numeric>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk sampling(Given given, Watch& watch) {
  std::vector<double> logits = given.numbers(0), p(logits.size());
  const double temperature = given.setting(1, 0, 1);
  const int top_k = static_cast<int>(given.setting(1, 1, 0));
  const double top_p = given.setting(1, 2, 1), min_p = given.setting(1, 3, 0);
  const double penalty = given.setting(2, 0, 1);
  std::vector<int> order(logits.size());
  double sum = 0, mass = 0;
  co_yield watch("logits", logits)("order", order)("mass", mass)("sum", sum).result("p", p);

  for (std::size_t i = 1; i < given.numbers(2).size(); ++i) {
    double& written = logits[static_cast<std::size_t>(given.numbers(2)[i])];
    const bool divides = written > 0 || given.has(Mistake::PenaltyDivides);
    written = divides ? written / penalty : written * penalty, co_yield here();
  }
  std::iota(order.begin(), order.end(), 0);
  const auto is_larger = [&](int a, int b) { return logits[a] > logits[b]; };
  std::stable_sort(order.begin(), order.end(), is_larger), co_yield here();
  if (top_k > 0 && top_k < std::ssize(order)) order.resize(top_k), co_yield here();
  const double largest = logits[order[0]];
  for (const int i : order) {
    const double heat = temperature > 0 ? temperature : 1e-300;
    p[i] = logits[i] == largest ? 1 : std::exp((logits[i] - largest) / heat), co_yield here();
    sum += p[i], co_yield here();
  }
  for (const int i : order) p[i] /= sum, co_yield here();
  double kept = 0;
  const double most = p[order[0]];
  for (const int i : order) {
    const double reached = given.has(Mistake::WithoutCrossingToken) ? mass + p[i] : mass;
    mass += p[i], co_yield here();
    const bool is_cut = (top_p < 1 && reached >= top_p) || p[i] < min_p * most;
    if (is_cut && i != order[0]) p[i] = 0, co_yield here();
    kept += p[i];
  }
  for (std::size_t i = 0; i < p.size() && !given.has(Mistake::NoRenormalisation); ++i)
    p[i] /= kept, co_yield here();
}

}  // namespace viva::programs
