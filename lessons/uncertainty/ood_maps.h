// SPDX-License-Identifier: GPL-3.0-or-later
// What `ood-maps` is told, and what its claims look at.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/uncertainty/ood_report.h"

namespace viva {

inline constexpr double kOodReach = 5;  ///< of the plane, in each direction

enum class OodData { Blobs, Moons, File };

/// Far out in all directions.
Points farPoints();

inline const auto kOodPoints = points("ood_points", farPoints())
                                   .range(-kOodReach, kOodReach)
                                   .live()
                                   .draggedOn("map")
                                   .grouped("data");
inline const auto kOodDataset =
    choice<OodData>("dataset",
                    {{OodData::Blobs, "blobs"}, {OodData::Moons, "moons"}, {OodData::File, "file"}})
        .grouped("data");
inline const auto kOodFile =
    file("data_file").grouped("data").onlyWhen(kOodDataset, {OodData::File});

struct MapsState {
  AllScores scores;
  double accuracy = 0;
  double far_confidence = 0;   ///< mean largest softmax at a distance of 30, in 16 directions
  double far_ensemble = 0;     ///< the same of the ensemble
  double pass_difference = 0;  ///< mean change of a held-out sample's largest softmax in two passes
  double energy_spread = 0;  ///< range of minus the energy where the largest softmax is above .999
  std::vector<std::pair<double, double>> ray, ensemble_ray;  ///< distance, mean confidence
};

std::unique_ptr<Experiment> makeOodMaps(const Parameters& parameters, const RunContext& context);
VerdictData mapsVerdict(const std::string& preset, std::int64_t step, const Parameters& parameters,
                        const MapsState& state);

}  // namespace viva
