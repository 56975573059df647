// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/training_parameters.h"

#include <cmath>
#include <map>

namespace viva {
namespace {

/// Usual rates for small nets: each learns the moons with its own.
double usualRate(Optimizer optimizer) {
  switch (optimizer) {
    case Optimizer::Sgd:
      return 0.1;
    case Optimizer::Momentum:
    case Optimizer::Adagrad:
      return 0.01;
    default:
      return 0.001;
  }
}

using Settings = std::vector<std::pair<std::string, std::string>>;

/// Only these run.
Settings only(const std::vector<std::string>& chosen, Settings further) {
  Settings settings;
  for (const std::string& name : optimizerNames()) {
    const bool on = std::find(chosen.begin(), chosen.end(), name) != chosen.end();
    settings.emplace_back(name + ".on", on ? "true" : "false");
  }
  settings.insert(settings.end(), further.begin(), further.end());
  return settings;
}

}  // namespace

std::vector<ParameterSpec> trainingParameters() {
  std::vector<ParameterSpec> specs{
      choice("dataset", {"moons", "circles", "spirals", "digits", "sparse-words", "file"}, "moons")
          .grouped("data"),
      file("data_file").grouped("data").onlyWhen("dataset", {"file"}),
      toggle("standardize", true).grouped("data").onlyWhen("dataset", {"file"}),
      integer("samples", 2000)
          .range(200, 20000)
          .logarithmic()
          .grouped("data")
          .onlyWhen("dataset", {"moons", "circles", "spirals", "digits", "sparse-words"}),
      integer("batch_size", 128).range(1, 1024).logarithmic().grouped("data"),
      choice("model", {"mlp", "convnet", "embedding"}, "mlp").grouped("model"),
      integer("hidden", 64).range(1, 256).logarithmic().grouped("model").onlyWhen("model", {"mlp"}),
      real("weight_decay", 0).range(0, 1).stepping(0.001).live().grouped("model"),
  };
  for (Optimizer optimizer : kOptimizers)
    for (ParameterSpec& spec : parametersOf(optimizer, usualRate(optimizer)))
      specs.push_back(std::move(spec));
  specs.push_back(integer("evaluate_every", 20).range(1, 1000).logarithmic().grouped("display"));
  specs.push_back(real("threshold", 0.95).range(0, 1).stepping(0.005).live().grouped("display"));
  specs.push_back(choice("shown", optimizerNames(), "adam").live().grouped("display"));
  return specs;
}

std::vector<Optimizer> optimizersIn(const Parameters& parameters) {
  std::vector<Optimizer> chosen;
  for (Optimizer optimizer : kOptimizers)
    if (parameters.toggle(nameOf(optimizer) + ".on")) chosen.push_back(optimizer);
  return chosen;
}

std::vector<RecordSpec> trainingRecords(const Parameters& parameters) {
  std::vector<RecordSpec> records;
  for (Optimizer optimizer : optimizersIn(parameters)) {
    const std::string& name = nameOf(optimizer);
    records.push_back({name + "/train_loss", "unit.nats"});
    records.push_back({name + "/validation_accuracy", ""});
    records.push_back({name + "/weight_norm", ""});
    records.push_back({name + "/update_ratio", ""});
  }
  return records;
}

std::optional<Message> validateTraining(const Parameters& p) {
  const auto incompatible = [&](const std::string& key) {
    const std::string& dataset = p.spec("dataset").choices[static_cast<std::size_t>(p[kDataset])];
    return Message{key, {{"dataset", Word{"optimizer-training.choice.dataset." + dataset}}}};
  };
  if (optimizersIn(p).empty()) return Message{"error.training.no_optimizer", {}};
  if (p[kModel] == TrainingModel::Convnet && p[kDataset] != TrainingData::Digits)
    return incompatible("error.training.convnet_needs_images");
  if (p[kModel] == TrainingModel::Embedding && p[kDataset] != TrainingData::SparseWords)
    return incompatible("error.training.embedding_needs_words");
  if (p[kDataset] == TrainingData::File) {
    if (p[kDataFile].path.empty()) return Message{"error.csv.no_file", {}};
    return std::nullopt;
  }
  const auto validation = static_cast<std::int64_t>(p[kSamples] * kValidationShare);
  const std::int64_t training = p[kSamples] - validation;
  if (p[kBatchSize] > training)
    return Message{"error.training.batch_too_large",
                   {{"batch_size", p[kBatchSize]}, {"training", training}}};
  return std::nullopt;
}

std::vector<ViewSpec> trainingViews() {
  const auto logarithmic = [](const std::string& label, const std::string& unit = "") {
    return AxisSpec{label, unit, true};
  };
  std::vector<ViewSpec> views{
      series("train_loss", {"*/train_loss"}, logarithmic("axis.train_loss", "unit.nats")),
      plane("boundary", {"axis.direction_1", "", false}, {"axis.direction_2", "", false}),
      series("validation_accuracy", {"*/validation_accuracy"},
             {"axis.validation_accuracy", "", false}),
      series("update_ratio", {"*/update_ratio"}, logarithmic("axis.update_ratio")),
      series("weight_norm", {"*/weight_norm"}, {"axis.weight_norm", "", false}),
      bars("decay_by_gradient", {"axis.gradient_quarter", "", false},
           logarithmic("axis.decay_per_step")),
      bars("norm_by_gradient", {"axis.gradient_quarter", "", false}, logarithmic("axis.norm_kept")),
      table("standings"),
      verdict("verdict"),
  };
  views[0].room = Room::Large;
  for (int small : {3, 5, 6}) views[small].room = Room::Small;
  return views;
}

std::vector<Preset> trainingPresets() {
  return {
      {"seven-at-once", {}, 600},
      // With these two numbers both nets have about the same norm at the end.
      {"adam-l2-vs-adamw",
       only({"adam", "adamw"},
            {{"dataset", "digits"}, {"weight_decay", "0.001"}, {"adamw.decay", "0.6"}}),
       1500,
       {"train_loss", "decay_by_gradient", "norm_by_gradient", "weight_norm", "standings"}},
      // SGD and Momentum with the rates at which they learn soonest of 0.1, 1, 2, 3, 4, 6, 10
      // and a tenth of that; larger ones are unstable at first.
      {"sparse-features",
       only({"sgd", "momentum", "adagrad", "adam"}, {{"model", "embedding"},
                                                     {"dataset", "sparse-words"},
                                                     {"sgd.lr", "3"},
                                                     {"momentum.lr", "1"},
                                                     {"adagrad.lr", "0.1"},
                                                     {"adam.lr", "0.01"},
                                                     {"shown", "adagrad"}}),
       1500},
  };
}

}  // namespace viva
