// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/flow_parameters.h"

namespace viva {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// Both nets alike, then what makes them differ.
Settings bothAnd(const Settings& both, const Settings& further) {
  Settings settings{{"b.residual", "false"}};
  for (const auto& [name, value] : both)
    for (const std::string& side : kSides) settings.emplace_back(side + "." + name, value);
  settings.insert(settings.end(), further.begin(), further.end());
  return settings;
}

}  // namespace

std::vector<Preset> flowPresets() {
  // Four views a preset: more are too small to be read from the last row.
  const std::vector<std::string> learning{"grad_norm", "loss", "accuracy", "nets"};
  const std::vector<std::string> decay{"grad_norm", "loss", "first_to_last", "nets"};
  return {
      {"plain-vs-residual", {}, 600, learning},
      {"sigmoid-saturates",
       bothAnd({{"depth", "20"}}, {{"b.activation", "tanh"}}),
       600,
       {"grad_norm", "weight_grad_norm", "loss", "nets"}},
      {"bad-initialisation",
       bothAnd({{"depth", "20"}, {"activation", "relu"}},
               {{"a.init", "small-normal"}, {"b.init", "large-normal"}}),
       300,
       {"grad_norm", "activation_deviation", "loss", "nets"}},
      {"too-deep", bothAnd({}, {{"a.depth", "3"}, {"b.depth", "30"}, {"lr", "0.005"}}), 600,
       learning},
      {"relu",
       bothAnd({{"depth", "30"}}, {{"b.activation", "relu"}, {"b.init", "he"}}),
       1000,
       {"grad_norm", "saturation", "loss", "nets"}},
      {"he-initialisation",
       bothAnd({{"depth", "30"}, {"width", "64"}, {"activation", "relu"}}, {{"b.init", "he"}}),
       600,
       {"grad_norm", "activation_deviation", "loss", "nets"}},
      {"batch-norm", bothAnd({{"depth", "20"}}, {{"b.norm", "batch"}}), 1000, learning},
      {"layer-norm",
       bothAnd({{"depth", "20"}, {"activation", "relu"}, {"init", "small-normal"}},
               {{"b.norm", "layer"}, {"lr", "0.0001"}}),
       1000,
       {"grad_norm", "activation_deviation", "loss", "nets"}},
      {"residual",
       bothAnd({{"depth", "60"}, {"activation", "tanh"}, {"init", "small-normal"}},
               {{"b.residual", "true"}}),
       600, learning},
      {"warm-up",
       bothAnd({{"depth", "10"}, {"activation", "relu"}, {"init", "he"}, {"residual", "true"}},
               {{"a.warms_up", "false"}, {"optimizer", "sgd"}, {"lr", "0.03"}, {"warmup", "200"}}),
       600, learning},
      {"wider-does-not-help", bothAnd({}, {{"a.width", "16"}, {"b.width", "64"}}), 300, decay},
      {"smaller-rate-does-not-help", bothAnd({}, {{"lr", "0.01"}, {"b.rate_factor", "0.001"}}), 600,
       decay},
      {"relu-inside-the-branch",
       bothAnd({{"depth", "20"}, {"width", "64"}, {"norm", "batch"}, {"residual", "true"}},
               {{"a.activation", "relu"}, {"b.activation", "tanh"}, {"batch_size", "128"}}),
       300,
       {"activation_mean", "activation_deviation", "grad_norm", "nets"}},
  };
}

}  // namespace viva
