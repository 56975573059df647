// SPDX-License-Identifier: GPL-3.0-or-later
// How `ood-maps` is judged.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/uncertainty/maps_parameters.h"

namespace viva {

struct MapsState {
  AllScores scores;
  double accuracy = 0;
  double far_confidence = 0;   ///< mean largest softmax at a distance of 30, in 16 directions
  double far_ensemble = 0;     ///< the same of the ensemble
  double pass_difference = 0;  ///< mean change of a held-out sample's largest softmax in two passes
  double energy_spread = 0;  ///< range of minus the energy where the largest softmax is above .999
  std::vector<std::pair<double, double>> ray, ensemble_ray;  ///< distance, mean confidence
};

SeriesData rayCurves(const MapsState& state);
VerdictData mapsVerdict(const std::string& preset, std::int64_t step, const Parameters& parameters,
                        const MapsState& state);

}  // namespace viva
