// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/losses/lessons.h"
#include "lessons/losses/loss_race.h"

namespace viva {
namespace {

const std::string kId = "loss-race";
const std::string kProgram = "resources/lessons/loss-functions/loss_race.py";

const LossRacer* find(const LossRaceReading& now, MarginLoss loss) {
  for (const LossRacer& racer : now.racers)
    if (racer.loss == loss) return &racer;
  return nullptr;
}
const LossRacer& the(MarginLoss loss, const LossRaceReading& now) { return *find(now, loss); }

/// The size of a logit at which smoothed labels do not pull any more.
double limitOf(double smoothing) {
  if (!(smoothing > 0)) return std::numeric_limits<double>::infinity();
  return std::log((1 - smoothing / 2) / (smoothing / 2));
}

bool saturates(const LossRaceReading& now) {
  const LossRacer& squared = the(MarginLoss::Squared, now);
  const LossRacer& cross = the(MarginLoss::CrossEntropy, now);
  return cross.first_gradient > 50 * squared.first_gradient && cross.recall > 0.5 &&
         squared.recall < 0.1;
}

/// Squared error needs more than five times as long: known when both are there, or when it is late.
std::optional<bool> recovers(const LossRaceReading& now) {
  const auto squared = the(MarginLoss::Squared, now).good_since;
  const auto cross = the(MarginLoss::CrossEntropy, now).good_since;
  if (squared && cross) return *squared > 5 * *cross;
  if (now.step < 1400) return {};
  return cross && now.step > 5 * *cross;
}

bool leavesTheEasyOnes(const LossRaceReading& now) {
  return the(MarginLoss::Focal, now).meanEasyShare() <
         0.5 * the(MarginLoss::CrossEntropy, now).meanEasyShare();
}

bool stopsAtTheLimit(const LossRaceReading& now) {
  const double limit = limitOf(now.smoothing);
  return std::abs(the(MarginLoss::Smoothed, now).logit / limit - 1) < 0.15 &&
         the(MarginLoss::CrossEntropy, now).logit > 1.4 * limit;
}

/// A claim compares cross-entropy with one other loss.
Claim<LossRaceReading> against(MarginLoss other, Claim<LossRaceReading> claim) {
  claim.applies = [other](const LossRaceReading& now) {
    return find(now, other) && find(now, MarginLoss::CrossEntropy);
  };
  return claim;
}

const Claims<LossRaceReading> kClaims{
    against(MarginLoss::Squared, {"mse-saturates", 100, saturates}),
    against(MarginLoss::Squared, {"cross-entropy-recovers", 1400, recovers, When::Once}),
    against(MarginLoss::Focal, {"focal-rare-class", 500, leavesTheEasyOnes}),
    against(MarginLoss::Smoothed, {"label-smoothing", 2000, stopsAtTheLimit}),
};

/// A race of these two.
std::vector<std::pair<std::string, std::string>> only(
    const std::string& one, const std::string& other,
    const std::vector<std::pair<std::string, std::string>>& more) {
  std::vector<std::pair<std::string, std::string>> settings;
  for (const auto& loss : kMarginLosses)
    if (loss.name != one && loss.name != other)
      settings.emplace_back(takesPart(loss).name, "false");
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

}  // namespace

VerdictData lossRaceVerdict(const std::string& preset, const LossRaceReading& now) {
  const auto& best =
      *std::max_element(now.racers.begin(), now.racers.end(),
                        [](const auto& a, const auto& b) { return a.accuracy < b.accuracy; });
  Arguments numbers{{"step", now.step},
                    {"best", Word{kId + ".curve." + best.name}},
                    {"accuracy", percent(best.accuracy)},
                    {"limit", readable(limitOf(now.smoothing))}};
  for (const LossRacer& racer : now.racers) {
    std::string prefix = racer.name + "_";
    std::replace(prefix.begin(), prefix.end(), '-', '_');
    const Argument since = racer.good_since ? Argument{std::to_string(*racer.good_since)}
                                            : Argument{Word{kId + ".not_yet"}};
    numbers.insert(numbers.end(), {{prefix + "gradient", readable(racer.first_gradient)},
                                   {prefix + "recall", percent(racer.recall)},
                                   {prefix + "logit", readable(racer.logit)},
                                   {prefix + "easy_share", percent(racer.meanEasyShare())},
                                   {prefix + "since", since}});
  }
  return judged(kId, kClaims, preset, now.step, now, std::move(numbers));
}

std::vector<NamedLoss<MarginLoss>> lossesIn(const Parameters& parameters) {
  std::vector<NamedLoss<MarginLoss>> losses;
  for (const auto& loss : kMarginLosses)
    if (parameters[takesPart(loss)]) losses.push_back(loss);
  return losses;
}

const ExperimentSpec& lossRace() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kLossData,   kLossSamples, kRareShare, kStartBias,
                       kLossHidden, kLossBatch,   kLossRate};
    for (const auto& loss : kMarginLosses) made.parameters.push_back(takesPart(loss));
    made.parameters.insert(made.parameters.end(), {kRaceGamma, kRaceSmoothing});
    made.records = [](const Parameters& parameters) {
      std::vector<RecordSpec> records;
      for (const auto& loss : lossesIn(parameters))
        for (const char* quantity :
             {"loss", "cross_entropy", "accuracy", "recall", "gradient", "logit", "easy_share"})
          records.push_back({loss.name + "/" + quantity, ""});
      return records;
    };
    made.validate = [](const Parameters& parameters) -> std::optional<Message> {
      if (lossesIn(parameters).empty()) return Message{"error.losses.none", {}};
      return {};
    };
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = {series("recall", {"*/recall"}).yAxis("axis.recall"),
                  series("gradient", {"*/gradient"}).yAxis("axis.class_gradient").logarithmicY(),
                  series("cross_entropy", {"*/cross_entropy"})
                      .yAxis("axis.common_loss", "unit.nats")
                      .logarithmicY(),
                  table("standings"),
                  series("accuracy", {"*/accuracy"}).yAxis("axis.validation_accuracy"),
                  series("loss", {"*/loss"}).yAxis("axis.own_loss").logarithmicY().small(),
                  series("logit", {"*/logit"}).yAxis("axis.mean_logit").small(),
                  series("easy_share", {"*/easy_share"}).yAxis("axis.easy_share").small(),
                  verdict("verdict")};
    made.checks = {"losses"};
    made.presets = {
        preset("mse-saturates")
            .with(only("squared", "cross-entropy", {{"bias", "-5"}}))
            .lasting(120)
            .showing("gradient", {"recall", "cross_entropy"}),
        preset("cross-entropy-recovers")
            .with(only("squared", "cross-entropy", {{"bias", "-5"}}))
            .lasting(1500)
            .showing("accuracy", {"gradient", "standings"}),
        preset("focal-rare-class")
            .with(only("cross-entropy", "focal", {{"rare_share", "0.05"}, {"samples", "1000"}}))
            .lasting(1500)
            .showing("easy_share", {"recall", "standings"}),
        preset("label-smoothing")
            .with(only("cross-entropy", "smoothed", {{"dataset", "blobs"}, {"lr", "1"}}))
            .lasting(3000)
            .showing("logit", {"accuracy", "cross_entropy"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 1000;
    made.sources = {"lessons/losses/loss_race.cpp", "lessons/losses/losses.cpp"};
    made.equivalent = kProgram;
    made.make = makeLossRace;
    return made;
  }();
  return spec;
}

}  // namespace viva
