// SPDX-License-Identifier: GPL-3.0-or-later
// One preset for each cause and each remedy; the other model shows what a single change does.
#include "lessons/fitting/lab_parameters.h"

namespace viva {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

Settings comparing(const std::string& name, const std::string& mine, const std::string& others,
                   const Settings& more = {}) {
  Settings settings{{"compare", name}, {"other." + name, others}};
  settings.insert(settings.end(), more.begin(), more.end());
  settings.emplace_back(name, mine);
  return settings;
}

/// Ten points of a noisy sine, fitted exactly.
const Settings kPolynomial{{"dataset", "sine"}, {"features", "polynomial"}, {"depth", "0"},
                           {"solver", "exact"}, {"noise", "0.2"},           {"train_size", "10"}};

Settings with(Settings settings, const Settings& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

}  // namespace

std::vector<Preset> labPresets() {
  const std::vector<std::string> classes{"fit", "other_fit", "losses", "gap"};
  const std::vector<std::string> curve{"fit", "losses", "gap", "numbers"};
  const std::vector<std::string> weights{"fit", "weights", "losses", "numbers"};
  return {
      // Causes of overfitting.
      {"little-data", {}, 1500, classes},
      {"complex-model", comparing("degree", "9", "3", kPolynomial), 20, curve},
      {"weak-regularisation",
       comparing("l2", "0", "0.01", {{"train_size", "40"}, {"noise", "0.35"}}),
       3000,
       {"fit", "other_fit", "losses", "weights"}},
      {"too-many-epochs",
       comparing("epochs", "100000", "100", {{"train_size", "40"}, {"noise", "0.35"}}), 3000,
       classes},
      {"shifted-distribution",
       {{"compare", "nothing"}, {"train_size", "300"}, {"test_shift", "1"}},
       1500,
       {"fit", "test", "gap", "numbers"}},
      // Remedies of overfitting.
      {"augmentation",
       comparing("augmentation", "0.3", "0", {{"train_size", "20"}, {"noise", "0.3"}}), 2000,
       classes},
      {"l1",
       comparing(
           "l1", "0.05", "0",
           with(kPolynomial, {{"solver", "descent"}, {"degree", "15"}, {"train_size", "20"}})),
       4000, weights},
      {"l2", comparing("l2", "0.001", "0", kPolynomial), 20, weights},
      {"dropout",
       comparing("dropout", "0.5", "0",
                 {{"train_size", "100"}, {"noise", "0.2"}, {"label_noise", "0.1"}}),
       3000, classes},
      {"early-stopping",
       comparing("early_stopping", "true", "false", {{"train_size", "40"}, {"noise", "0.35"}}),
       3000, classes},
      {"smaller-model",
       comparing(
           "degree", "2", "9",
           {{"features", "polynomial"}, {"depth", "0"}, {"train_size", "30"}, {"noise", "0.35"}}),
       3000, classes},
      {"more-data", comparing("train_size", "100", "10", kPolynomial), 20, curve},
      // Causes of underfitting.
      {"simple-model",
       comparing("depth", "0", "2",
                 {{"dataset", "circles"}, {"noise", "0.1"}, {"train_size", "200"}}),
       1500, classes},
      {"poor-features",
       comparing("features", "poor", "raw",
                 {{"dataset", "circles"}, {"noise", "0.1"}, {"train_size", "200"}}),
       1500, classes},
      {"low-learning-rate",
       comparing("lr", "0.0001", "0.05", {{"train_size", "200"}, {"noise", "0.15"}}), 1000,
       classes},
      {"short-training",
       comparing("epochs", "5", "100000", {{"train_size", "200"}, {"noise", "0.15"}}), 1000,
       classes},
      {"too-much-regularisation",
       comparing("l2", "5", "0.001", with(kPolynomial, {{"train_size", "30"}})), 20, weights},
      {"label-noise",
       comparing("label_noise", "0.3", "0",
                 {{"train_size", "40"}, {"noise", "0.15"}, {"width", "128"}}),
       4000,
       {"fit", "other_fit", "losses", "accuracy"}},
      // Remedies of underfitting.
      {"more-capacity",
       comparing("width", "64", "2",
                 {{"dataset", "spirals"}, {"noise", "0.03"}, {"train_size", "300"}}),
       3000, classes},
      {"higher-learning-rate",
       comparing("lr", "0.05", "0.0005",
                 {{"dataset", "circles"}, {"noise", "0.1"}, {"train_size", "200"}}),
       1000, classes},
      {"longer-training",
       comparing("epochs", "100000", "20",
                 {{"dataset", "spirals"}, {"noise", "0.03"}, {"train_size", "300"}}),
       3000, classes},
      {"less-regularisation",
       comparing("l2", "0.0001", "0.1",
                 {{"dataset", "circles"}, {"noise", "0.1"}, {"train_size", "200"}}),
       1500,
       {"fit", "other_fit", "losses", "weights"}},
  };
}

}  // namespace viva
