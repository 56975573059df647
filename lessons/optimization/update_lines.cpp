// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/update_lines.h"

#include <cmath>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

std::string text(double number) {
  const std::string digits = readableNumber(number);
  return number < 0 ? "(" + digits + ")" : digits;
}

/// Collects the lines; `formula` of both coordinates, `numbers` of x.
class Lines {
 public:
  template <typename Formula>
  Pair add(const char* formula, const std::string& numbers, const Formula& compute) {
    Pair value;
    for (int i : kCoordinates) value[i] = compute(i);
    lines_.push_back({formula, numbers, value});
    return value;
  }
  std::vector<UpdateLine> take() { return std::move(lines_); }

 private:
  std::vector<UpdateLine> lines_;
};

/// The gradient as the rule sees it: with coupled decay, when there is any.
Pair gradientLine(Lines& lines, const Pair& theta, const Pair& g, double weight_decay) {
  if (weight_decay == 0) return lines.add("g = ∇f(θ)", text(g[0]), [&](int i) { return g[i]; });
  return lines.add("g = ∇f(θ) + λ θ",
                   text(g[0]) + " + " + text(weight_decay) + " · " + text(theta[0]),
                   [&](int i) { return g[i] + weight_decay * theta[i]; });
}

std::string average(double beta, double old, const std::string& fresh) {
  return text(beta) + " · " + text(old) + " + " + text(1 - beta) + " · " + fresh;
}

std::string quotient(double rate, double above, double below_squared, double epsilon) {
  return "−" + text(rate) + " · " + text(above) + " / (√" + text(below_squared) + " + " +
         text(epsilon) + ")";
}

TakenApart takeApart(const Sgd& rule, const Pair& theta, const Pair& gradient) {
  Lines lines;
  const Pair g = gradientLine(lines, theta, gradient, rule.weight_decay);
  const Pair change = lines.add("Δθ = −η g", "−" + text(rule.learning_rate) + " · " + text(g[0]),
                                [&](int i) { return -rule.learning_rate * g[i]; });
  return {lines.take(), {}, {}, {rule.learning_rate, rule.learning_rate}, change};
}

TakenApart takeApart(const Momentum& rule, const Pair& theta, const Pair& gradient) {
  Lines lines;
  const Pair g = gradientLine(lines, theta, gradient, rule.weight_decay);
  const Pair velocity = lines.add(
      "b = β b + g", text(rule.beta) + " · " + text(rule.velocity[0]) + " + " + text(g[0]),
      [&](int i) { return rule.beta * rule.velocity[i] + g[i]; });
  const Pair change =
      lines.add("Δθ = −η b", "−" + text(rule.learning_rate) + " · " + text(velocity[0]),
                [&](int i) { return -rule.learning_rate * velocity[i]; });
  return {lines.take(), velocity, {}, {rule.learning_rate, rule.learning_rate}, change};
}

/// The last line of Adagrad and RMSProp, which divide the gradient itself.
TakenApart divided(Lines& lines, double rate, double epsilon, const Pair& g, const Pair& scale,
                   const char* formula) {
  TakenApart result;
  result.second_moment = scale;
  for (int i : kCoordinates) result.effective_rate[i] = rate / (std::sqrt(scale[i]) + epsilon);
  result.change = lines.add(formula, quotient(rate, g[0], scale[0], epsilon),
                            [&](int i) { return -result.effective_rate[i] * g[i]; });
  result.lines = lines.take();
  return result;
}

TakenApart takeApart(const Adagrad& rule, const Pair& theta, const Pair& gradient) {
  Lines lines;
  const Pair g = gradientLine(lines, theta, gradient, rule.weight_decay);
  const Pair sum = lines.add("G = G + g²", text(rule.sum_of_squares[0]) + " + " + text(g[0]) + "²",
                             [&](int i) { return rule.sum_of_squares[i] + g[i] * g[i]; });
  return divided(lines, rule.learning_rate, rule.epsilon, g, sum, "Δθ = −η g / (√G + ε)");
}

TakenApart takeApart(const RmsProp& rule, const Pair& theta, const Pair& gradient) {
  Lines lines;
  const Pair g = gradientLine(lines, theta, gradient, rule.weight_decay);
  const Pair v =
      lines.add("v = α v + (1 − α) g²", average(rule.alpha, rule.v[0], text(g[0]) + "²"),
                [&](int i) { return rule.alpha * rule.v[i] + (1 - rule.alpha) * g[i] * g[i]; });
  return divided(lines, rule.learning_rate, rule.epsilon, g, v, "Δθ = −η g / (√v + ε)");
}

