// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <numeric>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk auroc(Given given, Watch& watch) {
  const std::vector<double> positives = given.numbers(0), negatives = given.numbers(1);
  std::vector<double> scores = positives, hit_rate{0}, alarm_rate{0};
  scores.insert(scores.end(), negatives.begin(), negatives.end());
  std::vector<int> order(scores.size());
  double hits = 0, alarms = 0, area = 0, auroc = 0;
  watch("scores", scores)("order", order)("hits", hits)("alarms", alarms);
  co_yield watch("hit_rate", hit_rate)("alarm_rate", alarm_rate)("area", area)
      .result("auroc", auroc);

  std::iota(order.begin(), order.end(), 0);
  const auto is_higher = [&](int a, int b) { return scores[a] > scores[b]; };
  std::stable_sort(order.begin(), order.end(), is_higher), co_yield here();
  for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
    double new_hits = 0, new_alarms = 0;
    const bool one_by_one = given.has(Mistake::TiesCountWhole);
    while (end < order.size() && scores[order[end]] == scores[order[first]]) {
      (order[end++] < std::ssize(positives) ? new_hits : new_alarms) += 1;
      if (one_by_one) break;
    }
    area += new_alarms * (hits + new_hits / 2), co_yield here();
    hits += new_hits, co_yield here();
    alarms += new_alarms, co_yield here();
    hit_rate.push_back(hits / static_cast<double>(positives.size()));
    alarm_rate.push_back(alarms / static_cast<double>(negatives.size())), co_yield here();
  }
  auroc = area / static_cast<double>(positives.size() * negatives.size()), co_yield here();
}

}  // namespace viva::programs
