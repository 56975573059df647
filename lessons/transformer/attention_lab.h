// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `attention-lab` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/position_kind.h"
#include "lessons/transformer/attention_task_kind.h"
#include "lessons/transformer/learning_progress.h"

namespace viva {

/// What may be seen: what the task says, everything, or what came before.
enum class LabMask { Task, None, Causal };
/// A second net that learns from the same batches and differs in one thing.
enum class LabRival { NoPositions, NoScale, OtherNorm, None };

const auto kLabTask = choice<AttentionTaskKind>("task", {{AttentionTaskKind::Reverse, "reverse"},
                                                         {AttentionTaskKind::Sort, "sort"},
                                                         {AttentionTaskKind::Copy, "copy"},
                                                         {AttentionTaskKind::Addition, "addition"},
                                                         {AttentionTaskKind::Shift, "shift"},
                                                         {AttentionTaskKind::Recent, "recent"},
                                                         {AttentionTaskKind::Max, "max"}})
                          .grouped("task");
const auto kLabLength = integer("length", 16).range(2, 40).grouped("task");
const auto kLayers = integer("layers", 1).range(1, 6).grouped("net");
const auto kHeads = integer("heads", 1).range(1, 8).grouped("net");
const auto kWidth = integer("width", 32).range(4, 128).logarithmic().grouped("net");
const auto kPositions = choice<PositionKind>("positions",
                                             {{PositionKind::None, "none"},
                                              {PositionKind::Sinusoidal, "sinusoidal"},
                                              {PositionKind::Learned, "learned"},
                                              {PositionKind::Rope, "rope"},
                                              {PositionKind::Alibi, "alibi"}},
                                             PositionKind::Learned)
                            .live()
                            .grouped("net");
const auto kScaleOn = toggle("scale", true).live().grouped("net");
const auto kMask =
    choice<LabMask>("mask",
                    {{LabMask::Task, "task"}, {LabMask::None, "none"}, {LabMask::Causal, "causal"}})
        .live()
        .grouped("net");
const auto kNorm =
    choice<NormOrder>("norm", {{NormOrder::Pre, "pre"}, {NormOrder::Post, "post"}}).grouped("net");
const auto kRival = choice<LabRival>("rival", {{LabRival::NoPositions, "no-positions"},
                                               {LabRival::NoScale, "no-scale"},
                                               {LabRival::OtherNorm, "other-norm"},
                                               {LabRival::None, "none"}})
                        .grouped("net");
const auto kLabRate = real("lr", 1e-3).range(1e-5, 1).logarithmic().live().grouped("training");
const auto kLabWarmup = integer("warmup", 0).range(0, 2000).grouped("training");
const auto kLabBatchSize =
    integer("batch_size", 64).range(1, 256).logarithmic().live().grouped("training");
const auto kLabEvaluateEvery =
    integer("evaluate_every", 5).range(1, 100).logarithmic().grouped("training");
const auto kLabProbe = text("probe", "").live().grouped("probe");
const auto kAblate = text("ablate", "").live().grouped("probe");
const auto kShownHead = integer("head", 0).range(0, 47).live().grouped("probe");
const auto kQuery = integer("query", 0).range(0, 255).live().grouped("probe");
const auto kKey = integer("key", 15).range(0, 255).live().grouped("probe");
const auto kComponent = integer("component", 0).range(0, 127).live().grouped("probe");

/// `no-positions`, or `post` where that is what the rival's norm is: the name of its records.
/// Empty: there is none.
std::string rivalName(const Parameters& parameters);
/// Sequences that are too long, a width that heads cannot share, a probe that cannot be read.
std::optional<Message> problemWithProbeTokens(const Parameters& parameters);

/// One head, measured on sequences that nobody learned from.
struct HeadFigures {
  double alignment = 0;  ///< mean attention on the position that holds the answer; NaN: none does
  double entropy = 0;    ///< of its rows, mean, in nats
  double without = 0;    ///< the net's accuracy when this head says nothing
};

/// One net, on the same sequences.
struct NetFigures {
  double entropy = 0;  ///< mean over its heads
  /// The largest change of a logit when the tokens change places, each compared at its new place.
  double order_effect = 0;
};

struct LabVariant {
  LearningProgress progress{};
  NetFigures figures{};
  double entropy_at_start = 0;
};

/// What the claims look at.
struct LabState {
  std::int64_t step = 0;
  std::int64_t length = 1;  ///< of the evaluated sequences, in tokens
  std::int64_t heads = 1;   ///< of a layer
  bool has_alignment = false;
  std::vector<HeadFigures> figures;  ///< a head each, layer by layer
  double accuracy_long = 0;
  double without_all = 0;  ///< the accuracy when no head says anything
  /// The first evaluation at which a head had half of its attention on the answer's position.
  std::optional<std::int64_t> formed_at{};
  double alignment_at_start = 0;  ///< the largest of a head
  LabVariant own{};
  std::optional<LabVariant> rival{};
  std::string rival_name{};

  /// The head with the largest alignment.
  std::size_t best() const;
};
/// Judges the claim of `preset`, or says how far the net is.
VerdictData labVerdict(const std::string& preset, const LabState& state);

std::unique_ptr<Experiment> makeAttentionLab(const Parameters& parameters,
                                             const RunContext& context);

}  // namespace viva