/// What Adam, AdamW and AdaBelief share once both averages are known: the correction of their
/// start at zero, and the step.
TakenApart corrected(Lines& lines, double rate, double beta1, double beta2, double epsilon,
                     std::int64_t t, const Pair& m, const Pair& v, bool is_belief) {
  const double correction1 = 1 - std::pow(beta1, t);
  const double correction2 = 1 - std::pow(beta2, t);
  TakenApart result;
  result.first_moment = lines.add("m̂ = m / (1 − β₁ᵗ)", text(m[0]) + " / " + text(correction1),
                                  [&](int i) { return m[i] / correction1; });
  result.second_moment =
      lines.add(is_belief ? "ŝ = s / (1 − β₂ᵗ)" : "v̂ = v / (1 − β₂ᵗ)",
                text(v[0]) + " / " + text(correction2), [&](int i) { return v[i] / correction2; });
  for (int i : kCoordinates)
    result.effective_rate[i] = rate / (std::sqrt((*result.second_moment)[i]) + epsilon);
  result.change =
      lines.add(is_belief ? "Δθ = −η m̂ / (√ŝ + ε)" : "Δθ = −η m̂ / (√v̂ + ε)",
                quotient(rate, (*result.first_moment)[0], (*result.second_moment)[0], epsilon),
                [&](int i) { return -result.effective_rate[i] * (*result.first_moment)[i]; });
  result.lines = lines.take();
  return result;
}

/// The running mean of the gradient.
Pair meanLine(Lines& lines, double beta1, const Pair& m, const Pair& g) {
  return lines.add("m = β₁ m + (1 − β₁) g", average(beta1, m[0], text(g[0])),
                   [&](int i) { return beta1 * m[i] + (1 - beta1) * g[i]; });
}

/// The running mean of the squared gradient.
Pair squareLine(Lines& lines, double beta2, const Pair& v, const Pair& g) {
  return lines.add("v = β₂ v + (1 − β₂) g²", average(beta2, v[0], text(g[0]) + "²"),
                   [&](int i) { return beta2 * v[i] + (1 - beta2) * g[i] * g[i]; });
}

TakenApart takeApart(const Adam& rule, const Pair& theta, const Pair& gradient) {
  Lines lines;
  const Pair g = gradientLine(lines, theta, gradient, rule.weight_decay);
  const Pair m = meanLine(lines, rule.beta1, rule.m, g);
  const Pair v = squareLine(lines, rule.beta2, rule.v, g);
  return corrected(lines, rule.learning_rate, rule.beta1, rule.beta2, rule.epsilon, rule.t + 1, m,
                   v, false);
}

TakenApart takeApart(const AdamW& rule, const Pair& theta, const Pair& gradient) {
  Lines lines;
  const Pair g = gradientLine(lines, theta, gradient, 0);
  const Pair decay =
      lines.add("δ = −η λ θ",
                "−" + text(rule.learning_rate) + " · " + text(rule.decay) + " · " + text(theta[0]),
                [&](int i) { return -rule.learning_rate * rule.decay * theta[i]; });
  const Pair m = meanLine(lines, rule.beta1, rule.m, g);
  const Pair v = squareLine(lines, rule.beta2, rule.v, g);
  TakenApart result = corrected(lines, rule.learning_rate, rule.beta1, rule.beta2, rule.epsilon,
                                rule.t + 1, m, v, false);
  UpdateLine& last = result.lines.back();
  last.formula = "Δθ = δ − η m̂ / (√v̂ + ε)";
  last.numbers = text(decay[0]) + " + " + text(result.change[0]);
  for (int i : kCoordinates) result.change[i] += decay[i];
  last.value = result.change;
  return result;
}

TakenApart takeApart(const AdaBelief& rule, const Pair& theta, const Pair& gradient) {
  Lines lines;
  const Pair g = gradientLine(lines, theta, gradient, rule.weight_decay);
  const Pair m = meanLine(lines, rule.beta1, rule.m, g);
  const Pair s = lines.add("s = β₂ s + (1 − β₂) (g − m)² + ε",
                           average(rule.beta2, rule.s[0], text(g[0] - m[0]) + "²"), [&](int i) {
                             const double surprise = g[i] - m[i];
                             return rule.beta2 * rule.s[i] +
                                    (1 - rule.beta2) * surprise * surprise + rule.epsilon;
                           });
  return corrected(lines, rule.learning_rate, rule.beta1, rule.beta2, rule.epsilon, rule.t + 1, m,
                   s, true);
}

}  // namespace

TakenApart takeApart(const UpdateRule& rule, const Pair& theta, const Pair& g) {
  return std::visit([&](const auto& chosen) { return takeApart(chosen, theta, g); }, rule);
}

}  // namespace viva
