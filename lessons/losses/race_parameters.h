// SPDX-License-Identifier: GPL-3.0-or-later
// What `loss-race` can be told, and what it says can be shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/losses/losses.h"

namespace viva {

enum class LossData { Moons, Circles, Blobs };

inline constexpr ParameterName<LossData> kLossData{"dataset"};
inline constexpr ParameterName<std::int64_t> kLossSamples{"samples"};
inline constexpr ParameterName<double> kRareShare{"rare_share"};
inline constexpr ParameterName<double> kStartBias{"bias"};
inline constexpr ParameterName<std::int64_t> kLossHidden{"hidden"};
inline constexpr ParameterName<std::int64_t> kLossBatch{"batch_size"};
inline constexpr ParameterName<double> kLossRate{"lr"};
inline constexpr ParameterName<double> kGamma{"gamma"};
inline constexpr ParameterName<double> kSmoothing{"smoothing"};

/// A copy of the net and the loss that it learns by.
struct LossRacer {
  std::string name;
  MarginLoss loss = MarginLoss::CrossEntropy;
};
/// Those that are switched on.
std::vector<LossRacer> lossRacersIn(const Parameters& parameters);

std::vector<ParameterSpec> lossRaceParameters();
std::vector<RecordSpec> lossRaceRecords(const Parameters& parameters);
std::optional<Message> lossRaceProblem(const Parameters& parameters);
std::vector<ViewSpec> lossRaceViews();
std::vector<Preset> lossRacePresets();

}  // namespace viva
