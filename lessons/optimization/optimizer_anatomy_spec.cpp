// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/lessons.h"
#include "lessons/optimization/optimizer_anatomy.h"

namespace viva {
namespace {

using enum Optimizer;

std::vector<ParameterSpec> parameters() {
  const auto of = [](Parameter<double> spec, std::initializer_list<Optimizer> optimizers) {
    return std::move(spec).grouped("optimizer").onlyWhen(kAnatomyOptimizer, optimizers);
  };
  return {kAnatomyOptimizer,
          rateParameter("lr", 0.1).grouped("optimizer"),
          of(memoryParameter("beta", 0.9), {Momentum}),
          of(memoryParameter("alpha", 0.99), {RmsProp}),
          of(memoryParameter("beta1", 0.9), {Adam, AdamW, AdaBelief}),
          of(memoryParameter("beta2", 0.999), {Adam, AdamW, AdaBelief}),
          of(decayParameter("decay", 0.01), {AdamW}),
          of(decayParameter("weight_decay", 0), {Sgd, Momentum, Adagrad, RmsProp, Adam, AdaBelief}),
          kAnatomySurface,
          kAnatomyStart,
          kAnatomyKappa,
          kAnatomyArrowScale};
}

std::vector<RecordSpec> records(const Parameters& p) {
  const Optimizer optimizer = p[kAnatomyOptimizer];
  std::vector<RecordSpec> specs{{"x", ""}, {"y", ""}, {"f", ""}};
  const auto add = [&](const std::string& quantity) {
    specs.push_back({quantity + "/x", ""});
    specs.push_back({quantity + "/y", ""});
  };
  add("gradient");
  add("step");
  add("effective_rate");
  if (optimizer == Momentum || optimizer == Adam || optimizer == AdamW || optimizer == AdaBelief)
    add("first_moment");
  if (optimizer != Sgd && optimizer != Momentum) add("second_moment");
  return specs;
}

}  // namespace

const ExperimentSpec& optimizerAnatomy() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = "optimizer-anatomy";
    made.parameters = parameters();
    made.records = records;
    made.views = {
        plane("plane")
            .xAxis("axis.x")
            .yAxis("axis.y")
            .pathOf("x", "y")
            .dragging({"start"})
            .equalScale()
            .large(),
        table("formula"),
        series("effective_rate", {"effective_rate/*"}).yAxis("axis.effective_rate").logarithmicY(),
        series("value", {"f"}).yAxis("axis.value").logarithmicY(), verdict("verdict")};
    made.checks = {"gradient", "formula"};
    made.default_steps = 60;
    made.sources = {"lessons/optimization/optimizer_anatomy.cpp", "lessons/nn/update_rules.h",
                    "lessons/optimization/update_lines.cpp"};
    made.equivalent = "resources/lessons/optimizers/optimizer_anatomy.py";
    made.make = makeOptimizerAnatomy;
    return made;
  }();
  return spec;
}

}  // namespace viva
