// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fine_tuning/digit_tasks.h"

#include <array>
#include <utility>

#include "lessons/nn/transformer.h"

namespace viva {
namespace {

TaskBatch behind(const torch::Tensor& task_tokens, const torch::Tensor& digits,
                 const torch::Tensor& answers) {
  return {torch::cat({task_tokens.unsqueeze(1), digits}, 1),
          torch::cat({torch::full_like(task_tokens, kIgnored).unsqueeze(1), answers}, 1)};
}

torch::Tensor drawDigits(std::int64_t batch, const at::Generator& generator) {
  return torch::randint(kTaskDigits, {batch, kTaskLength}, generator, torch::kLong);
}

}  // namespace

torch::Tensor answerOf(DigitTask task, const torch::Tensor& digits) {
  switch (task) {
    case DigitTask::Reverse:
      return digits.flip(1);
    case DigitTask::Copy:
      return digits;
    case DigitTask::RotateOne:
      return digits.roll(1, 1);
    case DigitTask::PlusOne:
      return (digits + 1).remainder(kTaskDigits);
    case DigitTask::RotateTwo:
      return digits.roll(2, 1);
  }
  return digits;
}

TaskBatch drawOldTasks(std::int64_t batch, at::Generator generator) {
  const auto digits = drawDigits(batch, generator);
  const auto task = torch::arange(batch, torch::kLong).remainder(kOldTasks);
  auto answers = digits;
  for (std::int64_t old = 0; old < kOldTasks; ++old)
    answers = torch::where((task == old).unsqueeze(1),
                           answerOf(static_cast<DigitTask>(old), digits), answers);
  return behind(task + kTaskDigits, digits, answers);
}

TaskBatch drawNewTask(DigitTask task, std::int64_t batch, std::int64_t replayed,
                      at::Generator generator) {
  const auto digits = drawDigits(batch - replayed, generator);
  auto drawn = behind(torch::full({batch - replayed}, kNewTaskToken, torch::kLong), digits,
                      answerOf(task, digits));
  if (replayed == 0) return drawn;
  const auto old = drawOldTasks(replayed, std::move(generator));
  return {torch::cat({old.tokens, drawn.tokens}), torch::cat({old.targets, drawn.targets})};
}

std::string digitTaskTokenName(std::int64_t token) {
  static const std::array<std::string, kOldTasks + 1> kNames{"reverse", "copy", "rotate-1",
                                                             "plus-1", "new"};
  if (token < kTaskDigits) return std::to_string(token);
  return kNames.at(static_cast<std::size_t>(token - kTaskDigits));
}

}  // namespace viva
