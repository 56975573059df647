// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/programs/program_list.h"

namespace viva::programs {
namespace {

double logOfSum(double a, double b) {
  const double largest = std::max(a, b);
  if (std::isinf(largest)) return largest;
  return largest + std::log(std::exp(a - largest) + std::exp(b - largest));
}

}  // namespace

Walk ctc(Given given, Watch& watch) {
  const NumberRows p = given.parts[0];
  const int times = static_cast<int>(p.rows);
  std::vector<int> labels{0};
  for (const double label : given.numbers(1)) {
    labels.push_back(static_cast<int>(label)), labels.push_back(0);
  }
  const int states = static_cast<int>(labels.size());
  NumberRows alpha(times, states, -kInfinity);
  double loss = kInfinity;
  co_yield watch("p", p)("labels", labels)("alpha", alpha).result("loss", loss);

  for (int t = 0; t < times; ++t)
    for (int s = 0; s < states; ++s) {
      double paths = t == 0 && s < 2 ? 0 : -kInfinity;
      if (t > 0) paths = alpha.at(t - 1, s);
      if (t > 0 && s > 0) paths = logOfSum(paths, alpha.at(t - 1, s - 1));
      const bool repeats = s > 1 && labels[s] == labels[s - 2];
      const bool may_skip =
          s > 1 && labels[s] != 0 && (!repeats || given.has(Mistake::SkipsARepeat));
      if (t > 0 && may_skip) paths = logOfSum(paths, alpha.at(t - 1, s - 2));
      alpha.at(t, s) = paths + std::log(p.at(t, labels[s])), co_yield here();
    }
  const double on_label = alpha.at(times - 1, states - 2);
  const double on_blank = alpha.at(times - 1, states - 1);
  const bool forgets = given.has(Mistake::NoLastBlank);
  loss = forgets ? -on_label : -logOfSum(on_label, on_blank), co_yield here();
}

}  // namespace viva::programs
