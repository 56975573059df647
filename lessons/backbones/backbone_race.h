// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `backbone-race` share: its parameters, and what is known of each net.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lessons/backbones/classified_images.h"
#include "lessons/backbones/small_networks.h"
#include "lessons/backbones/training_figures.h"
#include "lessons/core/experiment.h"

namespace viva {

/// A kind of block, its name in records and parameters, and its switch.
struct RacingBlock {
  BlockKind kind;
  std::string id;
  Parameter<bool> on = toggle(id + ".on", true).grouped("blocks");
};
inline const std::array<RacingBlock, 6> kRacingBlocks{
    RacingBlock{BlockKind::Plain, "plain"},         RacingBlock{BlockKind::Vgg, "vgg"},
    RacingBlock{BlockKind::Inception, "inception"}, RacingBlock{BlockKind::Residual, "residual"},
    RacingBlock{BlockKind::Dense, "dense"},         RacingBlock{BlockKind::Depthwise, "depthwise"}};
/// Those that are switched on, in this order.
std::vector<RacingBlock> racingBlocksIn(const Parameters& parameters);

inline const auto kEqual =
    choice<Equal>("equal", {{Equal::Parameters, "parameters"}, {Equal::Macs, "macs"}})
        .grouped("budget");
inline const auto kBudget =
    integer("budget", 8000).range(2000, 1'000'000).logarithmic().grouped("budget");
inline const auto kBlocks = integer("depth", 1).range(1, 4).grouped("budget");
inline const auto kRaceRate =
    real("lr", 0.05).range(1e-4, 1).logarithmic().live().grouped("training");
inline const auto kAugmentation = toggle("augmentation", false).live().grouped("training");
inline const auto kRaceEvaluateEvery =
    integer("evaluate_every", 25).range(1, 1000).logarithmic().grouped("data");

/// By how much a net's cost may miss the budget, as a share of it.
inline constexpr double kBudgetMiss = 0.15;
/// Multiply-adds for one image that a net may take: 64 images there and back are a second then.
inline constexpr std::int64_t kMostRaceMacs = 8'000'000;

struct BlockRaceState {
  std::int64_t step = 0;
  Equal equal = Equal::Parameters;
  std::vector<TrainingFigures> nets;
  const TrainingFigures* net(std::string_view id) const { return figuresOf(nets, id); }
  /// Of the nets that learned from at least one batch, by loss, the smallest first.
  std::vector<const TrainingFigures*> ranking() const;
  /// The largest over the smallest of what was not made equal.
  double costRatio() const;
};

BarsData costBars(const BlockRaceState& state);
TableData raceTable(const BlockRaceState& state);
VerdictData raceVerdict(const std::string& preset, const BlockRaceState& state);

std::unique_ptr<Experiment> makeBackboneRace(const Parameters& parameters,
                                             const RunContext& context);

}  // namespace viva
