// SPDX-License-Identifier: GPL-3.0-or-later
// What the race is told, and what is known of it after a step.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/core/frame.h"
#include "lessons/nn/optimizers.h"
#include "lessons/optimization/standings.h"

namespace viva {

inline const auto kRaceSurface = surfaceParameter();
inline const auto kRaceStart =
    point("start", {-1.8, 1.2}).range(-10, 10).grouped("surface").draggedOn("plane");
inline const auto kRaceKappa = real("kappa", 25)
                                   .range(1, 1000)
                                   .logarithmic()
                                   .grouped("surface")
                                   .onlyWhen(kRaceSurface, {SurfaceKind::Ravine});
inline const auto kRaceNoise =
    real("noise", 0).range(0, 100).stepping(0.1).live().grouped("surface");
inline const auto kRaceDrift =
    real("drift", 0).range(-0.1, 0.1).stepping(0.001).live().grouped("surface");

struct Contestant {
  Optimizer optimizer;
  const UpdateRule& rule;
  const Standing& standing;
};

/// The race after `step` updates.
struct RaceState {
  const Surface& surface;
  Point start;
  std::int64_t step;
  std::vector<Contestant> contestants;  ///< those that are switched on
};

std::unique_ptr<Experiment> makeOptimizerRace(const Parameters& parameters,
                                              const RunContext& context);

/// Judges the claim of `preset` by the numbers of this run, whatever the parameters have become;
/// without a preset, says who is lowest.
VerdictData raceVerdict(const std::string& preset, const RaceState& race);
/// A row a racer; columns that mean nothing on this surface are left out.
TableData raceStandings(const RaceState& race);

}  // namespace viva
