// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `diffusion-plane` share: its parameters, and what its claims look at.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/mode_coverage.h"
#include "lessons/data/plane_target_kind.h"
#include "lessons/diffusion/diffusion_kinds.h"

namespace viva {

/// What is measured beside the net that the panel is about.
enum class DiffusionBeside {
  None,
  OtherSchedule,  ///< a second net on the same draws, with the other schedule
  SameStart,      ///< two draws of DDIM and of DDPM from the same starts
  Guidance,       ///< samples of every class at five weights
};

/// Three clouds with a class each, which overlap when sigma is large.
Points threeClouds();

const auto kDiffusionTarget =
    choice<PlaneTargetKind>("target", {{PlaneTargetKind::Ring, "ring"},
                                       {PlaneTargetKind::Grid, "grid"},
                                       {PlaneTargetKind::Moons, "moons"},
                                       {PlaneTargetKind::SwissRoll, "swiss-roll"},
                                       {PlaneTargetKind::Line, "line"},
                                       {PlaneTargetKind::Drawn, "drawn"}})
        .grouped("target");
const auto kDiffusionDrawn = points("drawn", threeClouds())
                                 .range(-1.5, 1.5)
                                 .grouped("target")
                                 .draggedOn("plane")
                                 .onlyWhen(kDiffusionTarget, {PlaneTargetKind::Drawn});
const auto kDiffusionSigma = real("sigma", 0.05).range(0.001, 0.5).logarithmic().grouped("target");
const auto kTrainingPoints = integer("training_points", 0).range(0, 2000).grouped("target");
const auto kDataScale = real("scale", 2).range(0.5, 4).stepping(0.1).grouped("target");
const auto kDiffusionClasses = toggle("classes", false).grouped("target");

const auto kObjective =
    choice<DenoisingObjective>("objective", {{DenoisingObjective::Epsilon, "epsilon"},
                                             {DenoisingObjective::X0, "x0"},
                                             {DenoisingObjective::Velocity, "velocity"},
                                             {DenoisingObjective::Flow, "flow"}})
        .grouped("noising");
const auto kNoiseSchedule =
    choice<NoiseSchedule>("schedule",
                          {{NoiseSchedule::Linear, "linear"}, {NoiseSchedule::Cosine, "cosine"}},
                          NoiseSchedule::Cosine)
        .grouped("noising")
        .onlyWhen(kObjective, {DenoisingObjective::Epsilon, DenoisingObjective::X0,
                               DenoisingObjective::Velocity});
const auto kTimesteps = integer("timesteps", 100).range(2, 1000).logarithmic().grouped("noising");
const auto kBeside =
    choice<DiffusionBeside>("beside", {{DiffusionBeside::None, "none"},
                                       {DiffusionBeside::OtherSchedule, "other-schedule"},
                                       {DiffusionBeside::SameStart, "same-start"},
                                       {DiffusionBeside::Guidance, "guidance"}})
        .grouped("noising");

const auto kDiffusionSampler = choice<DiffusionSampler>("sampler",
                                                        {{DiffusionSampler::Ddpm, "ddpm"},
                                                         {DiffusionSampler::Ddim, "ddim"},
                                                         {DiffusionSampler::Euler, "euler"},
                                                         {DiffusionSampler::Heun, "heun"}},
                                                        DiffusionSampler::Ddim)
                                   .live()
                                   .grouped("sampling");
const auto kSamplingSteps =
    integer("sampling_steps", 25).range(1, 1000).logarithmic().live().grouped("sampling");
const auto kEta = real("eta", 0)
                      .range(0, 1)
                      .stepping(0.05)
                      .live()
                      .grouped("sampling")
                      .onlyWhen(kDiffusionSampler, {DiffusionSampler::Ddim});
const auto kGuidance = real("guidance", 1)
                           .range(0, 10)
                           .stepping(0.1)
                           .live()
                           .grouped("sampling")
                           .onlyWhen(kDiffusionClasses);
const auto kBound = toggle("clamp", true).live().grouped("sampling");
/// 0 to 1: data become noise; 1 to 2: the same noise becomes samples.
const auto kSliderTime = real("time", 1.6).range(0, 2).stepping(0.01).live().grouped("sampling");

const auto kDiffusionHidden = integer("hidden", 64).range(4, 256).logarithmic().grouped("net");
const auto kDiffusionRate =
    real("lr", 2e-3).range(1e-6, 0.1).logarithmic().live().grouped("training");
const auto kDiffusionRateSteps =
    integer("lr_steps", 4000).range(100, 1000000).logarithmic().live().grouped("training");
const auto kDiffusionBatch =
    integer("batch_size", 256).range(8, 1024).logarithmic().grouped("training");
const auto kLabelDrop = real("label_drop", 0.15)
                            .range(0, 1)
                            .stepping(0.01)
                            .grouped("training")
                            .onlyWhen(kDiffusionClasses);
const auto kDiffusionEvaluateEvery =
    integer("evaluate_every", 250).range(10, 5000).logarithmic().grouped("display");

/// Where the clean part is cut, in the plane's units: all targets lie within +-1.3.
inline constexpr double kPlaneBound = 1.5;
inline constexpr std::int64_t kTimeBins = 10;
inline constexpr std::array<double, 5> kGuidanceWeights{0, 1, 2, 3, 5};
/// `w0`, `w5`.
std::string guidanceName(double weight);

/// Samples of every class at one weight of guidance, against the data of that class.
struct GuidedClasses {
  double accuracy = 0;  ///< share of the samples whose nearest mode is of the class asked for
  double spread = 0;    ///< deviation within a class, that of the data being 1
  double reach = 0;     ///< how far out the means of the classes lie, those of the data being 1
};

/// The loss of a share of the times, and that of the exact answer to the same questions.
struct TimeBin {
  std::int64_t from = 0, to = 0;  ///< the times in it
  double loss = 0;
  std::optional<double> least;  ///< none where the exact answer is not known
};

struct DiffusionEvaluation {
  std::int64_t step = 0;
  std::optional<Coverage> coverage;  ///< none without modes
  double wasserstein = 0;
  std::vector<TimeBin> bins;
  double loss = 0;                    ///< on the probe: the mean over all times
  std::optional<double> least;        ///< the same of the exact answer
  std::optional<double> score_error;  ///< root of |e^ - e*|^2 over |e*|^2, means over the probe
  std::optional<Coverage> other_coverage;  ///< of the net with the other schedule
  std::optional<double> other_wasserstein;
  std::optional<double> ddim_redraw, ddpm_redraw;  ///< mean distance of two ends of one start
  std::vector<GuidedClasses> guided;               ///< one a weight
  /// Share of samples three times nearer to their training point than to the second nearest
  /// (the test of arXiv 2310.02664), and of fresh points of the target.
  std::optional<double> memorised, memorised_fresh;
};

struct DiffusionHistory {
  std::int64_t step = 0;
  std::vector<DiffusionEvaluation> evaluations;  ///< the first one is of the start
  double wasserstein_floor = 0;                  ///< of two sets of real points
  double independent = 0;                        ///< the mean distance of two real points
  bool is_linear = false;                        ///< the schedule of the net itself
  const DiffusionEvaluation& last() const { return evaluations.back(); }
};

/// Judges the claim of `preset`, or says how good the samples are.
VerdictData diffusionPlaneVerdict(const std::string& preset, const DiffusionHistory& history);

std::unique_ptr<Experiment> makeDiffusionPlane(const Parameters& parameters,
                                               const RunContext& context);

}  // namespace viva
