// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <numeric>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk averagePrecision(Given given, Watch& watch) {
  const NumberRows detections = given.parts[0];
  const int size = static_cast<int>(detections.rows);
  const double truths = given.setting(1, 0, 1);
  std::vector<int> order(size);
  std::vector<double> precision(size), recall(size);
  double found = 0, area = 0, at_11 = 0, at_101 = 0;
  watch("detections", detections)("order", order)("found", found);
  watch("precision", precision)("recall", recall);
  co_yield watch.result("area", area).result("at_11", at_11).result("at_101", at_101);

  std::iota(order.begin(), order.end(), 0);
  const auto is_better = [&](int a, int b) { return detections.at(a, 0) > detections.at(b, 0); };
  std::stable_sort(order.begin(), order.end(), is_better), co_yield here();
  double divisor = truths;
  if (given.has(Mistake::RecallOfFound)) {
    divisor = 0;
    for (int i = 0; i < size; ++i) divisor += detections.at(i, 1);
  }
  for (int rank = 0; rank < size; ++rank) {
    found += detections.at(order[rank], 1), co_yield here();
    precision[rank] = found / (rank + 1), co_yield here();
    recall[rank] = divisor > 0 ? found / divisor : 0, co_yield here();
  }
  for (int rank = size - 2; rank >= 0 && !given.has(Mistake::NoEnvelope); --rank)
    precision[rank] = std::max(precision[rank], precision[rank + 1]), co_yield here();
  for (int rank = 0; rank < size; ++rank)
    area += (recall[rank] - (rank > 0 ? recall[rank - 1] : 0)) * precision[rank], co_yield here();
  for (const int points : {11, 101}) {
    double& mean = points == 11 ? at_11 : at_101;
    for (int point = 0; point < points; ++point) {
      const double level = point / (points - 1.0);
      const auto reached = std::lower_bound(recall.begin(), recall.end(), level);
      if (reached == recall.end()) break;
      mean += precision[reached - recall.begin()] / points, co_yield here();
    }
  }
}

}  // namespace viva::programs
