// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <functional>
#include <map>
#include <string>

#include "lessons/core/number_text.h"
#include "lessons/fitting/lab_report.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;
using Arguments = std::vector<std::pair<std::string, Argument>>;

/// When a claim shows, `a` being the model and `b` the other one.
struct Claim {
  std::int64_t patience;  ///< steps before it can be said not to show
  std::function<bool(const LabNumbers& a, const LabNumbers& b)> holds;
};

bool underfits(const LabModel& model) { return diagnose(model) == LabDiagnosis::Underfit; }

const std::map<std::string, Claim>& claims() {
  using Numbers = const LabNumbers&;
  static const std::map<std::string, Claim> all{
      {"little-data",
       {500, [](Numbers a, Numbers b) { return a.gap() > 3 * b.gap() && a.train < b.train; }}},
      {"complex-model",
       {1, [](Numbers a, Numbers b) { return a.train < 1e-20 && a.validation > b.validation; }}},
      {"weak-regularisation",
       {1500,
        [](Numbers a, Numbers b) { return a.train < b.train && a.validation > b.validation; }}},
      {"too-many-epochs",
       {1500,
        [](Numbers a, Numbers) { return a.validation > 1.3 * a.best_validation && a.gap() > 0; }}},
      {"shifted-distribution",
       {1000, [](Numbers a,
                 Numbers) { return a.test && *a.test - a.validation > 5 * std::abs(a.gap()); }}},
      {"augmentation",
       {1000, [](Numbers a,
                 Numbers b) { return a.gap() < 0.6 * b.gap() && a.validation < b.validation; }}},
      {"l1",
       {3000,
        [](Numbers a, Numbers b) {
          return a.zero_weights >= 5 && b.zero_weights == 0 && a.validation < b.validation;
        }}},
      {"l2",
       {1, [](Numbers a,
              Numbers b) { return a.weight_norm < b.weight_norm && a.validation < b.validation; }}},
      {"dropout",
       {1500,
        [](Numbers a, Numbers b) { return a.gap() < b.gap() && a.validation < b.validation; }}},
      {"early-stopping",
       {2500,
        [](Numbers a, Numbers b) {
          return a.stopped_at && a.validation == a.best_validation && a.validation < b.validation;
        }}},
      {"smaller-model",
       {1500,
        [](Numbers a, Numbers b) { return a.gap() < b.gap() && a.validation < b.validation; }}},
      {"more-data",
       {1, [](Numbers a, Numbers b) { return a.gap() < b.gap() && a.validation < b.validation; }}},
      {"label-noise",
       {3000,
        [](Numbers a, Numbers b) {
          return a.train_accuracy > 0.95 && b.train_accuracy > 0.95 &&
                 a.validation_accuracy < b.validation_accuracy - 0.1;
        }}},
  };
  return all;
}

Arguments argumentsOf(const LabModel& model, const LabModel* other) {
  Arguments arguments;
  const auto add = [&](const LabModel& one, const std::string& prefix) {
    const LabNumbers& numbers = one.numbers();
    arguments.insert(arguments.end(),
                     {{prefix + "train", readable(numbers.train)},
                      {prefix + "validation", readable(numbers.validation)},
                      {prefix + "gap", readable(numbers.gap())},
                      {prefix + "test", readable(numbers.test)},
                      {prefix + "right", percent(numbers.train_accuracy)},
                      {prefix + "held_out_right", percent(numbers.validation_accuracy)},
                      {prefix + "best", readable(numbers.best_validation)},
                      {prefix + "best_epoch", std::to_string(numbers.best_epoch)},
                      {prefix + "norm", readable(numbers.weight_norm)},
                      {prefix + "zeros", std::to_string(numbers.zero_weights)},
                      {prefix + "weights", std::to_string(numbers.weights)},
                      {prefix + "stopped", numbers.stopped_at ? std::to_string(*numbers.stopped_at)
                                                              : std::string("–")}});
  };
  add(model, "");
  if (other) add(*other, "other_");
  arguments.emplace_back("constant", readable(model.data().baseline));
  arguments.emplace_back("floor", readable(model.data().noise_floor));
  return arguments;
}

}  // namespace

VerdictData labVerdict(const std::string& preset, std::int64_t step, const LabModel& model,
                       const LabModel* other) {
  if (!model.data().isEnough()) return {Mood::Open, {"verdict.lab.few_points", {}}};
  if (step == 0) return {Mood::Open, {"verdict.lab.early", {}}};
  Arguments arguments = argumentsOf(model, other);
  const auto judged = [&](std::int64_t patience, bool holds) {
    return VerdictData{step < patience ? Mood::Open
                       : holds         ? Mood::Holds
                                       : Mood::Fails,
                       {"verdict.lab." + preset, arguments}};
  };
  const auto claim = claims().find(preset);
  const bool is_single = preset == "shifted-distribution" || preset == "too-many-epochs";
  if (claim != claims().end() && (other || is_single))
    return judged(claim->second.patience,
                  claim->second.holds(model.numbers(), other ? other->numbers() : LabNumbers{}));
  static const std::map<std::string, std::int64_t> causes{{"simple-model", 1000},
                                                          {"poor-features", 1000},
                                                          {"low-learning-rate", 800},
                                                          {"short-training", 800},
                                                          {"too-much-regularisation", 1}};
  static const std::map<std::string, std::int64_t> remedies{{"more-capacity", 2500},
                                                            {"higher-learning-rate", 800},
                                                            {"longer-training", 2500},
                                                            {"less-regularisation", 1000}};
  const auto cause = causes.find(preset), remedy = remedies.find(preset);
  if (other && cause != causes.end())
    return judged(cause->second, underfits(model) && !underfits(*other) &&
                                     other->numbers().validation < model.numbers().validation);
  if (other && remedy != remedies.end())
    return judged(remedy->second, underfits(*other) && !underfits(model) &&
                                      model.numbers().validation < other->numbers().validation);
  static const char* const diagnoses[]{"good", "overfit", "underfit", "shift"};
  return {Mood::Open,
          {std::string("verdict.lab.") + diagnoses[static_cast<int>(diagnose(model))],
           std::move(arguments)}};
}

}  // namespace viva
