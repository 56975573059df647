// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk beamSearch(Given given, Watch& watch) {
  const NumberRows first = given.parts[0], next = given.parts[1];
  const int width = static_cast<int>(given.setting(2, 0, 2));
  const int length = static_cast<int>(given.setting(2, 1, 2));
  const double alpha = given.setting(2, 2, 0);
  std::vector<std::string> hypotheses{""}, ranking;
  std::vector<double> scores{0}, rated;
  std::vector<int> parents{0}, beam{0}, chosen;
  watch("hypotheses", hypotheses)("scores", scores)("beam", beam)("chosen", chosen);
  co_yield watch.result("ranking", ranking).result("rated", rated);

  const bool multiplies = given.has(Mistake::ProbabilityProduct);
  for (int t = 0; t < length; ++t) {
    std::vector<int> candidates, used;
    for (const int i : beam) {
      const std::string text = hypotheses[i];
      for (int token = 0; token < first.columns; ++token) {
        const double p = text.empty() ? first.at(0, token) : next.at(text.back() - 'a', token);
        if (p == 0) continue;
        candidates.push_back(static_cast<int>(hypotheses.size()));
        parents.push_back(i);
        hypotheses.push_back(text + static_cast<char>('a' + token));
        const double before = scores[i], sum = before + std::log(p);
        scores.push_back(multiplies ? std::log(std::exp(before) * p) : sum), co_yield here();
      }
      const bool has_ended = parents.back() != i;
      if (has_ended) candidates.push_back(i);
    }
    const auto is_better = [&](int a, int b) { return scores[a] > scores[b]; };
    std::stable_sort(candidates.begin(), candidates.end(), is_better);
    chosen.clear(), co_yield here();
    for (const int i : candidates) {
      const bool is_used = std::count(used.begin(), used.end(), parents[i]) > 0;
      if (std::ssize(chosen) == width || (given.has(Mistake::PerBeam) && is_used)) continue;
      used.push_back(parents[i]);
      chosen.push_back(i), co_yield here();
    }
    beam = chosen, co_yield here();
  }
  const auto rate = [&](int i) {
    return scores[i] / std::pow((5.0 + hypotheses[i].size()) / 6, alpha);
  };
  std::stable_sort(beam.begin(), beam.end(), [&](int a, int b) { return rate(a) > rate(b); });
  for (const int i : beam) {
    ranking.push_back(hypotheses[i]);
    rated.push_back(rate(i)), co_yield here();
  }
}

}  // namespace viva::programs
