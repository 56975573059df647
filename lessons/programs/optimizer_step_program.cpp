// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "lessons/programs/program_list.h"

namespace viva::programs {

Walk optimizerStep(Given given, Watch& watch) {
  std::vector<double> w = given.numbers(0);
  const std::vector<double> curvature = given.numbers(1);
  const double lr = given.setting(2, 0, 0.1), beta1 = given.setting(2, 1, 0.9);
  const double beta2 = given.setting(2, 2, 0.999), epsilon = given.setting(2, 3, 1e-8);
  const double decay = given.setting(2, 4, 0.01);
  const int steps = static_cast<int>(given.setting(2, 5, 3));
  std::vector<double> gradient(w.size()), m(w.size()), v(w.size());
  NumberRows path(steps, std::ssize(w));
  co_yield watch("curvature", curvature)("w", w)("gradient", gradient)("m", m)("v", v).result(
      "path", path);

  const bool decays_gradient = given.has(Mistake::DecayInGradient);
  for (int t = 1; t <= steps; ++t)
    for (std::size_t i = 0; i < w.size(); ++i) {
      gradient[i] = curvature[i] * w[i] + (decays_gradient ? decay * w[i] : 0), co_yield here();
      m[i] = beta1 * m[i] + (1 - beta1) * gradient[i], co_yield here();
      v[i] = beta2 * v[i] + (1 - beta2) * gradient[i] * gradient[i], co_yield here();
      const bool corrects = !given.has(Mistake::NoBiasCorrection);
      const double m_hat = corrects ? m[i] / (1 - std::pow(beta1, t)) : m[i];
      const double v_hat = corrects ? v[i] / (1 - std::pow(beta2, t)) : v[i];
      if (!decays_gradient) w[i] -= lr * decay * w[i], co_yield here();
      w[i] -= lr * m_hat / (std::sqrt(v_hat) + epsilon), co_yield here();
      path.at(t - 1, i) = w[i], co_yield here();
    }
}

}  // namespace viva::programs
