// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `induction-heads` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/position_kind.h"

namespace viva {

inline constexpr std::int64_t kInductionLayers = 2;

inline const auto kStringLength = integer("length", 32).range(16, 64).stepping(4).grouped("data");
inline const auto kStringVocabulary = integer("vocabulary", 24).range(4, 26).grouped("data");
inline const auto kInductionHeads = integer("heads", 1).range(1, 4).grouped("net");
inline const auto kInductionPositions =
    choice<PositionKind>("positions", {{PositionKind::Alibi, "alibi"},
                                       {PositionKind::Rope, "rope"},
                                       {PositionKind::Learned, "learned"}})
        .grouped("net");
inline const auto kOneLayer = toggle("one_layer", true).grouped("net");
inline const auto kInductionRate =
    real("lr", 0.003).range(1e-5, 0.1).logarithmic().live().grouped("training");
inline const auto kInductionWarmup =
    integer("warmup", 50).range(0, 1000).live().grouped("training");
inline const auto kInductionBatch =
    integer("batch_size", 32).range(1, 128).logarithmic().live().grouped("training");
inline const auto kInductionAblate = text("ablate", "").live().grouped("probe");
inline const auto kInductionLayer =
    integer("layer", 1).range(0, kInductionLayers - 1).live().grouped("probe");
inline const auto kInductionHead = integer("head", 0).range(0, 3).live().grouped("probe");

/// What an evaluation finds on strings that are not trained on.
struct HeadReport {
  std::string head;  ///< `1.0`
  double prefix_matching = 0, previous_token = 0;
  double without = 0;  ///< the accuracy when this head's output is 0
};
struct InductionReport {
  std::int64_t step = 0;
  double accuracy = 0, first_half = 0, second_half = 0;
  std::vector<HeadReport> heads{};
  std::optional<double> one_layer{};  ///< the accuracy of the net of one layer beside it
  /// The best of the last layer, which is where an induction head can be.
  double prefixMatching() const;
};

/// What the claims look at: all evaluations so far.
struct InductionState {
  std::int64_t step = 0, vocabulary = 2;
  std::vector<InductionReport> reports{};
  /// The first evaluation that finds a prefix-matching score of a half.
  const InductionReport* jump() const;
  /// The one 50 updates before the jump, or the first.
  const InductionReport& beforeJump() const;
};
VerdictData inductionVerdict(const std::string& preset, const InductionState& state);

std::unique_ptr<Experiment> makeInductionHeads(const Parameters& parameters,
                                               const RunContext& context);

}  // namespace viva
