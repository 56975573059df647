// SPDX-License-Identifier: GPL-3.0-or-later
// What `lstm-gates` can be told, and what it says can be shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/sequence_tasks.h"
#include "lessons/nn/recurrent_cells.h"

namespace viva {

enum class Clamp { None, Forget, Input, Output };

inline constexpr ParameterName<SequenceTask> kTask{"task"};
inline constexpr ParameterName<std::int64_t> kLength{"length"};
inline constexpr ParameterName<Text> kText{"text"};
inline constexpr ParameterName<CellKind> kCell{"cell"};
inline constexpr ParameterName<std::int64_t> kHidden{"hidden"};
inline constexpr ParameterName<double> kForgetBias{"forget_bias"};
inline constexpr ParameterName<bool> kCompare{"compare"};
inline constexpr ParameterName<double> kLearningRate{"lr"};
inline constexpr ParameterName<std::int64_t> kBatchSize{"batch_size"};
inline constexpr ParameterName<double> kMaxNorm{"max_norm"};
inline constexpr ParameterName<Text> kProbe{"probe"};
inline constexpr ParameterName<std::int64_t> kUnit{"unit"};
inline constexpr ParameterName<std::int64_t> kTime{"time"};
inline constexpr ParameterName<Clamp> kClamp{"clamp"};
inline constexpr ParameterName<double> kClampValue{"clamp_value"};

/// The parameters of a task: `task`, `length`, `text`, shared with the cell race.
std::vector<ParameterSpec> taskParameters();
/// Those of training: `lr`, `batch_size`, `max_norm`.
std::vector<ParameterSpec> trainingSettings();
/// A task that cannot be made: a text with fewer than two different characters, or too many.
std::optional<Message> problemWithTask(const Parameters& parameters);
SequenceSource sourceOf(const Parameters& parameters);
/// The gate that the probe's pass holds, if any.
std::optional<HeldGate> heldGate(const Parameters& parameters);

std::vector<ParameterSpec> gatesParameters();
std::vector<RecordSpec> gatesRecords(const Parameters& parameters);
std::optional<Message> validateGates(const Parameters& parameters);
std::vector<ViewSpec> gatesViews();
std::vector<Preset> gatesPresets();

}  // namespace viva
