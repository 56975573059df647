// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/maps_report.h"

#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/uncertainty/ood_metrics.h"

namespace viva {

using Mood = VerdictData::Mood;

SeriesData rayCurves(const MapsState& state) {
  SeriesData data;
  const auto add = [&](const std::string& id, const std::vector<std::pair<double, double>>& ray) {
    Curve curve{id, Word{"ood-maps.curve." + id}, {}, {}, false};
    for (const auto& [x, y] : ray) {
      curve.x.push_back(x);
      curve.y.push_back(y);
    }
    data.curves.push_back(std::move(curve));
  };
  add("max-softmax", state.ray);
  add("ensemble", state.ensemble_ray);
  return data;
}

VerdictData mapsVerdict(const std::string& preset, std::int64_t step, const Parameters& parameters,
                        const MapsState& state) {
  if (step < 20 || state.scores[0].in.empty()) return {Mood::Open, {"verdict.ood.early", {}}};
  const ScoredSamples& mine = chosen(parameters, state.scores);
  if (!mine.complete()) return {Mood::Open, {"verdict.ood.no_points", {}}};
  const double fixed = parameters[kOodThreshold];
  const double target = thresholdAccepting(mine.in, parameters[kTargetRate]);
  const double soft = scored(state.scores, OodScore::MaxSoftmax).auroc();
  VerdictArguments arguments = scoreArguments(parameters, state.scores);
  arguments.insert(arguments.end(), {{"accuracy", percent(state.accuracy)},
                                     {"far", percent(state.far_confidence)},
                                     {"far_ensemble", percent(state.far_ensemble)},
                                     {"spread", readable(state.energy_spread)},
                                     {"difference", readable(state.pass_difference)}});
  const auto judged = [&](bool holds) {
    return VerdictData{step < 400 ? Mood::Open
                       : holds    ? Mood::Holds
                                  : Mood::Fails,
                       {"verdict.ood." + preset, arguments}};
  };
  if (preset == "softmax-far-away") return judged(state.far_confidence > 0.95 && soft < 0.5);
  if (preset == "energy-keeps-the-scale") return judged(state.energy_spread > 2);
  if (preset == "odin")
    return judged(acceptedShare(mine.in, fixed) == 0 && acceptedShare(mine.out, fixed) == 0 &&
                  mine.auroc() > 0.7);
  if (preset == "mahalanobis") return judged(mine.auroc() > 0.95 && mine.auroc() > soft);
  if (preset == "ensemble" || preset == "mc-dropout") return judged(mine.auroc() > soft);
  if (preset == "fixed-threshold") {
    const double rejected = 1 - acceptedShare(mine.in, fixed);
    return judged(std::abs(rejected - (1 - parameters[kTargetRate])) > 0.005 &&
                  std::abs(acceptedShare(mine.in, target) - parameters[kTargetRate]) < 0.02);
  }
  if (preset == "evaluation-mode-forgotten") return judged(state.pass_difference > 0.005);
  return {Mood::Open, {"verdict.ood.standing", arguments}};
}

}  // namespace viva
