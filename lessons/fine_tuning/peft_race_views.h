// SPDX-License-Identifier: GPL-3.0-or-later
// What `peft-race` shows, and what it compares with an independent way.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/fine_tuning/digit_tasks.h"
#include "lessons/fine_tuning/peft_race.h"
#include "lessons/fine_tuning/pretrained_base.h"
#include "lessons/fine_tuning/tuning_team.h"

namespace viva {

using TuningTeams = std::vector<std::unique_ptr<TuningTeam>>;

void showPeftLevels(Frame& frame, const PeftState& state);
void showPeftStandings(Frame& frame, const PeftState& state);
void showPeftTrade(Frame& frame, const PeftState& state);
/// One new sequence: what is asked, and what each makes of it.
void showPeftAnswers(Frame& frame, const TuningTeams& teams, const TaskBatch& fresh,
                     std::int64_t sequence);
/// How AdaLoRA's budget is spread.
void showRanksLeft(Frame& frame, const TuningTeams& teams);

/// The largest distance between logits of `tokens` by the base and by the frozen nets of the teams,
/// of those who store the base as it is; none where nobody has an adapter.
std::optional<double> differenceWithout(const TuningTeams& teams, const PretrainedBase& base,
                                        const torch::Tensor& tokens);
void checkPeft(const TuningTeams& teams, const PretrainedBase& base, const torch::Tensor& tokens,
               CheckSink& sink);

}  // namespace viva
