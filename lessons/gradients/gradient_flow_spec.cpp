// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/gradients/gradient_flow.h"
#include "lessons/gradients/lessons.h"

namespace viva {
namespace {

const std::string kId = "gradient-flow";
const std::string kProgram = "resources/lessons/vanishing-gradients/gradient_flow.py";

double ratio(const FlowReport& net) { return net.initial_norms.firstToLast().value_or(0); }
double factor(const FlowReport& net) { return net.factor().value_or(0); }
bool between(double value, double low, double high) { return value >= low && value <= high; }
/// The loss has left where it began, and the samples are told apart.
/// Both are about two balanced classes.
bool learned(const FlowReport& net) { return net.accuracy > 0.8; }
bool stuck(const FlowReport& net) { return !(net.accuracy > 0.65); }
bool onlySecondLearns(const FlowReports& n) { return stuck(n[0]) && learned(n[1]); }

const Claims<FlowReports> kClaims{
    {"plain-vs-residual", 300,
     [](const FlowReports& n) {
       return n[0].largest_ratio < 1e-20 && n[1].smallest_ratio > 0.1 && onlySecondLearns(n);
     }},
    {"sigmoid-saturates", 50,
     [](const FlowReports& n) {
       return factor(n[0]) <= 0.25 && factor(n[1]) > 0.8 && ratio(n[0]) < 1e-6 * ratio(n[1]);
     }},
    {"bad-initialisation", 50,
     [](const FlowReports& n) { return ratio(n[0]) < 1e-10 && !(ratio(n[1]) < 1e10); }},
    {"too-deep", 400,
     [](const FlowReports& n) {
       return std::abs(factor(n[0]) - factor(n[1])) < 0.05 && learned(n[0]) && stuck(n[1]) &&
              ratio(n[1]) < 1e-6 * ratio(n[0]);
     }},
    {"relu", 400,
     [](const FlowReports& n) {
       return factor(n[0]) < 0.3 && between(factor(n[1]), 0.9, 1.1) && onlySecondLearns(n);
     }},
    {"he-initialisation", 50,
     [](const FlowReports& n) {
       return between(factor(n[0]), 0.65, 0.76) && between(factor(n[1]), 0.92, 1.08);
     }},
    {"default-initialisation", 50,
     [](const FlowReports& n) {
       return between(factor(n[0]), 0.37, 0.45) && between(factor(n[1]), 0.92, 1.08) &&
              ratio(n[0]) < 1e-8;
     }},
    {"batch-norm", 400,
     [](const FlowReports& n) {
       return factor(n[0]) < 0.3 && between(factor(n[1]), 1, 1.6) && onlySecondLearns(n);
     }},
    {"layer-norm", 400,
     [](const FlowReports& n) {
       return factor(n[0]) < 0.1 && between(factor(n[1]), 0.9, 1.1) && onlySecondLearns(n);
     }},
    {"residual", 400,
     [](const FlowReports& n) {
       return ratio(n[0]) < 1e-20 && ratio(n[1]) > 0.1 && onlySecondLearns(n);
     }},
    {"warm-up", 400, onlySecondLearns},
    {"wider-does-not-help", 50,
     [](const FlowReports& n) {
       return n[0].largest_ratio < 1e-10 && n[1].largest_ratio < 1e-10 &&
              std::abs(factor(n[1]) / factor(n[0]) - 1) < 0.1;
     }},
    {"smaller-rate-does-not-help", 300,
     [](const FlowReports& n) {
       return n[0].largest_ratio < 1e-10 && n[1].largest_ratio < 1e-10 && stuck(n[0]) &&
              stuck(n[1]);
     }},
    {"relu-inside-the-branch", 50,
     [](const FlowReports& n) {
       return std::abs(n[0].drift() - 0.3989) < 0.04 && std::abs(n[1].drift()) < 0.04;
     }},
};

std::vector<ParameterSpec> parameters() {
  std::vector<ParameterSpec> specs;
  for (const NetParameters& net : kFlowNets)
    specs.insert(specs.end(), {net.depth, net.width, net.activation, net.initialisation, net.norm,
                               net.residual, net.rate_factor, net.warms_up});
  specs.insert(specs.end(), {kFlowOptimizer, kFlowRate, kFlowWarmup, kFlowBatchSize, kFlowDataset,
                             kFlowSamples, kFlowEvaluateEvery});
  return specs;
}

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  for (const NetParameters& net : kFlowNets) {
    records.push_back({net.side + "/loss", "unit.nats"});
    records.push_back({net.side + "/accuracy", ""});
    records.push_back({net.side + "/first_to_last", ""});
    for (const char* quantity : {"grad_norm", "weight_grad_norm"})
      for (std::int64_t layer = 0; layer < p[net.depth]; ++layer)
        records.push_back({net.side + "/" + layerRecord(quantity, layer), ""});
  }
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  const auto validation = static_cast<std::int64_t>(p[kFlowSamples] * kFlowValidationShare);
  const std::int64_t training = p[kFlowSamples] - validation;
  if (p[kFlowBatchSize] > training)
    return Message{"error.flow.batch_too_large",
                   {{"batch_size", p[kFlowBatchSize]}, {"training", training}}};
  for (const NetParameters& net : kFlowNets) {
    if (p[net.norm] == Normalisation::Batch && p[kFlowBatchSize] < 2)
      return Message{"error.flow.batch_of_one", {{"name", net.norm.name}}};
    if (p[net.norm] == Normalisation::Layer && p[net.width] < 2)
      return Message{"error.flow.layer_of_one",
                     {{"name", net.norm.name}, {"width", net.width.name}}};
  }
  return std::nullopt;
}

std::vector<ViewSpec> views() {
  return {
      bars("grad_norm").xAxis("axis.layer").yAxis("axis.grad_norm").logarithmicY().large(),
      series("loss", {"*/loss"}).yAxis("axis.train_loss", "unit.nats").logarithmicY(),
      matrix("grad_history_a").xAxis("axis.step").yAxis("axis.layer"),
      matrix("grad_history_b").xAxis("axis.step").yAxis("axis.layer"),
      bars("weight_grad_norm")
          .xAxis("axis.layer")
          .yAxis("axis.weight_grad_norm")
          .logarithmicY()
          .small(),
      series("first_to_last", {"*/first_to_last"})
          .yAxis("axis.first_to_last")
          .logarithmicY()
          .small(),
      series("activation_mean", {}).xAxis("axis.layer").yAxis("axis.activation_mean").small(),
      series("activation_deviation", {})
          .xAxis("axis.layer")
          .yAxis("axis.activation_deviation")
          .logarithmicY()
          .small(),
      bars("saturation").xAxis("axis.layer").yAxis("axis.saturation").small(),
      series("accuracy", {"*/accuracy"}).yAxis("axis.validation_accuracy").small(),
      table("nets"),
      verdict("verdict"),
  };
}

using Settings = std::vector<std::pair<std::string, std::string>>;

/// Both nets alike, then what makes them differ.
Settings bothAnd(const Settings& both, const Settings& further) {
  Settings settings{{"b.residual", "false"}};
  for (const auto& [name, value] : both)
    for (const NetParameters& net : kFlowNets) settings.emplace_back(net.side + "." + name, value);
  settings.insert(settings.end(), further.begin(), further.end());
  return settings;
}

std::vector<Preset> presets() {
  // Those that are about the state before training show at once.
  constexpr std::int64_t kAtOnce = 50, kTrained = 400;
  return {
      preset("plain-vs-residual")
          .lasting(600)
          .quick(kTrained)
          .showing("grad_norm", {"loss", "accuracy"}),
      preset("sigmoid-saturates")
          .with(bothAnd({{"depth", "20"}}, {{"b.activation", "tanh"}}))
          .lasting(600)
          .quick(kAtOnce)
          .showing("grad_norm", {"loss", "nets"}),
      preset("bad-initialisation")
          .with(bothAnd({{"depth", "20"}, {"activation", "relu"}},
                        {{"a.init", "small-normal"}, {"b.init", "large-normal"}}))
          .lasting(300)
          .quick(kAtOnce)
          .showing("grad_norm", {"activation_deviation", "loss"}),
      preset("too-deep")
          .with(bothAnd({}, {{"a.depth", "3"}, {"b.depth", "30"}, {"lr", "0.005"}}))
          .lasting(600)
          .quick(kTrained)
          .showing("accuracy", {"grad_norm", "nets"}),
      preset("relu")
          .with(bothAnd({{"depth", "30"}}, {{"b.activation", "relu"}, {"b.init", "he"}}))
          .lasting(1000)
          .quick(kTrained)
          .showing("grad_norm", {"loss", "nets"}),
      preset("he-initialisation")
          .with(bothAnd({{"depth", "30"}, {"width", "64"}, {"activation", "relu"}},
                        {{"b.init", "he"}}))
          .lasting(600)
          .quick(kAtOnce)
          .showing("grad_norm", {"activation_deviation", "nets"}),
      preset("default-initialisation")
          .with(bothAnd({{"depth", "30"}, {"width", "64"}, {"activation", "relu"}},
                        {{"a.init", "pytorch"}, {"b.init", "he"}}))
          .lasting(600)
          .quick(kAtOnce)
          .showing("grad_norm", {"activation_deviation", "loss"}),
      preset("batch-norm")
          .with(bothAnd({{"depth", "20"}}, {{"b.norm", "batch"}}))
          .lasting(1000)
          .quick(600)
          .showing("grad_norm", {"loss", "accuracy"}),
      preset("layer-norm")
          .with(bothAnd({{"depth", "20"}, {"activation", "relu"}, {"init", "small-normal"}},
                        {{"b.norm", "layer"}, {"lr", "0.0001"}}))
          .lasting(1000)
          .quick(kTrained)
          .showing("grad_norm", {"activation_deviation", "loss"}),
      preset("residual")
          .with(bothAnd({{"depth", "60"}, {"activation", "tanh"}, {"init", "small-normal"}},
                        {{"b.residual", "true"}}))
          .lasting(600)
          .quick(kTrained)
          .showing("grad_norm", {"loss", "accuracy"}),
      preset("warm-up")
          .with(bothAnd(
              {{"depth", "10"}, {"activation", "relu"}, {"init", "he"}, {"residual", "true"}},
              {{"a.warms_up", "false"}, {"optimizer", "sgd"}, {"lr", "0.03"}, {"warmup", "200"}}))
          .lasting(600)
          .quick(kTrained)
          .showing("loss", {"accuracy", "grad_norm"}),
      preset("wider-does-not-help")
          .with(bothAnd({}, {{"a.width", "16"}, {"b.width", "64"}}))
          .lasting(300)
          .quick(kAtOnce)
          .showing("grad_norm", {"first_to_last", "nets"}),
      preset("smaller-rate-does-not-help")
          .with(bothAnd({}, {{"lr", "0.01"}, {"b.rate_factor", "0.001"}}))
          .lasting(600)
          .quick(kTrained)
          .showing("first_to_last", {"loss", "grad_norm"}),
      preset("relu-inside-the-branch")
          .with(
              bothAnd({{"depth", "20"}, {"width", "64"}, {"norm", "batch"}, {"residual", "true"}},
                      {{"a.activation", "relu"}, {"b.activation", "tanh"}, {"batch_size", "128"}}))
          .lasting(300)
          .quick(kAtOnce)
          .showing("activation_mean", {"activation_deviation", "grad_norm"}),
  };
}

}  // namespace

