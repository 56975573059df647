// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `sampler-race` share: its parameters, and what its claims look at.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/plane_target_kind.h"
#include "lessons/diffusion/diffusion_kinds.h"

namespace viva {

/// Who takes part: DDPM and DDIM on the net of the panel's schedule and objective; DDIM on a net
/// with the cosine schedule that is asked for the velocity; Euler and Heun on flow.
enum class SamplerRacer { Ddpm, Ddim, DdimVelocity, Euler, Heun };
inline constexpr std::array<const char*, 5> kRacers{"ddpm", "ddim", "ddim-velocity", "euler",
                                                    "heun"};
/// How often each may ask the net at most: after the training a step of the run each.
inline constexpr std::array<std::int64_t, 8> kEvaluations{1, 2, 5, 10, 20, 50, 100, 200};

const auto kRaceTarget =
    choice<PlaneTargetKind>("target", {{PlaneTargetKind::Ring, "ring"},
                                       {PlaneTargetKind::Grid, "grid"},
                                       {PlaneTargetKind::Moons, "moons"},
                                       {PlaneTargetKind::SwissRoll, "swiss-roll"},
                                       {PlaneTargetKind::Line, "line"}})
        .grouped("target");
const auto kRaceSigma = real("sigma", 0.05).range(0.001, 0.3).logarithmic().grouped("target");
const auto kRaceObjective =
    choice<DenoisingObjective>("objective", {{DenoisingObjective::Epsilon, "epsilon"},
                                             {DenoisingObjective::X0, "x0"},
                                             {DenoisingObjective::Velocity, "velocity"}})
        .grouped("noising");
const auto kRaceSchedule = choice<NoiseSchedule>("schedule", {{NoiseSchedule::Linear, "linear"},
                                                              {NoiseSchedule::Cosine, "cosine"}})
                               .grouped("noising");
const auto kRaceHidden = integer("hidden", 64).range(4, 256).logarithmic().grouped("training");
const auto kRaceUpdates =
    integer("updates", 4000).range(100, 4000).logarithmic().grouped("training");
const auto kRaceRate = real("lr", 2e-3).range(1e-6, 0.1).logarithmic().live().grouped("training");
const auto kRaceBatch = integer("batch_size", 256).range(8, 1024).logarithmic().grouped("training");
const auto kShownRacer = choice<SamplerRacer>("shown",
                                              {{SamplerRacer::Ddpm, "ddpm"},
                                               {SamplerRacer::Ddim, "ddim"},
                                               {SamplerRacer::DdimVelocity, "ddim-velocity"},
                                               {SamplerRacer::Euler, "euler"},
                                               {SamplerRacer::Heun, "heun"}},
                                              SamplerRacer::Euler)
                             .live()
                             .grouped("display");

/// How a racer did with one number of evaluations.
struct RacerResult {
  double wasserstein = 0;
  double high_quality = 0;  ///< 0 without modes
  double length = 1;        ///< of the way from noise to sample, the straight line being 1
};
struct RaceRow {
  std::int64_t evaluations = 0;
  std::array<RacerResult, kRacers.size()> racers;
  const RacerResult& of(SamplerRacer racer) const {
    return racers[static_cast<std::size_t>(racer)];
  }
};
struct SamplerRaceState {
  std::vector<RaceRow> rows;  ///< of the race so far
  double floor = 0;           ///< the distance of two sets of real points, the largest of five
  bool has_modes = true;
  bool is_published = true;  ///< the panel's net is the one of arXiv 2006.11239
  /// None before that step.
  const RaceRow* at(std::int64_t evaluations) const;
};

VerdictData samplerRaceVerdict(const std::string& preset, const SamplerRaceState& state);

std::unique_ptr<Experiment> makeSamplerRace(const Parameters& parameters,
                                            const RunContext& context);

}  // namespace viva
