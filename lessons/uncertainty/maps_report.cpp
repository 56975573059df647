// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/maps_report.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/uncertainty/ood_metrics.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

const ScoredSamples& scored(const OodState& state, OodScore score) {
  return state.scores[static_cast<std::size_t>(score)];
}
const ScoredSamples& chosen(const Parameters& parameters, const OodState& state) {
  return scored(state, parameters[kOodScore]);
}
Word curveWord(const std::string& name) { return {"ood-maps.curve." + name}; }

}  // namespace

double ScoredSamples::auroc() const { return viva::auroc(in, out); }
double ScoredSamples::fpr95() const { return falseRateAt(in, out, 0.95); }

double thresholdOf(const Parameters& parameters, const OodState& state) {
  if (parameters[kOodScore] == OodScore::MaxSoftmax) return parameters[kOodThreshold];
  return thresholdAccepting(chosen(parameters, state).in, parameters[kTargetRate]);
}

HistogramData scoreHistogram(const Parameters& parameters, const OodState& state) {
  constexpr int kBins = 30;
  const ScoredSamples& samples = chosen(parameters, state);
  HistogramData data;
  double low = 0, high = 1;
  if (!samples.in.empty()) {
    std::vector<double> all = samples.in;
    all.insert(all.end(), samples.out.begin(), samples.out.end());
    std::sort(all.begin(), all.end());
    low = all.front();
    high = all.back();
  }
  if (!(high > low)) high = low + 1e-6 + std::abs(low) * 1e-6;
  for (int i = 0; i <= kBins; ++i) data.edges.push_back(low + (high - low) * i / kBins);
  const auto add = [&](const char* id, const std::vector<double>& scores) {
    HistogramData::Group group{id, curveWord(id), std::vector<double>(kBins, 0.0)};
    for (const double score : scores) {
      const auto bin = static_cast<std::int64_t>((score - low) / (high - low) * kBins);
      group.counts[static_cast<std::size_t>(std::clamp<std::int64_t>(bin, 0, kBins - 1))] += 1;
    }
    data.groups.push_back(std::move(group));
  };
  add("in", samples.in);
  add("out", samples.out);
  if (!samples.in.empty())
    data.marks.push_back({thresholdOf(parameters, state), curveWord("threshold")});
  return data;
}

PlaneData rocPlane(const Parameters& parameters, const OodState& state) {
  const ScoredSamples& samples = chosen(parameters, state);
  PlaneData plane{-0.02, 1.02, -0.02, 1.02, {}};
  PathLayer chance{"chance", curveWord("chance"), "", {{0, 0}, {1, 1}}};
  plane.layers.emplace_back(std::move(chance));
  PathLayer curve{"roc", curveWord("roc"), "roc", {}};
  for (const auto& [x, y] : rocCurve(samples.in, samples.out)) curve.points.push_back({x, y});
  plane.layers.emplace_back(std::move(curve));
  if (!samples.in.empty()) {
    const double threshold = thresholdOf(parameters, state);
    plane.layers.emplace_back(
        PointsLayer{"threshold",
                    curveWord("threshold"),
                    {{acceptedShare(samples.out, threshold), acceptedShare(samples.in, threshold)}},
                    {},
                    "threshold",
                    11});
  }
  return plane;
}

TableData metricsTable(const OodState& state) {
  TableData table;
  table.columns = {{"score"},
                   {"auroc", TableData::Best::Largest},
                   {"fpr95", TableData::Best::Smallest},
                   {"ap", TableData::Best::Largest}};
  for (int i = 0; i < kOodScores; ++i) {
    const ScoredSamples& samples = state.scores[static_cast<std::size_t>(i)];
    const bool has = !samples.in.empty() && !samples.out.empty();
    const std::string name = nameOf(static_cast<OodScore>(i));
    const auto cell = [&](double value) {
      return has ? TableData::Cell{value} : TableData::Cell{};
    };
    table.rows.push_back({name,
                          {curveWord(name), has ? cell(samples.auroc()) : cell(0),
                           has ? cell(samples.fpr95()) : cell(0),
                           has ? cell(averagePrecision(samples.in, samples.out)) : cell(0)}});
  }
  return table;
}

