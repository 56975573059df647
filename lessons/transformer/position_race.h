// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `position-race` share: its parameters, and who takes part.
#pragma once

#include <array>
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

struct Encoding {
  PositionKind kind;
  const char* id;  ///< of its records and curves
};
inline constexpr std::array<Encoding, 5> kEncodings{{{PositionKind::None, "none"},
                                                     {PositionKind::Sinusoidal, "sinusoidal"},
                                                     {PositionKind::Learned, "learned"},
                                                     {PositionKind::Rope, "rope"},
                                                     {PositionKind::Alibi, "alibi"}}};

const auto kEncodingTask = choice<AttentionTaskKind>("task", {{AttentionTaskKind::Shift, "shift"},
                                                              {AttentionTaskKind::Recent, "recent"},
                                                              {AttentionTaskKind::Max, "max"}})
                               .grouped("task");
/// Batches have one length each, from half of this to this.
const auto kEncodingLength = integer("length", 16).range(4, 40).grouped("task");
const auto kTestedLength = integer("tested", 40).range(4, 80).grouped("task");
const auto kEncodingHeads = integer("heads", 4).range(1, 8).grouped("net");
const auto kEncodingWidth = integer("width", 32).range(4, 128).logarithmic().grouped("net");
const auto kEncodingRate = real("lr", 3e-3).range(1e-5, 1).logarithmic().live().grouped("training");
const auto kEncodingWarmup = integer("warmup", 30).range(0, 1000).grouped("training");
/// The rate is cut to a fifth then.
const auto kDropAfter =
    integer("drop_after", 240).range(1, 100000).logarithmic().grouped("training");
const auto kEncodingBatchSize =
    integer("batch_size", 64).range(1, 256).logarithmic().live().grouped("training");
const auto kEncodingEvaluateEvery =
    integer("evaluate_every", 20).range(1, 100).logarithmic().grouped("training");

struct EncodingStanding {
  Encoding encoding;
  std::int64_t parameters = 0;
  LearningProgress progress{};
  double accuracy_long = 0;         ///< at the tested length, at the newest evaluation
  std::vector<double> by_position;  ///< the same, a position each
};

/// What the claims look at.
struct PositionRaceState {
  std::int64_t step = 0, length = 16, tested = 40;
  std::vector<EncodingStanding> standings;  ///< in the order of kEncodings

  const EncodingStanding& of(PositionKind kind) const;
  const EncodingStanding& best() const;  ///< at the tested length
};
VerdictData positionRaceVerdict(const std::string& preset, const PositionRaceState& state);

std::unique_ptr<Experiment> makePositionRace(const Parameters& parameters,
                                             const RunContext& context);

}  // namespace viva
