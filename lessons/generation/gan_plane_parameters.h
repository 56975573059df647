// SPDX-License-Identifier: GPL-3.0-or-later
// What `gan-plane` can be told, and what it says can be shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/plane_targets.h"
#include "lessons/generation/gan_losses.h"

namespace viva {

enum class Trained { Both, DiscriminatorOnly, GeneratorOnly };
enum class GanSettingsFrom { Own, Published };
enum class GanOptimizer { Adam, RmsProp, Sgd };

inline constexpr ParameterName<PlaneTargetKind> kTarget{"target"};
inline constexpr ParameterName<Points> kDrawn{"drawn"};
inline constexpr ParameterName<double> kSigma{"sigma"};
inline constexpr ParameterName<GanLoss> kLoss{"loss"};
inline constexpr ParameterName<Trained> kTrain{"train"};
inline constexpr ParameterName<std::int64_t> kGeneratorHidden{"hidden"};
inline constexpr ParameterName<std::int64_t> kNoiseDim{"noise_dim"};
inline constexpr ParameterName<std::int64_t> kGanBatchSize{"batch_size"};
inline constexpr ParameterName<std::int64_t> kWarmup{"d_warmup"};
inline constexpr ParameterName<std::int64_t> kGanEvaluateEvery{"evaluate_every"};
inline constexpr ParameterName<bool> kSlowMotion{"slow_motion"};

/// The fewest points that can be drawn as a target.
inline constexpr std::int64_t kFewestDrawn = 8;

/// How both nets are trained: the panel's own numbers, or those that a paper used.
struct GanSettings {
  std::int64_t d_steps = 1, g_steps = 1;
  double d_rate = 1e-3, g_rate = 1e-3;
  GanOptimizer optimizer = GanOptimizer::Adam;  ///< of both nets
  double beta1 = 0.5, beta2 = 0.999;            ///< of Adam
  double rate_end = 1;  ///< of the rates, as a share, after rate_steps; linearly
  std::int64_t rate_steps = 1;
  double clip = 0.01;    ///< WassersteinClip only
  double penalty = 0.1;  ///< WassersteinGp only: the weight of the penalty

  /// The share of the rates that is left after `turns`.
  double rateShare(std::int64_t turns) const;
};
GanSettings ganSettingsOf(const Parameters& parameters);

std::vector<ParameterSpec> ganPlaneParameters();
std::vector<RecordSpec> ganPlaneRecords(const Parameters& parameters);
std::optional<Message> validateGanPlane(const Parameters& parameters);
std::vector<ViewSpec> ganPlaneViews();
std::vector<Preset> ganPlanePresets();
PlaneTarget targetOf(const Parameters& parameters);

}  // namespace viva
