// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/optimizers.h"

namespace viva {
namespace {

// `prefix` is `adam.` where several optimizers have settings of their own, empty where there is
// one.

void set(Sgd& rule, const Parameters& p, const std::string& prefix) {
  rule.learning_rate = p.real(prefix + "lr");
  rule.weight_decay = p.real("weight_decay");
}

void set(Momentum& rule, const Parameters& p, const std::string& prefix) {
  rule.learning_rate = p.real(prefix + "lr");
  rule.beta = p.real(prefix + "beta");
  rule.weight_decay = p.real("weight_decay");
}

void set(Adagrad& rule, const Parameters& p, const std::string& prefix) {
  rule.learning_rate = p.real(prefix + "lr");
  rule.weight_decay = p.real("weight_decay");
}

void set(RmsProp& rule, const Parameters& p, const std::string& prefix) {
  rule.learning_rate = p.real(prefix + "lr");
  rule.alpha = p.real(prefix + "alpha");
  rule.weight_decay = p.real("weight_decay");
}

void set(AdamW& rule, const Parameters& p, const std::string& prefix) {
  rule.learning_rate = p.real(prefix + "lr");
  rule.beta1 = p.real(prefix + "beta1");
  rule.beta2 = p.real(prefix + "beta2");
  rule.decay = p.real(prefix + "decay");
}

/// Adam, AdaBelief.
template <typename Rule>
void set(Rule& rule, const Parameters& p, const std::string& prefix) {
  rule.learning_rate = p.real(prefix + "lr");
  rule.beta1 = p.real(prefix + "beta1");
  rule.beta2 = p.real(prefix + "beta2");
  rule.weight_decay = p.real("weight_decay");
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

std::vector<ParameterSpec> parametersOf(Optimizer optimizer, double learning_rate) {
  const std::string name = nameOf(optimizer);
  std::vector<ParameterSpec> specs{toggle(name + ".on", true).grouped(name)};
  const auto add = [&](auto spec) {
    specs.push_back(std::move(spec).grouped(name).onlyWhen(name + ".on", {"true"}));
  };
  add(rateParameter(name + ".lr", learning_rate));
  switch (optimizer) {
    case Optimizer::Sgd:
    case Optimizer::Adagrad:
      break;
    case Optimizer::Momentum:
      add(memoryParameter(name + ".beta", 0.9));
      break;
    case Optimizer::RmsProp:
      add(memoryParameter(name + ".alpha", 0.99));
      break;
    case Optimizer::Adam:
    case Optimizer::AdamW:
    case Optimizer::AdaBelief:
      add(memoryParameter(name + ".beta1", 0.9));
      add(memoryParameter(name + ".beta2", 0.999));
      break;
  }
  if (optimizer == Optimizer::AdamW) add(decayParameter(name + ".decay", 0.01));
  return specs;
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