NetParameters::NetParameters(const std::string& name, bool is_residual)
    : side(name),
      depth(integer(name + ".depth", 50).range(2, 100).grouped("net_" + name)),
      width(integer(name + ".width", 32).range(1, 256).logarithmic().grouped("net_" + name)),
      activation(choice<Activation>(name + ".activation", {{Activation::Sigmoid, "sigmoid"},
                                                           {Activation::Tanh, "tanh"},
                                                           {Activation::Relu, "relu"},
                                                           {Activation::LeakyRelu, "leaky-relu"},
                                                           {Activation::Gelu, "gelu"}})
                     .live()
                     .grouped("net_" + name)),
      initialisation(choice<Initialisation>(name + ".init",
                                            {{Initialisation::SmallNormal, "small-normal"},
                                             {Initialisation::LargeNormal, "large-normal"},
                                             {Initialisation::Xavier, "xavier"},
                                             {Initialisation::He, "he"},
                                             {Initialisation::Orthogonal, "orthogonal"},
                                             {Initialisation::PyTorch, "pytorch"}},
                                            Initialisation::Xavier)
                         .grouped("net_" + name)),
      norm(choice<Normalisation>(name + ".norm", {{Normalisation::None, "none"},
                                                  {Normalisation::Batch, "batch"},
                                                  {Normalisation::Layer, "layer"}})
               .live()
               .grouped("net_" + name)),
      residual(toggle(name + ".residual", is_residual).live().grouped("net_" + name)),
      rate_factor(real(name + ".rate_factor", 1)
                      .range(1e-4, 100)
                      .logarithmic()
                      .live()
                      .grouped("net_" + name)),
      warms_up(toggle(name + ".warms_up", true).live().grouped("net_" + name)) {}

