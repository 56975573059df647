// SPDX-License-Identifier: GPL-3.0-or-later
// How well a score tells data like those of training from others. Higher scores are more like them.
// Where a score is not a number there is no order: what depends on it is not a number either.
#pragma once

#include <utility>
#include <vector>

namespace viva {

enum class OodScore { MaxSoftmax, Energy, Odin, Mahalanobis, Ensemble, McDropout, Knn };
inline constexpr int kOodScores = 7;

bool hasNan(const std::vector<double>& scores);

/// P(score of one in > score of one out) + half of P(equal).
double auroc(const std::vector<double>& in, const std::vector<double>& out);
/// The largest threshold that accepts at least this share of `in`; accepted is >= threshold.
double thresholdAccepting(const std::vector<double>& in, double share);
/// The share of `scores` at or above the threshold.
double acceptedShare(const std::vector<double>& scores, double threshold);
/// The share of `out` that is accepted where `true_rate` of `in` is.
double falseRateAt(const std::vector<double>& in, const std::vector<double>& out, double true_rate);
/// Average precision with `in` as the positive class.
double averagePrecision(const std::vector<double>& in, const std::vector<double>& out);
/// (false rate, true rate) from (0, 0) to (1, 1); empty where there is no order.
std::vector<std::pair<double, double>> rocCurve(const std::vector<double>& in,
                                                const std::vector<double>& out);

}  // namespace viva
