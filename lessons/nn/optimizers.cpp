// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/optimizers.h"

namespace viva {
namespace {

/// `prefix` is `adam.` where several optimizers have settings of their own, empty where there is
/// one.
template <typename Rule>
void set(Rule& rule, const Parameters& p, const std::string& prefix) {
  rule.learning_rate = p.real(prefix + "lr");
  if constexpr (requires { rule.beta; }) rule.beta = p.real(prefix + "beta");
  if constexpr (requires { rule.alpha; }) rule.alpha = p.real(prefix + "alpha");
  if constexpr (requires { rule.beta1; }) rule.beta1 = p.real(prefix + "beta1");
  if constexpr (requires { rule.beta2; }) rule.beta2 = p.real(prefix + "beta2");
  if constexpr (requires { rule.decay; }) rule.decay = p.real(prefix + "decay");
  if constexpr (requires { rule.weight_decay; }) rule.weight_decay = p.real("weight_decay");
}

}  // namespace

const std::vector<std::string>& optimizerNames() {
  static const std::vector<std::string> names{"sgd",  "momentum", "adagrad",  "rmsprop",
                                              "adam", "adamw",    "adabelief"};
  return names;
}

const std::string& nameOf(Optimizer optimizer) {
  return optimizerNames()[static_cast<std::size_t>(optimizer)];
}

UpdateRule plainRule(Optimizer optimizer) {
  switch (optimizer) {
    case Optimizer::Sgd:
      return Sgd{};
    case Optimizer::Momentum:
      return Momentum{};
    case Optimizer::Adagrad:
      return Adagrad{};
    case Optimizer::RmsProp:
      return RmsProp{};
    case Optimizer::Adam:
      return Adam{};
    case Optimizer::AdamW:
      return AdamW{};
    case Optimizer::AdaBelief:
      return AdaBelief{};
  }
  return Sgd{};
}

Label labelOf(Optimizer optimizer) { return Word{"curve." + nameOf(optimizer)}; }

Parameter<double> rateParameter(std::string name, double default_value) {
  return real(std::move(name), default_value).range(1e-6, 10).logarithmic().live();
}

Parameter<double> memoryParameter(std::string name, double default_value) {
  return real(std::move(name), default_value).range(0, 0.9999).stepping(0.001).live();
}

Parameter<double> decayParameter(std::string name, double default_value) {
  return real(std::move(name), default_value).range(0, 1).stepping(0.001).live();
}

Parameter<Optimizer> optimizerChoice(std::string name, Optimizer default_value) {
  std::vector<std::pair<Optimizer, std::string>> values;
  for (const Optimizer optimizer : kOptimizers) values.emplace_back(optimizer, nameOf(optimizer));
  return choice<Optimizer>(std::move(name), std::move(values), default_value);
}

std::vector<ParameterSpec> optimizerParameters(
    const std::array<double, kOptimizers.size()>& rates) {
  std::vector<ParameterSpec> specs;
  for (const Optimizer optimizer : kOptimizers) {
    const std::string name = nameOf(optimizer);
    const auto on = toggle(name + ".on", true).grouped(name);
    const auto add = [&](Parameter<double> spec) {
      specs.push_back(std::move(spec).grouped(name).onlyWhen(on));
    };
    specs.push_back(on);
    add(rateParameter(name + ".lr", rates[static_cast<std::size_t>(optimizer)]));
    std::visit(
        [&](const auto& rule) {
          if constexpr (requires { rule.beta; }) add(memoryParameter(name + ".beta", rule.beta));
          if constexpr (requires { rule.alpha; }) add(memoryParameter(name + ".alpha", rule.alpha));
          if constexpr (requires { rule.beta1; }) add(memoryParameter(name + ".beta1", rule.beta1));
          if constexpr (requires { rule.beta2; }) add(memoryParameter(name + ".beta2", rule.beta2));
          if constexpr (requires { rule.decay; }) add(decayParameter(name + ".decay", rule.decay));
        },
        plainRule(optimizer));
  }
  return specs;
}

std::vector<Optimizer> optimizersIn(const Parameters& parameters) {
  std::vector<Optimizer> chosen;
  for (const Optimizer optimizer : kOptimizers)
    if (parameters.toggle(nameOf(optimizer) + ".on")) chosen.push_back(optimizer);
  return chosen;
}

UpdateRule makeRule(Optimizer optimizer, const Parameters& parameters, const std::string& prefix) {
  UpdateRule rule = plainRule(optimizer);
  configure(rule, parameters, prefix);
  return rule;
}

void configure(UpdateRule& rule, const Parameters& parameters, const std::string& prefix) {
  std::visit([&](auto& chosen) { set(chosen, parameters, prefix); }, rule);
}

}  // namespace viva
