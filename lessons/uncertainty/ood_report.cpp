// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/ood_report.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/even_bins.h"
#include "lessons/core/number_text.h"
#include "lessons/uncertainty/ood_classifier.h"

namespace viva {
namespace {

const std::string& scoreName(int i) { return kOodScore.nameOf(static_cast<OodScore>(i)); }

bool isRecorded(int i, bool with_knn) {
  return with_knn || static_cast<OodScore>(i) != OodScore::Knn;
}

/// So that a low score is a hit: OOD samples are the positive class.
std::vector<double> negative(std::vector<double> scores) {
  for (double& score : scores) score = -score;
  return scores;
}

}  // namespace

std::vector<ParameterSpec> detectingParameters(double epsilon) {
  return {kOodScore,
          kOodThreshold,
          kTargetRate,
          kEvaluationMode,
          kOodTemperature,
          real("epsilon", epsilon)
              .range(0, 0.5)
              .stepping(0.001)
              .live()
              .grouped("detecting")
              .onlyWhen(kOodScore, {OodScore::Odin}),
          kOodNeighbours};
}

ScoreSettings scoreSettings(const Parameters& p) {
  return {p[kOodTemperature], p.real("epsilon"), p[kEvaluationMode], p[kOodNeighbours]};
}

double ScoredSamples::auroc() const { return viva::auroc(in, out); }
double ScoredSamples::fpr95() const { return falseRateAt(in, out, 0.95); }

const ScoredSamples& scored(const AllScores& scores, OodScore score) {
  return scores[static_cast<std::size_t>(score)];
}
const ScoredSamples& chosen(const Parameters& parameters, const AllScores& scores) {
  return scored(scores, parameters[kOodScore]);
}

double thresholdOf(const Parameters& parameters, const AllScores& scores) {
  if (parameters[kOodScore] == OodScore::MaxSoftmax) return parameters[kOodThreshold];
  return thresholdAccepting(chosen(parameters, scores).in, parameters[kTargetRate]);
}

bool recordsKnn(const Parameters& parameters) { return parameters[kOodScore] == OodScore::Knn; }

std::vector<RecordSpec> scoreRecords(const Parameters& parameters) {
  const bool with_knn = recordsKnn(parameters);
  std::vector<RecordSpec> records{{"train_loss", "unit.nats"}, {"accuracy", ""}};
  for (const char* quantity : {"auroc", "fpr95"})
    for (int i = 0; i < kOodScores; ++i)
      if (isRecorded(i, with_knn)) records.push_back({scoreName(i) + "/" + quantity, ""});
  records.push_back({"false_alarms", ""});
  records.push_back({"true_alarms", ""});
  return records;
}

void recordScores(Recorder& recorder, const Parameters& parameters, const AllScores& scores,
                  bool with_knn) {
  for (int i = 0; i < kOodScores; ++i) {
    const ScoredSamples& samples = scores[static_cast<std::size_t>(i)];
    if (!samples.complete() || !isRecorded(i, with_knn)) continue;
    recorder.add(scoreName(i) + "/auroc", samples.auroc());
    recorder.add(scoreName(i) + "/fpr95", samples.fpr95());
  }
  const ScoredSamples& mine = chosen(parameters, scores);
  const double threshold = thresholdOf(parameters, scores);
  recorder.add("false_alarms", 1 - acceptedShare(mine.in, threshold));
  if (mine.complete()) recorder.add("true_alarms", 1 - acceptedShare(mine.out, threshold));
}

double areaDifference(const AllScores& scores) {
  double worst = 0;
  for (const ScoredSamples& samples : scores) {
    if (!samples.complete() || std::isnan(samples.auroc())) continue;
    const auto curve = rocCurve(samples.in, samples.out);
    double area = 0;
    for (std::size_t i = 1; i < curve.size(); ++i)
      area += (curve[i].first - curve[i - 1].first) * (curve[i].second + curve[i - 1].second) / 2;
    worst = std::max(worst, std::abs(area - samples.auroc()));
  }
  return worst;
}

HistogramData OodReport::histogram(const Parameters& parameters, const AllScores& scores) const {
  constexpr int kBins = 30;
  const ScoredSamples& samples = chosen(parameters, scores);
  HistogramData data;
  double low = 0, high = 1;
  std::vector<double> all = samples.in;
  all.insert(all.end(), samples.out.begin(), samples.out.end());
  std::erase_if(all, [](double score) { return std::isnan(score); });
  if (!samples.in.empty() && !all.empty()) {
    const auto [least, most] = std::minmax_element(all.begin(), all.end());
    low = *least;
    high = *most;
  }
  if (!std::isfinite(low) || !std::isfinite(high)) low = 0, high = 1;
  if (!(high > low)) high = low + 1e-6 + std::abs(low) * 1e-6;
  data.edges = evenEdges(low, high, kBins);
  data.groups = {{"in", {}, countsIn(data.edges, samples.in)},
                 {"out", {}, countsIn(data.edges, samples.out)}};
  if (const double threshold = samples.in.empty() ? 0 : thresholdOf(parameters, scores);
      !samples.in.empty() && !std::isnan(threshold))
    data.marks.push_back({threshold, curve("threshold")});
  return data;
}

PlaneData OodReport::roc(const Parameters& parameters, const AllScores& scores) const {
  const ScoredSamples& samples = chosen(parameters, scores);
  PlaneData plane{-0.02, 1.02, -0.02, 1.02, {}};
  plane.layers.emplace_back(PathLayer{"chance", curve("chance"), "", {{0, 0}, {1, 1}}});
  PathLayer path{"roc", curve("roc"), "roc", {}};
  if (samples.complete())
    for (const auto& [x, y] : rocCurve(samples.in, samples.out)) path.points.push_back({x, y});
  plane.layers.emplace_back(std::move(path));
  if (samples.complete() && !std::isnan(samples.auroc())) {
    const double threshold = thresholdOf(parameters, scores);
    plane.layers.emplace_back(
        PointsLayer{"threshold",
                    curve("threshold"),
                    {{acceptedShare(samples.out, threshold), acceptedShare(samples.in, threshold)}},
                    {},
                    "threshold",
                    11});
  }
  return plane;
}

TableData OodReport::metrics(const AllScores& scores) const {
  TableData table;
  table.columns = {{"score"},
                   {"auroc", TableData::Best::Largest},
                   {"fpr95", TableData::Best::Smallest},
                   {"ap", TableData::Best::Largest},
                   {"aupr_out", TableData::Best::Largest}};
  for (int i = 0; i < kOodScores; ++i) {
    const ScoredSamples& samples = scores[static_cast<std::size_t>(i)];
    if (!samples.complete()) continue;
    table.rows.push_back({scoreName(i),
                          {curve(scoreName(i)), samples.auroc(), samples.fpr95(),
                           averagePrecision(samples.in, samples.out),
                           averagePrecision(negative(samples.out), negative(samples.in))}});
  }
  return table;
}

TableData OodReport::alarms(const Parameters& parameters, const AllScores& scores) const {
  const ScoredSamples& samples = chosen(parameters, scores);
  TableData table;
  table.columns = {{"rule"}, {"threshold"}, {"false_alarms"}, {"true_alarms"}};
  if (!samples.complete()) return table;
  const auto add = [&](const char* rule, double threshold) {
    table.rows.push_back(
        {"",
         {word(std::string("rule.") + rule), threshold, 1 - acceptedShare(samples.in, threshold),
          1 - acceptedShare(samples.out, threshold)}});
  };
  add("fixed", parameters[kOodThreshold]);
  add("target", thresholdAccepting(samples.in, parameters[kTargetRate]));
  return table;
}

std::vector<std::pair<std::string, Argument>> scoreNumbers(const Parameters& parameters,
                                                           const AllScores& scores) {
  const ScoredSamples& mine = chosen(parameters, scores);
  const double fixed = parameters[kOodThreshold];
  const double target = thresholdAccepting(mine.in, parameters[kTargetRate]);
  const double largest =
      hasNan(mine.in) ? std::nan("") : *std::max_element(mine.in.begin(), mine.in.end());
  return {{"auroc", readable(mine.auroc())},
          {"soft", readable(scored(scores, OodScore::MaxSoftmax).auroc())},
          {"accepted_out", percent(mine.fpr95())},
          {"largest", readable(largest)},
          {"fixed", readable(fixed)},
          {"fixed_in", percent(1 - acceptedShare(mine.in, fixed))},
          {"fixed_out", percent(1 - acceptedShare(mine.out, fixed))},
          {"target", readable(target)},
          {"rate", percent(parameters[kTargetRate])},
          {"target_in", percent(1 - acceptedShare(mine.in, target))},
          {"target_out", percent(1 - acceptedShare(mine.out, target))}};
}

}  // namespace viva
