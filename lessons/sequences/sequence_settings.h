// SPDX-License-Identifier: GPL-3.0-or-later
// The parameters that `lstm-gates` and `cell-race` share: the task, and how its nets learn.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/data/sequence_kinds.h"

namespace viva {

class SequenceSource;

const auto kTask = choice<SequenceTask>("task", {{SequenceTask::Adding, "adding"},
                                                 {SequenceTask::Copy, "copy"},
                                                 {SequenceTask::Brackets, "brackets"},
                                                 {SequenceTask::Text, "text"},
                                                 {SequenceTask::Timing, "timing"}})
                       .grouped("task");
const auto kLength = integer("length", 50).range(4, 400).logarithmic().grouped("task");
/// Shakespeare, Hamlet, act 3 scene 1.
const auto kText =
    text("text",
         "to be, or not to be, that is the question: whether tis nobler in the mind to suffer ")
        .grouped("task")
        .onlyWhen(kTask, {SequenceTask::Text});
const auto kHidden = integer("hidden", 32).range(1, 128).logarithmic().grouped("net");
const auto kLearningRate = real("lr", 0.03).range(1e-5, 1).logarithmic().live().grouped("training");
const auto kBatchSize =
    integer("batch_size", 32).range(1, 256).logarithmic().live().grouped("training");
const auto kMaxNorm = real("max_norm", 1).range(0, 100).stepping(0.1).live().grouped("training");

/// A task that cannot be made: a text with fewer than two different characters, or too many.
std::optional<Message> problemWithTask(const Parameters& parameters);
SequenceSource sourceOf(const Parameters& parameters);

}  // namespace viva
