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
  std::function<bool(const LabModel& a, const LabModel& b)> holds;
  bool needs_other = true;
};

/// A claim about the numbers alone.
auto about(bool (*holds)(const LabNumbers& a, const LabNumbers& b)) {
  return [holds](const LabModel& a, const LabModel& b) { return holds(a.numbers(), b.numbers()); };
}

bool isHeldBack(const LabNumbers& a, const LabNumbers& b) {
  return a.gap() < b.gap() && a.validation < b.validation;
}

/// The first learns what the second cannot.
bool isMended(const LabModel& a, const LabModel& b) {
  return diagnose(a) != LabDiagnosis::Underfit && diagnose(b) == LabDiagnosis::Underfit &&
         a.numbers().validation < b.numbers().validation;
}
bool isSpoilt(const LabModel& a, const LabModel& b) { return isMended(b, a); }

const std::map<std::string, Claim>& claims() {
  using Numbers = const LabNumbers&;
  static const std::map<std::string, Claim> all{
      {"little-data", {500, about([](Numbers a, Numbers b) {
                         return a.gap() > 3 * b.gap() && a.train < b.train;
                       })}},
      {"complex-model", {1, about([](Numbers a, Numbers b) {
                           return a.train < 1e-20 && a.validation > b.validation;
                         })}},
      {"weak-regularisation", {1500, about([](Numbers a, Numbers b) {
                                 return a.train < b.train && a.validation > b.validation;
                               })}},
      {"too-many-epochs",
       {1500, about([](Numbers a, Numbers) {
          return a.validation > 1.3 * a.best_validation && a.gap() > 0;
        }),
        false}},
      {"shifted-distribution",
       {1000, about([](Numbers a, Numbers) {
          return a.test && *a.test - a.validation > 5 * std::abs(a.gap());
        }),
        false}},
      {"augmentation", {1000, about([](Numbers a, Numbers b) {
                          return a.gap() < 0.6 * b.gap() && a.validation < b.validation;
                        })}},
      {"l1", {3000, about([](Numbers a, Numbers b) {
                return a.zero_weights >= 5 && b.zero_weights == 0 && a.validation < b.validation;
              })}},
      {"l2", {1, about([](Numbers a, Numbers b) {
                return a.weight_norm < b.weight_norm && a.validation < b.validation;
              })}},
      {"dropout", {1500, about(isHeldBack)}},
      {"early-stopping", {2500, about([](Numbers a, Numbers b) {
                            return a.stopped_at && a.validation == a.best_validation &&
                                   a.validation < b.validation;
                          })}},
      {"smaller-model", {1500, about(isHeldBack)}},
      {"more-data", {1, about(isHeldBack)}},
      {"simple-model", {1000, isSpoilt}},
      {"poor-features", {1000, isSpoilt}},
      {"low-learning-rate", {800, isSpoilt}},
      {"short-training", {800, isSpoilt}},
      {"too-much-regularisation", {1, isSpoilt}},
      {"label-noise", {3000, about([](Numbers a, Numbers b) {
                         return a.train_accuracy > 0.95 && b.train_accuracy > 0.95 &&
                                a.validation_accuracy < b.validation_accuracy - 0.1;
                       })}},
      {"more-capacity", {2500, isMended}},
      {"higher-learning-rate", {800, isMended}},
      {"longer-training", {2500, isMended}},
      {"less-regularisation", {1000, isMended}},
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
  const auto found = claims().find(preset);
  if (found == claims().end() || (found->second.needs_other && !other))
    return {Mood::Open,
            {std::string("verdict.lab.") + nameOf(diagnose(model)), std::move(arguments)}};
  const Claim& claim = found->second;
  return {step < claim.patience                        ? Mood::Open
          : claim.holds(model, other ? *other : model) ? Mood::Holds
                                                       : Mood::Fails,
          {"verdict.lab." + preset, std::move(arguments)}};
}

}  // namespace viva
