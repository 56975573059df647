// SPDX-License-Identifier: GPL-3.0-or-later
// How `ood-maps` is shown and judged.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/uncertainty/maps_parameters.h"

namespace viva {

/// Scores of held-out samples and of the points drawn by hand.
struct ScoredSamples {
  std::vector<double> in, out;
  double auroc() const;
  double fpr95() const;
};
struct OodState {
  std::array<ScoredSamples, kOodScores> scores;
  double accuracy = 0;
  double far_confidence = 0;   ///< mean largest softmax at a distance of 30, in 16 directions
  double far_ensemble = 0;     ///< the same of the ensemble
  double pass_difference = 0;  ///< mean change of the largest softmax between two passes
  double energy_spread = 0;  ///< of held-out samples and points whose largest softmax is above .999
  std::vector<std::pair<double, double>> ray, ensemble_ray;  ///< distance, mean confidence
};

/// The threshold that counts: the fixed one for the largest softmax, that of the target rate else.
double thresholdOf(const Parameters& parameters, const OodState& state);
HistogramData scoreHistogram(const Parameters& parameters, const OodState& state);
PlaneData rocPlane(const Parameters& parameters, const OodState& state);
TableData metricsTable(const OodState& state);
TableData alarmsTable(const Parameters& parameters, const OodState& state);
SeriesData rayCurves(const OodState& state);
VerdictData mapsVerdict(const std::string& preset, std::int64_t step, const Parameters& parameters,
                        const OodState& state);

}  // namespace viva
