// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/losses/race_parameters.h"

namespace viva {
namespace {

const std::vector<LossRacer>& allRacers() {
  static const std::vector<LossRacer> all{{"squared", MarginLoss::Squared},
                                          {"cross-entropy", MarginLoss::CrossEntropy},
                                          {"focal", MarginLoss::Focal},
                                          {"hinge", MarginLoss::Hinge},
                                          {"smoothed", MarginLoss::Smoothed}};
  return all;
}

}  // namespace

std::vector<LossRacer> lossRacersIn(const Parameters& parameters) {
  std::vector<LossRacer> racers;
  for (const LossRacer& racer : allRacers())
    if (parameters.toggle(racer.name + ".on")) racers.push_back(racer);
  return racers;
}

std::vector<ParameterSpec> lossRaceParameters() {
  std::vector<ParameterSpec> specs{
      choice("dataset", {"moons", "circles", "blobs"}, "moons").grouped("task"),
      integer("samples", 400).range(40, 2000).logarithmic().grouped("task"),
      real("rare_share", 0.5).range(0.02, 0.5).stepping(0.01).grouped("task"),
      real("bias", 0).range(-8, 8).stepping(0.1).grouped("training"),
      integer("hidden", 16).range(1, 64).logarithmic().grouped("training"),
      integer("batch_size", 64).range(4, 256).logarithmic().grouped("training"),
      real("lr", 0.3).range(1e-3, 3).logarithmic().live().grouped("training"),
  };
  for (const LossRacer& racer : allRacers())
    specs.push_back(toggle(racer.name + ".on", true).grouped("losses"));
  specs.push_back(real("gamma", 2)
                      .range(0, 5)
                      .stepping(0.1)
                      .live()
                      .grouped("losses")
                      .onlyWhen("focal.on", {"true"}));
  specs.push_back(real("smoothing", 0.1)
                      .range(0, 0.5)
                      .stepping(0.01)
                      .live()
                      .grouped("losses")
                      .onlyWhen("smoothed.on", {"true"}));
  return specs;
}

std::vector<RecordSpec> lossRaceRecords(const Parameters& parameters) {
  std::vector<RecordSpec> records;
  for (const LossRacer& racer : lossRacersIn(parameters))
    for (const char* quantity :
         {"loss", "cross_entropy", "accuracy", "recall", "gradient", "logit", "easy_share"})
      records.push_back({racer.name + "/" + quantity, ""});
  return records;
}

std::optional<Message> lossRaceProblem(const Parameters& parameters) {
  if (lossRacersIn(parameters).empty()) return Message{"error.losses.none", {}};
  return {};
}

std::vector<ViewSpec> lossRaceViews() {
  std::vector<ViewSpec> views{
      series("recall", {"*/recall"}, {"axis.recall", "", false}),
      series("gradient", {"*/gradient"}, {"axis.class_gradient", "", true}),
      series("cross_entropy", {"*/cross_entropy"}, {"axis.common_loss", "unit.nats", true}),
      table("standings"),
      series("accuracy", {"*/accuracy"}, {"axis.validation_accuracy", "", false}),
      series("loss", {"*/loss"}, {"axis.own_loss", "", true}),
      series("logit", {"*/logit"}, {"axis.mean_logit", "", false}),
      series("easy_share", {"*/easy_share"}, {"axis.easy_share", "", false}),
      verdict("verdict"),
  };
  for (const std::size_t small : {5, 6, 7}) views[small].room = Room::Small;
  return views;
}

std::vector<Preset> lossRacePresets() {
  using Settings = std::vector<std::pair<std::string, std::string>>;
  const auto only = [](const std::string& one, const std::string& other, Settings more) {
    Settings settings;
    for (const LossRacer& racer : allRacers())
      if (racer.name != one && racer.name != other)
        settings.emplace_back(racer.name + ".on", "false");
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
  };
  return {
      {"mse-saturates",
       only("squared", "cross-entropy", {{"bias", "-5"}}),
       120,
       {"gradient", "recall", "cross_entropy", "standings"}},
      {"cross-entropy-recovers",
       only("squared", "cross-entropy", {{"bias", "-5"}}),
       1500,
       {"accuracy", "gradient", "cross_entropy", "standings"}},
      {"focal-rare-class",
       only("cross-entropy", "focal", {{"rare_share", "0.05"}, {"samples", "1000"}}),
       1500,
       {"easy_share", "recall", "cross_entropy", "standings"}},
      {"label-smoothing",
       only("cross-entropy", "smoothed", {{"dataset", "blobs"}, {"lr", "1"}}),
       3000,
       {"logit", "accuracy", "cross_entropy", "standings"}},
  };
}

}  // namespace viva
