// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk attention(Given given, Watch& watch) {
  const NumberRows q = given.parts[0], k = given.parts[1], v = given.parts[2],
                   may_look = given.parts[3];
  NumberRows scores(q.rows, k.rows), weights(q.rows, k.rows), out(q.rows, v.columns);
  std::vector<double> largest(std::max(q.rows, k.rows), -kInfinity), sum(largest.size());
  watch("q", q)("k", k)("v", v)("may_look", may_look)("scores", scores)("largest", largest);
  co_yield watch("sum", sum)("weights", weights).result("out", out);

  const double scale = given.has(Mistake::NoScale) ? 1 : 1 / std::sqrt(q.columns);
  const bool masks_late = given.has(Mistake::MaskAfterSoftmax);
  const auto over = [&](int query, int key) { return given.has(Mistake::WrongAxis) ? key : query; };

  for (int i = 0; i < q.rows; ++i)
    for (int j = 0; j < k.rows; ++j) {
      for (int c = 0; c < q.columns; ++c) scores.at(i, j) += q.at(i, c) * k.at(j, c);
      scores.at(i, j) *= scale, co_yield here();
      if (may_look.at(i, j) == 0 && !masks_late) scores.at(i, j) = -kInfinity, co_yield here();
      largest[over(i, j)] = std::max(largest[over(i, j)], scores.at(i, j)), co_yield here();
    }
  for (int i = 0; i < q.rows; ++i)
    for (int j = 0; j < k.rows; ++j) {
      if (std::isinf(largest[over(i, j)]) && !given.has(Mistake::EmptyRow)) continue;
      weights.at(i, j) = std::exp(scores.at(i, j) - largest[over(i, j)]), co_yield here();
      sum[over(i, j)] += weights.at(i, j), co_yield here();
    }
  for (int i = 0; i < q.rows; ++i)
    for (int j = 0; j < k.rows; ++j) {
      if (sum[over(i, j)] == 0) continue;
      weights.at(i, j) /= sum[over(i, j)], co_yield here();
      if (may_look.at(i, j) == 0 && masks_late) weights.at(i, j) = 0, co_yield here();
    }
  for (int i = 0; i < q.rows; ++i)
    for (int c = 0; c < v.columns; ++c)
      for (int j = 0; j < k.rows; ++j)
        out.at(i, c) += weights.at(i, j) * v.at(j, c), co_yield here();
}

}  // namespace viva::programs
