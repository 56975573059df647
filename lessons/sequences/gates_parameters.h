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

inline constexpr Parameter<SequenceTask> kTask{"task"};
inline constexpr Parameter<std::int64_t> kLength{"length"};
inline constexpr Parameter<Text> kText{"text"};
inline constexpr Parameter<CellKind> kCell{"cell"};
inline constexpr Parameter<std::int64_t> kHidden{"hidden"};
inline constexpr Parameter<double> kForgetBias{"forget_bias"};
inline constexpr Parameter<bool> kCompare{"compare"};
inline constexpr Parameter<double> kLearningRate{"lr"};
inline constexpr Parameter<std::int64_t> kBatchSize{"batch_size"};
inline constexpr Parameter<double> kMaxNorm{"max_norm"};
inline constexpr Parameter<Text> kProbe{"probe"};
inline constexpr Parameter<std::int64_t> kUnit{"unit"};
inline constexpr Parameter<std::int64_t> kTime{"time"};
inline constexpr Parameter<Clamp> kClamp{"clamp"};
inline constexpr Parameter<double> kClampValue{"clamp_value"};

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
