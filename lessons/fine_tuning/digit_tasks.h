// SPDX-License-Identifier: GPL-3.0-or-later
// Sequences of digits behind a token that says what is to be done with them.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace viva {

/// The first four are what the base is pre-trained on; RotateTwo moves digits in a way that it has
/// never seen.
enum class DigitTask { Reverse, Copy, RotateOne, PlusOne, RotateTwo };

inline constexpr std::int64_t kTaskDigits = 10, kTaskLength = 8, kOldTasks = 4;
/// Behind the digits: a token an old task, and the one of the task that is learned afterwards.
inline constexpr std::int64_t kNewTaskToken = kTaskDigits + kOldTasks;
inline constexpr std::int64_t kTaskVocabulary = kNewTaskToken + 1;
/// A task token and the digits.
inline constexpr std::int64_t kTaskContext = kTaskLength + 1;

/// What `task` makes of digits [batch, length].
torch::Tensor answerOf(DigitTask task, const torch::Tensor& digits);

struct TaskBatch {
  torch::Tensor tokens;   ///< [batch, 9], int64: the task token, then digits
  torch::Tensor targets;  ///< [batch, 9], int64: kIgnored at the task token
};
/// Each row has the next of the old tasks, behind its own token.
TaskBatch drawOldTasks(std::int64_t batch, at::Generator generator);
/// `task` behind the new token; the first `replayed` rows are of old tasks.
TaskBatch drawNewTask(DigitTask task, std::int64_t batch, std::int64_t replayed,
                      at::Generator generator);

/// `7` of a digit, `reverse` of a task token, `new` of the new one.
std::string digitTaskTokenName(std::int64_t token);

}  // namespace viva
