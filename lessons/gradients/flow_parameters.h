// SPDX-License-Identifier: GPL-3.0-or-later
// What `gradient-flow` can be told, and what it says can be shown.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/gradients/deep_net.h"
#include "lessons/nn/optimizers.h"

namespace viva {

enum class FlowData { Moons, Circles, Spirals, Digits };

inline constexpr ParameterName<Optimizer> kFlowOptimizer{"optimizer"};
inline constexpr ParameterName<double> kFlowRate{"lr"};
inline constexpr ParameterName<std::int64_t> kFlowWarmup{"warmup"};
inline constexpr ParameterName<std::int64_t> kFlowBatchSize{"batch_size"};
inline constexpr ParameterName<FlowData> kFlowDataset{"dataset"};
inline constexpr ParameterName<std::int64_t> kFlowSamples{"samples"};
inline constexpr ParameterName<std::int64_t> kFlowEvaluateEvery{"evaluate_every"};

/// A fifth of the samples is kept for validation.
inline constexpr double kFlowValidationShare = 0.2;

/// The two nets, as parameters, records and curves spell them.
inline const std::array<std::string, 2> kSides{"a", "b"};

/// What one of the two nets is told: `a.depth`, `a.activation`, ...
struct SideSettings {
  std::int64_t depth = 0, width = 0;
  Initialisation initialisation{};
  Wiring wiring;
  double rate_factor = 1;  ///< of the shared rate
  bool warms_up = true;
};
SideSettings settingsOf(const Parameters& parameters, const std::string& side);

std::vector<ParameterSpec> flowParameters();
std::vector<RecordSpec> flowRecords(const Parameters& parameters);
std::optional<Message> validateFlow(const Parameters& parameters);
std::vector<ViewSpec> flowViews();
std::vector<Preset> flowPresets();

/// `grad_norm/layer_07`.
std::string layerRecord(const std::string& quantity, std::int64_t layer);

}  // namespace viva
