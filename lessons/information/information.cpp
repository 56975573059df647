// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/information.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace viva {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// q_i (g_i - sum_j q_j g_j): from a gradient with respect to q to one with respect to its logits.
std::vector<double> throughSoftmax(const Probabilities& q, const std::vector<double>& gradient) {
  double mean = 0;
  for (std::size_t i = 0; i < q.size(); ++i)
    if (q[i] > 0) mean += q[i] * gradient[i];
  std::vector<double> result(q.size(), 0.0);
  for (std::size_t i = 0; i < q.size(); ++i)
    if (q[i] > 0) result[i] = q[i] * (gradient[i] - mean);
  return result;
}

}  // namespace

Probabilities normalised(Probabilities weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  for (double& share : weights) share /= sum;
  return weights;
}

Probabilities uniform(std::size_t classes) {
  return Probabilities(classes, 1.0 / static_cast<double>(classes));
}

Probabilities certain(std::size_t classes) {
  Probabilities p(classes, 0.0);
  p[0] = 1;
  return p;
}

bool isCertain(const Probabilities& p) {
  return std::count(p.begin(), p.end(), 0.0) == std::ssize(p) - 1;
}

double expectation(const Probabilities& p, const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p[i] > 0) sum += p[i] * values[i];
  return sum;
}

double entropy(const Probabilities& p) { return crossEntropy(p, p); }

double crossEntropy(const Probabilities& p, const Probabilities& q) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p[i] > 0) sum -= q[i] > 0 ? p[i] * std::log(q[i]) : -kInfinity;
  return sum == 0 ? 0 : sum;  // not -0
}

double divergence(const Probabilities& p, const Probabilities& q) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p[i] > 0) sum += q[i] > 0 ? p[i] * std::log(p[i] / q[i]) : kInfinity;
  return std::max(0.0, sum);
}

double jensenShannon(const Probabilities& p, const Probabilities& q) {
  Probabilities middle(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) middle[i] = (p[i] + q[i]) / 2;
  return (divergence(p, middle) + divergence(q, middle)) / 2;
}

Probabilities softmax(const std::vector<double>& logits) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  Probabilities q(logits.size());
  double sum = 0;
  for (std::size_t i = 0; i < q.size(); ++i) sum += q[i] = std::exp(logits[i] - largest);
  for (double& share : q) share /= sum;
  return q;
}

double valueOf(Objective objective, const Probabilities& p, const Probabilities& q) {
  switch (objective) {
    case Objective::CrossEntropy:
      return crossEntropy(p, q);
    case Objective::ForwardKl:
      return divergence(p, q);
    case Objective::ReverseKl:
      return divergence(q, p);
    case Objective::JensenShannon:
      return jensenShannon(p, q);
  }
  return 0;
}

std::vector<double> logitGradient(Objective objective, const Probabilities& p,
                                  const Probabilities& q) {
  std::vector<double> gradient(q.size());
  switch (objective) {
    case Objective::CrossEntropy:
    case Objective::ForwardKl:
      for (std::size_t i = 0; i < q.size(); ++i) gradient[i] = q[i] - p[i];
      return gradient;
    case Objective::ReverseKl:
      for (std::size_t i = 0; i < q.size(); ++i)
        gradient[i] = q[i] > 0 ? std::log(q[i] / p[i]) : 0.0;
      return throughSoftmax(q, gradient);
    case Objective::JensenShannon:
      for (std::size_t i = 0; i < q.size(); ++i)
        gradient[i] = q[i] > 0 ? std::log(2 * q[i] / (p[i] + q[i])) / 2 : 0.0;
      return throughSoftmax(q, gradient);
  }
  return gradient;
}

double gaussianDivergence(double mean_a, double sigma_a, double mean_b, double sigma_b) {
  const double apart = mean_a - mean_b;
  return std::log(sigma_b / sigma_a) +
         (sigma_a * sigma_a + apart * apart) / (2 * sigma_b * sigma_b) - 0.5;
}

}  // namespace viva
