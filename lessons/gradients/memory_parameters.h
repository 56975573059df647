// SPDX-License-Identifier: GPL-3.0-or-later
// What `memory-over-time` can be told, and what it says can be shown.
#pragma once

#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/gradients/memory_models.h"

namespace viva {

inline constexpr ParameterName<std::int64_t> kMemoryLength{"length"};
inline constexpr ParameterName<std::int64_t> kMemoryHidden{"hidden"};
inline constexpr ParameterName<std::int64_t> kMemoryBatchSize{"batch_size"};
inline constexpr ParameterName<double> kMemoryForgetBias{"forget_bias"};
inline constexpr ParameterName<double> kMemoryRate{"lr"};
inline constexpr ParameterName<bool> kMemoryClip{"clip"};
inline constexpr ParameterName<double> kMemoryMaxNorm{"max_norm"};

std::vector<ParameterSpec> memoryParameters();
std::vector<MemoryKind> memoriesIn(const Parameters& parameters);
std::vector<RecordSpec> memoryRecords(const Parameters& parameters);
std::optional<Message> validateMemory(const Parameters& parameters);
std::vector<ViewSpec> memoryViews();
std::vector<Preset> memoryPresets();

}  // namespace viva
