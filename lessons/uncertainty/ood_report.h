// SPDX-License-Identifier: GPL-3.0-or-later
// How scores of samples from inside and outside the distribution are recorded and shown, the same
// for points and for images.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/core/frame.h"
#include "lessons/uncertainty/ood_metrics.h"

namespace viva {

struct ScoreSettings;

// The score and its threshold, group `detecting`.
inline const auto kOodScore = choice<OodScore>("score", {{OodScore::MaxSoftmax, "max-softmax"},
                                                         {OodScore::Energy, "energy"},
                                                         {OodScore::Odin, "odin"},
                                                         {OodScore::Mahalanobis, "mahalanobis"},
                                                         {OodScore::Ensemble, "ensemble"},
                                                         {OodScore::McDropout, "mc-dropout"},
                                                         {OodScore::Knn, "knn"}})
                                  .live()
                                  .grouped("detecting");
inline const auto kOodThreshold =
    real("threshold", 0.8).range(0, 1).stepping(0.01).live().grouped("detecting");
inline const auto kTargetRate =
    real("target_tpr", 0.95).range(0.5, 1).stepping(0.01).live().grouped("detecting");
inline const auto kEvaluationMode = toggle("evaluation_mode", true).live().grouped("detecting");
inline const auto kOodTemperature = real("temperature", 1000)
                                        .range(1, 10000)
                                        .logarithmic()
                                        .live()
                                        .grouped("detecting")
                                        .onlyWhen(kOodScore, {OodScore::Odin});
inline const auto kOodNeighbours = integer("neighbours", 10)
                                       .range(1, 50)
                                       .logarithmic()
                                       .live()
                                       .grouped("detecting")
                                       .onlyWhen(kOodScore, {OodScore::Knn});
// Of the nets, group `training`.
inline const auto kOodHidden =
    integer("hidden", 64).range(4, 128).logarithmic().grouped("training");
inline const auto kOodDropout =
    real("dropout", 0.2).range(0, 0.8).stepping(0.01).grouped("training");
inline const auto kOodRate =
    real("lr", 0.2).range(1e-3, 1).logarithmic().live().grouped("training");

/// Those of the group `detecting`; `epsilon` is ODIN's default.
std::vector<ParameterSpec> detectingParameters(double epsilon);
ScoreSettings scoreSettings(const Parameters& parameters);

/// Of samples held out and of those from elsewhere.
struct ScoredSamples {
  std::vector<double> in, out;
  bool complete() const { return !in.empty() && !out.empty(); }
  double auroc() const;
  double fpr95() const;
};
using AllScores = std::array<ScoredSamples, kOodScores>;

const ScoredSamples& scored(const AllScores& scores, OodScore score);
const ScoredSamples& chosen(const Parameters& parameters, const AllScores& scores);
/// The threshold that counts: the fixed one for the largest softmax, else that of the target rate.
double thresholdOf(const Parameters& parameters, const AllScores& scores);

/// Whether a run that begins with these records KNN. It came later: runs of earlier versions have
/// no such records.
bool recordsKnn(const Parameters& parameters);
/// `train_loss`, `accuracy`, `<score>/auroc`, `<score>/fpr95`, `false_alarms` and `true_alarms`.
std::vector<RecordSpec> scoreRecords(const Parameters& parameters);
/// `with_knn`: what recordsKnn said when the run began.
void recordScores(Recorder& recorder, const Parameters& parameters, const AllScores& scores,
                  bool with_knn);
/// The largest difference between an area by ranks and the area under the curve by trapezoids.
double areaDifference(const AllScores& scores);

/// Words begin with the name of the experiment.
struct OodReport {
  std::string experiment;

  Word word(const std::string& name) const { return {experiment + "." + name}; }
  Word curve(const std::string& id) const { return word("curve." + id); }
  HistogramData histogram(const Parameters& parameters, const AllScores& scores) const;
  PlaneData roc(const Parameters& parameters, const AllScores& scores) const;
  TableData metrics(const AllScores& scores) const;
  TableData alarms(const Parameters& parameters, const AllScores& scores) const;
};

/// What every verdict on scores may name: auroc, soft, accepted_out, fixed, fixed_in, ...
std::vector<std::pair<std::string, Argument>> scoreNumbers(const Parameters& parameters,
                                                           const AllScores& scores);

}  // namespace viva