NetSettings NetParameters::in(const Parameters& p) const {
  return {p[depth],       p[width],   p[initialisation], {p[activation], p[norm], p[residual]},
          p[rate_factor], p[warms_up]};
}

std::string layerRecord(const std::string& quantity, std::int64_t layer) {
  return quantity + "/layer_" + (layer < 10 ? "0" : "") + std::to_string(layer);
}

VerdictData flowVerdict(const std::string& preset, std::int64_t step, const FlowReports& nets) {
  Arguments numbers;
  for (const FlowReport& net : nets) {
    const auto add = [&](const char* name, Argument value) {
      numbers.emplace_back(name + std::string("_") + net.side, std::move(value));
    };
    add("ratio", readable(net.norms.firstToLast()));
    add("initial_ratio", readable(net.initial_norms.firstToLast()));
    add("factor", readable(net.factor()));
    add("loss", readable(net.loss));
    add("accuracy", percent(net.accuracy));
    add("depth", net.settings.depth);
    add("width", net.settings.width);
    add("drift", readable(net.drift()));
    add("mean", readable(net.initial_layers.empty() ? 0 : net.initial_layers.back().mean));
  }
  return judged(kId, kClaims, preset, step, nets, std::move(numbers));
}

const ExperimentSpec& gradientFlow() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = parameters();
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"modules", "backward-factor"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 600;
    made.sources = {"lessons/gradients/gradient_flow.cpp", "lessons/gradients/deep_net.cpp",
                    "lessons/gradients/backward_factor.cpp"};
    made.equivalent = kProgram;
    made.make = makeGradientFlow;
    return made;
  }();
  return spec;
}

}  // namespace viva
