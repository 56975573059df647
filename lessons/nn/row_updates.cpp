// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/row_updates.h"

#include <cmath>

namespace viva {
namespace {

/// L2 regularisation: the gradient of weight_decay / 2 |theta|^2 joins the gradient of the loss.
void addCoupledDecay(Row& row, double weight_decay) {
  if (weight_decay != 0) row.g.add_(row.theta, weight_decay);
}

/// theta -= learning_rate * m^ / (sqrt(v^) + epsilon), where m^ and v^ are corrected for starting
/// at zero. The corrections are numbers, so they are taken out of the tensors: two passes less.
void adaptiveStep(Row& row, double learning_rate, double beta1, double beta2, double epsilon) {
  const double t = static_cast<double>(row.t);
  const double correction1 = 1 - std::pow(beta1, t);
  const double correction2 = std::sqrt(1 - std::pow(beta2, t));
  row.theta.addcdiv_(row.m, row.v.sqrt().add_(epsilon * correction2),
                     -learning_rate * correction2 / correction1);
}

void apply(const Sgd& rule, Row& row) {
  addCoupledDecay(row, rule.weight_decay);
  row.theta.sub_(row.g, rule.learning_rate);
}

void apply(const Momentum& rule, Row& row) {
  addCoupledDecay(row, rule.weight_decay);
  row.m.mul_(rule.beta).add_(row.g);
  row.theta.sub_(row.m, rule.learning_rate);
}

void apply(const Adagrad& rule, Row& row) {
  addCoupledDecay(row, rule.weight_decay);
  row.v.addcmul_(row.g, row.g);
  row.theta.addcdiv_(row.g, row.v.sqrt().add_(rule.epsilon), -rule.learning_rate);
}

void apply(const RmsProp& rule, Row& row) {
  addCoupledDecay(row, rule.weight_decay);
  row.v.mul_(rule.alpha).addcmul_(row.g, row.g, 1 - rule.alpha);
  row.theta.addcdiv_(row.g, row.v.sqrt().add_(rule.epsilon), -rule.learning_rate);
}

void apply(const Adam& rule, Row& row) {
  addCoupledDecay(row, rule.weight_decay);
  row.m.lerp_(row.g, 1 - rule.beta1);
  row.v.mul_(rule.beta2).addcmul_(row.g, row.g, 1 - rule.beta2);
  adaptiveStep(row, rule.learning_rate, rule.beta1, rule.beta2, rule.epsilon);
}

void apply(const AdamW& rule, Row& row) {
  row.theta.mul_(1 - rule.learning_rate * rule.decay);
  row.m.lerp_(row.g, 1 - rule.beta1);
  row.v.mul_(rule.beta2).addcmul_(row.g, row.g, 1 - rule.beta2);
  adaptiveStep(row, rule.learning_rate, rule.beta1, rule.beta2, rule.epsilon);
}

void apply(const AdaBelief& rule, Row& row) {
  addCoupledDecay(row, rule.weight_decay);
  row.m.lerp_(row.g, 1 - rule.beta1);
  const auto surprise = row.g - row.m;
  row.v.mul_(rule.beta2).addcmul_(surprise, surprise, 1 - rule.beta2).add_(rule.epsilon);
  adaptiveStep(row, rule.learning_rate, rule.beta1, rule.beta2, rule.epsilon);
}

}  // namespace

Row freshRow(const torch::Tensor& theta, const torch::Tensor& g) {
  return {theta, g, torch::zeros_like(theta), torch::zeros_like(theta), 0};
}

void update(const UpdateRule& rule, Row& row) {
  row.t += 1;
  std::visit([&](const auto& chosen) { apply(chosen, row); }, rule);
}

}  // namespace viva
