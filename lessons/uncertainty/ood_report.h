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
#include "lessons/uncertainty/ood_classifier.h"

namespace viva {

inline constexpr ParameterName<OodScore> kOodScore{"score"};
inline constexpr ParameterName<double> kOodThreshold{"threshold"};
inline constexpr ParameterName<double> kTargetRate{"target_tpr"};
inline constexpr ParameterName<bool> kEvaluationMode{"evaluation_mode"};
inline constexpr ParameterName<double> kOodTemperature{"temperature"};
inline constexpr ParameterName<double> kOodEpsilon{"epsilon"};
inline constexpr ParameterName<double> kOodDropout{"dropout"};
inline constexpr ParameterName<double> kOodRate{"lr"};
inline constexpr ParameterName<std::int64_t> kOodHidden{"hidden"};

/// The score and its threshold, group `detecting`.
std::vector<ParameterSpec> detectingParameters(double epsilon);
/// Of the nets, group `training`.
std::vector<ParameterSpec> oodTrainingParameters();
ScoreSettings scoreSettings(const Parameters& parameters);

/// Of samples held out and of those from elsewhere.
struct ScoredSamples {
  std::vector<double> in, out;
  bool complete() const { return !in.empty() && !out.empty(); }
  double auroc() const;
  double fpr95() const;
};
/// For the records; what is not a number is below every threshold.
std::vector<double> scoreNumbers(const torch::Tensor& scores);
using AllScores = std::array<ScoredSamples, kOodScores>;

const ScoredSamples& scored(const AllScores& scores, OodScore score);
const ScoredSamples& chosen(const Parameters& parameters, const AllScores& scores);
/// The threshold that counts: the fixed one for the largest softmax, else that of the target rate.
double thresholdOf(const Parameters& parameters, const AllScores& scores);

/// `train_loss`, `accuracy`, `<score>/auroc`, `<score>/fpr95`, `false_alarms` and `true_alarms`.
std::vector<RecordSpec> scoreRecords();
void recordScores(Recorder& recorder, const Parameters& parameters, const AllScores& scores);
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

using VerdictArguments = std::vector<std::pair<std::string, Argument>>;
/// What every verdict on scores may name: auroc, soft, accepted_out, fixed, fixed_in, ...
VerdictArguments scoreArguments(const Parameters& parameters, const AllScores& scores);

}  // namespace viva
