// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `peft-race` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/fine_tuning/peft_method.h"

namespace viva {

/// What the base is asked to learn behind the new token.
enum class TaskShift { Known, NewRouting };
/// In what contenders of one method differ.
enum class PeftRival { None, Rank, Replay };

const auto kTaskShift =
    choice<TaskShift>("shift",
                      {{TaskShift::Known, "known"}, {TaskShift::NewRouting, "new-routing"}},
                      TaskShift::NewRouting)
        .grouped("task");
/// Updates on the four old tasks before the race.
const auto kBaseUpdates = integer("pretraining", 350).range(1, 2000).grouped("task");
const auto kPeftCompare = choice<PeftRival>("compare", {{PeftRival::None, "none"},
                                                        {PeftRival::Rank, "rank"},
                                                        {PeftRival::Replay, "replay"}})
                              .grouped("task");

const auto kPeftRank = integer("rank", 4).range(1, 128).logarithmic().grouped("adapters");
/// B A is multiplied by alpha / rank.
const auto kPeftAlpha = real("alpha", 16).range(0.1, 128).logarithmic().grouped("adapters");
const auto kPromptLength =
    integer("prompt_length", 8).range(1, 64).logarithmic().grouped("adapters");
/// AdaLoRA: how many ranks all matrices have together in the end.
const auto kRankBudget = integer("budget", 24).range(1, 512).logarithmic().grouped("adapters");

const auto kPeftRate = real("lr", 5e-3).range(1e-6, 0.1).logarithmic().live().grouped("training");
/// The update after which the rate is 0.3 of it, and AdaLoRA's budget is reached.
const auto kPeftLowerAfter = integer("lower_after", 400).range(3, 5000).grouped("training");
const auto kReplay = real("replay", 0).range(0, 0.9).stepping(0.05).grouped("training");
const auto kPeftBatch =
    integer("batch_size", 32).range(2, 256).logarithmic().live().grouped("training");

const auto kPeftProbe = integer("sequence", 0).range(0, 63).live().grouped("display");
const auto kPeftEvaluateEvery = integer("evaluate_every", 20).range(1, 500).grouped("display");

/// `lora.on` and so on.
Parameter<bool> peftSwitch(const NamedMethod& method);
/// Who takes part, in the order of the records.
std::vector<Contender> contendersIn(const Parameters& parameters);
/// How many old sequences a batch has for this contender.
std::int64_t replayedRows(const Contender& contender, std::int64_t batch);

inline const std::string kReplayEnding = "-replay";
/// From here on a task is known.
inline constexpr double kTaskKnown = 0.95;

struct PeftStanding {
  Contender contender;
  double loss = 0;          ///< of the last batch, before its update
  double accuracy = 0;      ///< of digits of new sequences of the new task
  double old_accuracy = 0;  ///< the same of the old tasks, behind their own tokens
  std::int64_t trained = 0, kept = 0, bytes = 0;
  std::optional<std::int64_t> reached_at{};  ///< the update by which the new task was known
};

/// What the claims look at.
struct PeftState {
  std::int64_t step = 0;
  TaskShift shift = TaskShift::NewRouting;
  double base_old = 0, base_new = 0;  ///< of the base, before and without any fine-tuning
  /// How far the logits of the net without its adapters are from those of the base; of those whose
  /// base is stored as it is. Unset: nobody has an adapter.
  std::optional<double> off_difference{};
  std::vector<PeftStanding> standings{};

  const PeftStanding* find(std::string_view id) const;
};
VerdictData peftVerdict(const std::string& preset, const PeftState& state);

/// A rank above the width, a budget above the ranks, a prompt longer than the context, nobody.
std::optional<Message> problemWithPeft(const Parameters& parameters);

std::unique_ptr<Experiment> makePeftRace(const Parameters& parameters, const RunContext& context);

}  // namespace viva
