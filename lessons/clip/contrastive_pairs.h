// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `contrastive-pairs` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

enum class PairScene { OneShape, TwoShapes };
enum class PairCaptions { Distinct, Repeated };
enum class PairTemperature { Learned, Fixed };
/// In what the nets differ that learn side by side.
enum class PairRival { None, BatchSize, Temperature, WordOrder, Captions };

/// The ids of the nets in records.
inline const std::string kOnePair = "one", kFewPairs = "few", kFullBatch = "full",
                         kLearnedScale = "learned", kScaleOne = "scale-1",
                         kScaleHundred = "scale-100", kWithOrder = "transformer", kBag = "bag",
                         kDistinctPairs = "distinct", kRepeatedPairs = "repeated",
                         kFewerPairs = "fewer";

const auto kPairScene =
    choice<PairScene>("scene",
                      {{PairScene::OneShape, "one-shape"}, {PairScene::TwoShapes, "two-shapes"}},
                      PairScene::TwoShapes)
        .grouped("pairs");
/// Combinations of a colour and a shape that no caption of the training has.
const auto kPairHeldOut = integer("held_out", 4).range(0, 4).grouped("pairs");
const auto kPairCaptions = choice<PairCaptions>("captions", {{PairCaptions::Distinct, "distinct"},
                                                             {PairCaptions::Repeated, "repeated"}})
                               .grouped("pairs");
/// How often a caption stands in a batch of the net with repeated captions.
const auto kPairRepeats = integer("repeats", 4).range(2, 64).logarithmic().grouped("pairs");
const auto kPairCompare = choice<PairRival>("compare",
                                            {{PairRival::None, "none"},
                                             {PairRival::BatchSize, "batch-size"},
                                             {PairRival::Temperature, "temperature"},
                                             {PairRival::WordOrder, "word-order"},
                                             {PairRival::Captions, "captions"}},
                                            PairRival::WordOrder)
                              .grouped("pairs");

const auto kPairBatch = integer("batch_size", 64).range(1, 128).logarithmic().grouped("training");
const auto kPairRate = real("lr", 2e-3).range(1e-5, 0.1).logarithmic().live().grouped("training");
/// The update after which the rate is 0.3 of it.
const auto kPairLowerAfter = integer("lower_after", 240).range(0, 5000).live().grouped("training");
const auto kPairTemperature =
    choice<PairTemperature>(
        "temperature", {{PairTemperature::Learned, "learned"}, {PairTemperature::Fixed, "fixed"}})
        .grouped("training");
/// Cosines are divided by it.
const auto kPairTau = real("tau", 0.07)
                          .range(0.005, 2)
                          .logarithmic()
                          .grouped("training")
                          .onlyWhen(kPairTemperature, {PairTemperature::Fixed});

const auto kPairQuery = text("query", "").live().grouped("probe");
const auto kPairPicture = integer("picture", 0).range(0, 11).live().grouped("probe");
const auto kPairNet = integer("net", 0).range(0, 2).live().grouped("probe");

const auto kPairEvaluateEvery = integer("evaluate_every", 10).range(1, 500).grouped("display");

/// What one net learns by.
struct PairSetting {
  std::string id{};  ///< in records; empty where there is nothing to compare with
  std::int64_t pairs = 64, repeats = 1;
  std::optional<double> fixed_scale{};  ///< unset: learned
  bool knows_order = true;
};
/// The net as it is set, first; then those that it is compared with.
std::vector<PairSetting> pairSettingsOf(const Parameters& parameters);

/// Two cosines that are nearer than this are equal: the same sum in another order differs by 2e-7.
inline constexpr double kEqualCosines = 1e-5;
/// The loss that has left ln N, as a share of it; and from where on what is asked is known.
inline constexpr double kHasLeft = 0.9, kColoursKnown = 0.95, kOrderKnown = 0.75;

/// How a net does. What a run does not measure is absent.
struct PairStanding {
  PairSetting setting;
  double loss = 0;          ///< of the last batch, before its update
  double chance = 0;        ///< ln of its pairs
  double floor = 0;         ///< the lowest loss that its batches allow
  double batch_recall = 0;  ///< of the last batch: the share of pictures nearest to their caption
  double moved = 0;         ///< the largest change of a weight since the beginning
  double scale = 1;         ///< what cosines are multiplied by
  double recall_at_1 = 0;   ///< of 64 new pairs, both directions
  double zero_shot = 0;     ///< right captions among all, of new pictures of what was learned
  std::optional<double> held_out{};  ///< the same of combinations that were held out
  double gap = 0, first_gap = 0;     ///< between the means of both clouds; before training
  /// One shape: right colours and shapes by a word alone, and by the mean of captions with it.
  std::optional<double> colour_by_word{}, shape_by_word{}, colour_by_mean{}, shape_by_mean{};
  /// Two shapes: how often the true caption beats one with a wrong colour, one with both objects
  /// exchanged; a tie counts half.
  std::optional<double> colour_accuracy{}, order_accuracy{};
  std::optional<std::int64_t> left_at{}, colours_at{}, order_at{};  ///< updates until it was so
};

/// What the claims look at.
struct PairState {
  std::int64_t step = 0;
  std::vector<PairStanding> standings;  ///< in the order of the settings
  std::int64_t captions = 160;          ///< that a picture is told apart from

  const PairStanding& own() const { return standings.front(); }
  const PairStanding* find(std::string_view id) const;
};
VerdictData pairVerdict(const std::string& preset, const PairState& state);

/// A query that cannot be read, more repeats than pairs.
std::optional<Message> problemWithPairs(const Parameters& parameters);

std::unique_ptr<Experiment> makeContrastivePairs(const Parameters& parameters,
                                                 const RunContext& context);

}  // namespace viva
