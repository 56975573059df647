// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `diffusion-digits` share: its parameters, and what its claims look at.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/diffusion/diffusion_kinds.h"

namespace viva {

const auto kDigitSamples = integer("samples", 8000).range(500, 10000).logarithmic().grouped("data");
const auto kDigitObjective = choice<DenoisingObjective>("objective",
                                                        {{DenoisingObjective::Epsilon, "epsilon"},
                                                         {DenoisingObjective::X0, "x0"},
                                                         {DenoisingObjective::Velocity, "velocity"},
                                                         {DenoisingObjective::Flow, "flow"}},
                                                        DenoisingObjective::Velocity)
                                 .grouped("noising");
const auto kDigitSchedule =
    choice<NoiseSchedule>("schedule",
                          {{NoiseSchedule::Linear, "linear"}, {NoiseSchedule::Cosine, "cosine"}},
                          NoiseSchedule::Cosine)
        .grouped("noising");
const auto kDigitTimesteps =
    integer("timesteps", 200).range(20, 1000).logarithmic().grouped("noising");
const auto kDigitSampler = choice<DiffusionSampler>("sampler",
                                                    {{DiffusionSampler::Ddpm, "ddpm"},
                                                     {DiffusionSampler::Ddim, "ddim"},
                                                     {DiffusionSampler::Euler, "euler"},
                                                     {DiffusionSampler::Heun, "heun"}},
                                                    DiffusionSampler::Ddim)
                               .live()
                               .grouped("sampling");
const auto kDigitStrides =
    integer("sampling_steps", 20).range(1, 50).logarithmic().live().grouped("sampling");
const auto kDigitGuidance =
    real("guidance", 2).range(0, 8).stepping(0.1).live().grouped("sampling");
const auto kDigitWidth = integer("width", 384).range(16, 512).logarithmic().grouped("net");
const auto kDigitRate = real("lr", 1e-3).range(1e-6, 0.1).logarithmic().live().grouped("training");
const auto kDigitRateSteps =
    integer("lr_steps", 1000).range(50, 100000).logarithmic().live().grouped("training");
const auto kDigitBatch = integer("batch_size", 128).range(8, 512).logarithmic().grouped("training");
const auto kDigitLabelDrop =
    real("label_drop", 0.12).range(0, 1).stepping(0.01).grouped("training");
const auto kDigitEvaluateEvery =
    integer("evaluate_every", 250).range(10, 5000).logarithmic().grouped("display");

inline constexpr std::int64_t kDigitSide = 16;
/// The weights of guidance that are judged, the first being none beyond the class itself.
inline constexpr std::array<int, 3> kJudgedWeights{1, 2, 4};

/// Digits of every class drawn with one weight of guidance.
struct JudgedDigits {
  double agreement = 0;  ///< share that the judge reads as the class asked for
  double spread = 0;     ///< deviation of a pixel within a class, that of real digits being 1
};
struct DigitsProgress {
  std::int64_t step = 0;
  double judge_accuracy = 0;  ///< on real digits that it has not seen
  std::array<JudgedDigits, kJudgedWeights.size()> judged;
  /// Mean distance of a drawn digit to its nearest training image, over that of real digits that
  /// are not in the training set.
  double distance = 0;
};

VerdictData diffusionDigitsVerdict(const std::string& preset, const DigitsProgress& progress);

std::unique_ptr<Experiment> makeDiffusionDigits(const Parameters& parameters,
                                                const RunContext& context);

}  // namespace viva