TableData alarmsTable(const Parameters& parameters, const OodState& state) {
  const ScoredSamples& samples = chosen(parameters, state);
  TableData table;
  table.columns = {{"rule"}, {"threshold"}, {"false_alarms"}, {"true_alarms"}};
  const auto add = [&](const char* rule, double threshold) {
    table.rows.push_back(
        {"",
         {Word{std::string("ood-maps.rule.") + rule}, threshold,
          1 - acceptedShare(samples.in, threshold), 1 - acceptedShare(samples.out, threshold)}});
  };
  add("fixed", parameters[kOodThreshold]);
  if (!samples.in.empty()) add("target", thresholdAccepting(samples.in, parameters[kTargetRate]));
  return table;
}

SeriesData rayCurves(const OodState& state) {
  SeriesData data;
  const auto add = [&](const char* id, const std::vector<std::pair<double, double>>& ray) {
    Curve curve{id, curveWord(id), {}, {}, false};
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
                        const OodState& state) {
  if (step < 20 || state.scores[0].in.empty()) return {Mood::Open, {"verdict.ood.early", {}}};
  const ScoredSamples& soft = scored(state, OodScore::MaxSoftmax);
  const ScoredSamples& mine = chosen(parameters, state);
  if (mine.out.empty()) return {Mood::Open, {"verdict.ood.no_points", {}}};
  const double fixed = parameters[kOodThreshold];
  const double target = thresholdAccepting(mine.in, parameters[kTargetRate]);
  const std::vector<std::pair<std::string, Argument>> arguments{
      {"accuracy", percent(state.accuracy)},
      {"auroc", readable(mine.auroc())},
      {"soft", readable(soft.auroc())},
      {"fpr", percent(mine.fpr95())},
      {"far", percent(state.far_confidence)},
      {"far_ensemble", percent(state.far_ensemble)},
      {"spread", readable(state.energy_spread)},
      {"difference", readable(state.pass_difference)},
      {"largest", readable(*std::max_element(mine.in.begin(), mine.in.end()))},
      {"fixed", readable(fixed)},
      {"fixed_in", percent(1 - acceptedShare(mine.in, fixed))},
      {"fixed_out", percent(1 - acceptedShare(mine.out, fixed))},
      {"target", readable(target)},
      {"rate", percent(parameters[kTargetRate])},
      {"target_in", percent(1 - acceptedShare(mine.in, target))},
      {"target_out", percent(1 - acceptedShare(mine.out, target))}};
  const auto judged = [&](bool holds) {
    return VerdictData{step < 400 ? Mood::Open
                       : holds    ? Mood::Holds
                                  : Mood::Fails,
                       {"verdict.ood." + preset, arguments}};
  };
  if (preset == "softmax-far-away") return judged(state.far_confidence > 0.95);
  if (preset == "energy-keeps-the-scale") return judged(state.energy_spread > 2);
  if (preset == "odin")
    return judged(acceptedShare(mine.in, fixed) == 0 && acceptedShare(mine.out, fixed) == 0 &&
                  acceptedShare(mine.in, target) >= 0.9);
  if (preset == "mahalanobis" || preset == "ensemble" || preset == "mc-dropout")
    return judged(mine.auroc() > soft.auroc() + 0.02);
  if (preset == "fixed-threshold") {
    const double rejected = 1 - acceptedShare(mine.in, fixed);
    return judged(std::abs(rejected - (1 - parameters[kTargetRate])) > 0.005 &&
                  std::abs(acceptedShare(mine.in, target) - parameters[kTargetRate]) < 0.02);
  }
  if (preset == "evaluation-mode-forgotten") return judged(state.pass_difference > 0.005);
  return {Mood::Open, {"verdict.ood.standing", arguments}};
}

}  // namespace viva
