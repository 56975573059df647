// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/flow_parameters.h"

#include <cstdio>

namespace viva {
namespace {

void addSide(std::vector<ParameterSpec>& specs, const std::string& side, bool residual) {
  const std::string net = "net_" + side;
  specs.push_back(integer(side + ".depth", 50).range(2, 100).grouped(net));
  specs.push_back(integer(side + ".width", 32).range(1, 256).logarithmic().grouped(net));
  specs.push_back(
      choice(side + ".activation", {"sigmoid", "tanh", "relu", "leaky-relu", "gelu"}, "sigmoid")
          .live()
          .grouped(net));
  specs.push_back(choice(side + ".init",
                         {"small-normal", "large-normal", "xavier", "he", "orthogonal"}, "xavier")
                      .grouped(net));
  specs.push_back(choice(side + ".norm", {"none", "batch", "layer"}, "none").live().grouped(net));
  specs.push_back(toggle(side + ".residual", residual).live().grouped(net));
  specs.push_back(
      real(side + ".rate_factor", 1).range(1e-4, 100).logarithmic().live().grouped(net));
  specs.push_back(toggle(side + ".warms_up", true).live().grouped(net));
}

template <typename T>
T chosen(const Parameters& p, const std::string& name) {
  return p[ParameterName<T>{name}];
}

}  // namespace

SideSettings settingsOf(const Parameters& p, const std::string& side) {
  return {p.integer(side + ".depth"),
          p.integer(side + ".width"),
          chosen<Initialisation>(p, side + ".init"),
          {chosen<Activation>(p, side + ".activation"), chosen<Normalisation>(p, side + ".norm"),
           p.toggle(side + ".residual")},
          p.real(side + ".rate_factor"),
          p.toggle(side + ".warms_up")};
}

std::vector<ParameterSpec> flowParameters() {
  std::vector<ParameterSpec> specs;
  addSide(specs, "a", false);
  addSide(specs, "b", true);
  specs.push_back(choice("optimizer", optimizerNames(), "adam").live().grouped("training"));
  specs.push_back(real("lr", 0.001).range(1e-6, 10).logarithmic().live().grouped("training"));
  specs.push_back(
      integer("warmup", 0).range(0, 1000).in("unit.updates").live().grouped("training"));
  specs.push_back(integer("batch_size", 64).range(1, 512).logarithmic().grouped("training"));
  specs.push_back(
      choice("dataset", {"moons", "circles", "spirals", "digits"}, "moons").grouped("data"));
  specs.push_back(integer("samples", 1000).range(100, 10000).logarithmic().grouped("data"));
  specs.push_back(integer("evaluate_every", 20).range(1, 1000).logarithmic().grouped("data"));
  return specs;
}

std::string layerRecord(const std::string& quantity, std::int64_t layer) {
  char number[8];
  std::snprintf(number, sizeof number, "%02d", static_cast<int>(layer));
  return quantity + "/layer_" + number;
}

std::vector<RecordSpec> flowRecords(const Parameters& parameters) {
  std::vector<RecordSpec> records;
  for (const std::string& side : kSides) {
    records.push_back({side + "/loss", "unit.nats"});
    records.push_back({side + "/accuracy", ""});
    records.push_back({side + "/first_to_last", ""});
    const std::int64_t depth = parameters.integer(side + ".depth");
    for (const char* quantity : {"grad_norm", "weight_grad_norm"})
      for (std::int64_t layer = 0; layer < depth; ++layer)
        records.push_back({side + "/" + layerRecord(quantity, layer), ""});
  }
  return records;
}

std::optional<Message> validateFlow(const Parameters& p) {
  const auto validation = static_cast<std::int64_t>(p[kFlowSamples] * kFlowValidationShare);
  const std::int64_t training = p[kFlowSamples] - validation;
  if (p[kFlowBatchSize] > training)
    return Message{"error.flow.batch_too_large",
                   {{"batch_size", p[kFlowBatchSize]}, {"training", training}}};
  for (const std::string& side : kSides) {
    const SideSettings net = settingsOf(p, side);
    if (net.wiring.norm == Normalisation::Batch && p[kFlowBatchSize] < 2)
      return Message{"error.flow.batch_of_one", {{"name", side + ".norm"}}};
    if (net.wiring.norm == Normalisation::Layer && net.width < 2)
      return Message{"error.flow.layer_of_one",
                     {{"name", side + ".norm"}, {"width", side + ".width"}}};
  }
  return std::nullopt;
}

std::vector<ViewSpec> flowViews() {
  const AxisSpec layer{"axis.layer", "", false};
  const AxisSpec norm{"axis.grad_norm", "", true};
  const AxisSpec step{"axis.step", "", false};
  std::vector<ViewSpec> views{
      bars("grad_norm", layer, norm),
      series("loss", {"*/loss"}, {"axis.train_loss", "unit.nats", true}),
      matrix("grad_history_a", step, layer),
      matrix("grad_history_b", step, layer),
      bars("weight_grad_norm", layer, {"axis.weight_grad_norm", "", true}),
      series("first_to_last", {"*/first_to_last"}, {"axis.first_to_last", "", true}),
      series("activation_mean", {}, {"axis.activation_mean", "", false}),
      series("activation_deviation", {}, {"axis.activation_deviation", "", true}),
      bars("saturation", layer, {"axis.saturation", "", false}),
      series("accuracy", {"*/accuracy"}, {"axis.validation_accuracy", "", false}),
      table("nets"),
      verdict("verdict"),
  };
  views[0].room = Room::Large;
  for (int along_layers : {6, 7}) views[along_layers].x = layer;
  for (int small : {4, 5, 6, 7, 8, 9}) views[small].room = Room::Small;
  return views;
}

}  // namespace viva
