// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `loss-scaling` share: its parameters, and what is remembered of both nets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "lessons/core/experiment.h"
#include "lessons/gradients/half_gradients.h"

namespace viva {

struct Split;

enum class Scaling { None, Static, Dynamic };
enum class ClipWhen { Never, BeforeUnscaling, AfterUnscaling };

const auto kScaling =
    choice<Scaling>(
        "scaling",
        {{Scaling::None, "none"}, {Scaling::Static, "static"}, {Scaling::Dynamic, "dynamic"}},
        Scaling::Dynamic)
        .grouped("scaling");
const auto kInitialScale = real("init_scale", 65536)
                               .range(1, 1e12)
                               .logarithmic()
                               .grouped("scaling")
                               .onlyWhen(kScaling, {Scaling::Static, Scaling::Dynamic});
const auto kGrowthFactor = real("growth_factor", 2)
                               .range(1, 16)
                               .stepping(0.1)
                               .live()
                               .grouped("scaling")
                               .onlyWhen(kScaling, {Scaling::Dynamic});
const auto kBackoffFactor = real("backoff_factor", 0.5)
                                .range(0.01, 0.99)
                                .stepping(0.01)
                                .live()
                                .grouped("scaling")
                                .onlyWhen(kScaling, {Scaling::Dynamic});
const auto kGrowthInterval = integer("growth_interval", 2000)
                                 .range(1, 10000)
                                 .logarithmic()
                                 .live()
                                 .grouped("scaling")
                                 .onlyWhen(kScaling, {Scaling::Dynamic});
const auto kScalingClip = choice<ClipWhen>("clip", {{ClipWhen::Never, "never"},
                                                    {ClipWhen::BeforeUnscaling, "before-unscaling"},
                                                    {ClipWhen::AfterUnscaling, "after-unscaling"}})
                              .live()
                              .grouped("clipping");
const auto kScalingMaxNorm =
    real("max_norm", 1)
        .range(1e-3, 1000)
        .logarithmic()
        .live()
        .grouped("clipping")
        .onlyWhen(kScalingClip, {ClipWhen::BeforeUnscaling, ClipWhen::AfterUnscaling});
const auto kLossFactor =
    real("loss_factor", 1e-3).range(1e-8, 1e6).logarithmic().live().grouped("training");
const auto kScalingRate = real("lr", 0.2).range(1e-5, 10).logarithmic().live().grouped("training");
const auto kScalingBatchSize =
    integer("batch_size", 64).range(1, 512).logarithmic().grouped("training");
const auto kScalingHidden = integer("hidden", 64).range(1, 256).logarithmic().grouped("training");

/// What is remembered of both nets besides their curves.
struct ScalingReport {
  bool real_half = false;         ///< whether the gradients come from float16 products
  double loss32 = 0, loss16 = 0;  ///< averaged over about the last 20 batches
  double accuracy32 = 0, accuracy16 = 0;
  double norm32 = 0, norm16 = 0;  ///< of what the update uses
  HalfLosses losses;              ///< averaged over about the last 20 updates
  double scale = 1, lowest_scale = 1, highest_scale = 1;
  double initial_scale = 1, max_norm = 1;  ///< as they were set
  std::int64_t skipped = 0, updates = 0;

  void observe(double batch_loss32, double batch_loss16, const HalfLosses& found);
  /// The norm of a gradient that was clipped before it was unscaled.
  double clippedTooEarly() const { return max_norm / scale; }
};
/// Judges the claim of `preset`, or says what float16 loses.
VerdictData scalingVerdict(const std::string& preset, std::int64_t step,
                           const ScalingReport& report);

/// The images of a run with this seed, flat; a fifth is kept for validation.
Split digitsForScaling(std::uint64_t seed);

std::unique_ptr<Experiment> makeLossScaling(const Parameters& parameters,
                                            const RunContext& context);

}  // namespace viva
