// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `vit-vs-cnn` share: its parameters, the nets that learn side by side, and what
// its claims look at.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/core/file_or_folder.h"

namespace viva {

/// Relation: two marks far apart; are they equal?
enum class ContestData { Digits, Shapes, Relation, File };
/// Where the marks of a relation may stand: each on one of the ViT's patches, or anywhere.
enum class MarkPlaces { Aligned, Free };
/// Which nets learn side by side.
enum class Contest { Cnn, Sizes, Patches, Positions, UntunedCnn, Augmentation };
/// What stands behind the last convolution: the mean over all places, or all places in a row.
enum class CnnHead { Mean, Flatten };

/// The ids of nets in records; a data dial has three of each kind.
inline const std::string kVit = "vit", kCnn = "cnn", kNoPositions = "no-positions",
                         kUntuned = "untuned", kVitShifted = "vit-shifted",
                         kVitScratch = "vit-scratch", kCnnScratch = "cnn-scratch";
inline constexpr std::array<std::int64_t, 3> kContestPatches{2, 4, 8};

inline constexpr std::int64_t kContestSide = 16;  ///< pixels, across and down
/// By how many pixels augmentation moves an image at most, each way.
inline constexpr std::int64_t kAugmentedReach = 4;
/// Test images are moved by 0 to this many pixels.
inline constexpr std::int64_t kMostShift = 6;
/// Images drawn beside the training images, which nobody learns from.
inline constexpr std::int64_t kContestTests = 600;
/// Signs of a few strokes that nets are pre-trained to tell apart, and images of them.
inline constexpr std::int64_t kGlyphClasses = 40, kGlyphImages = 10000;

const auto kDataset = choice<ContestData>("dataset", {{ContestData::Digits, "digits"},
                                                      {ContestData::Shapes, "shapes"},
                                                      {ContestData::Relation, "relation"},
                                                      {ContestData::File, "file"}})
                          .grouped("data");
const auto kImageFile =
    fileOrFolder("image_file").grouped("data").onlyWhen(kDataset, {ContestData::File});
const auto kLabelFile = file("label_file").grouped("data").onlyWhen(kDataset, {ContestData::File});
const auto kImages = integer("images", 1000).range(20, 20000).logarithmic().grouped("data");
const auto kNoise =
    real("noise", 0.15)
        .range(0, 1)
        .stepping(0.05)
        .grouped("data")
        .onlyWhen(kDataset, {ContestData::Digits, ContestData::Shapes, ContestData::Relation});
const auto kPlaces =
    choice<MarkPlaces>("placement", {{MarkPlaces::Aligned, "aligned"}, {MarkPlaces::Free, "free"}})
        .grouped("data")
        .onlyWhen(kDataset, {ContestData::Relation});
const auto kRearranged = toggle("rearranged", false).grouped("data");

const auto kContest = choice<Contest>("compare", {{Contest::Cnn, "cnn"},
                                                  {Contest::Sizes, "sizes"},
                                                  {Contest::Patches, "patches"},
                                                  {Contest::Positions, "positions"},
                                                  {Contest::UntunedCnn, "untuned-cnn"},
                                                  {Contest::Augmentation, "augmentation"}})
                          .grouped("nets");
const auto kPatch = integer("patch", 4).range(2, 8).grouped("nets");
const auto kHead =
    choice<CnnHead>("cnn_head", {{CnnHead::Mean, "mean"}, {CnnHead::Flatten, "flatten"}})
        .grouped("nets");

const auto kVitRate = real("lr", 2e-3).range(1e-5, 0.1).logarithmic().live().grouped("training");
const auto kCnnRate =
    real("cnn.lr", 4e-3).range(1e-5, 0.1).logarithmic().live().grouped("training");
const auto kWarmup = integer("warmup", 50).range(0, 1000).live().grouped("training");
/// The updates by which the rates have come down.
const auto kAnneal =
    integer("anneal", 500).range(1, 20000).logarithmic().live().grouped("training");
const auto kBatchSize = integer("batch_size", 64).range(8, 256).logarithmic().grouped("training");
const auto kAugmented = toggle("augmentation", false).live().grouped("training");
const auto kPretrained =
    toggle("pretrained", false).grouped("training").onlyWhen(kContest, {Contest::Cnn});
const auto kPretraining =
    integer("pretraining", 600).range(1, 3000).grouped("training").onlyWhen(kPretrained);

const auto kShift = integer("shift", 2).range(0, kMostShift).grouped("test");
const auto kEvaluateEvery =
    integer("evaluate_every", 50).range(1, 1000).logarithmic().grouped("test");

/// One of the nets that learn side by side.
struct VitContestant {
  std::string id;
  bool is_vit = true;
  std::int64_t images = 0;  ///< that it learns from
  std::int64_t patch = 4;   ///< pixels, of a ViT
  bool has_positions = true;
  bool is_tuned = true;  ///< a CNN without batch norm, at a rate that is too low, is not
  bool is_augmented = false;
  bool is_pretrained = false;
};
/// Pre-training is asked for, and the nets that are compared have it.
bool isPretrained(const Parameters& parameters);
std::vector<VitContestant> vitContestantsIn(const Parameters& parameters);
/// Whether its losses are records: beside nets that are pre-trained, those from scratch wait first.
inline bool hasLoss(const VitContestant& net, bool is_beside_pretrained) {
  return !is_beside_pretrained || net.is_pretrained;
}

/// What is known of a net, as of the newest evaluation.
struct VitStanding {
  VitContestant net;
  std::int64_t parameters = 0;
  std::int64_t tokens = 0;          ///< 0: it has none
  std::int64_t macs = 0;            ///< multiply-accumulates for one image
  std::int64_t attention_macs = 0;  ///< those of the attention's two products
  std::optional<double> loss{};     ///< of the last batch, nats
  double train_accuracy = 0, accuracy = 0;
  std::vector<double> shifted{};  ///< accuracy on test images moved by 0, 1, ... pixels
  double shuffled = 0;            ///< accuracy on test images whose patches changed places
  double order_effect = 0;  ///< of a ViT without positions: the largest change of a logit by that
  /// By how much more alike the learned positions of neighbours are than those far apart, as
  /// cosines.
  std::optional<double> grid{};
  double grid_at_start = 0;
};

/// What the claims look at.
struct ContestState {
  std::int64_t step = 0;
  std::int64_t pretraining = 0;  ///< updates on glyphs in front of those on the images
  std::int64_t learned = 0;      ///< updates on the images
  std::int64_t shift = 0;        ///< pixels, of `shifted_accuracy`
  double chance = 0.1;
  ContestData data = ContestData::Digits;
  Contest contest = Contest::Cnn;
  std::vector<VitStanding> nets;
  /// Of the nets in this order, on glyphs that they did not learn from; while pre-training.
  std::vector<double> glyphs{};
  /// The test accuracies so far, one a net, by updates on the images.
  std::vector<std::pair<std::int64_t, std::vector<double>>> so_far{};

  const VitStanding* net(std::string_view id) const;
};
/// Judges the claim of `preset`, or says where things are.
VerdictData contestVerdict(const std::string& preset, const ContestState& state);

/// A patch that does not divide the image, a data dial of too few images, no file.
std::optional<Message> problemWithContest(const Parameters& parameters);

std::unique_ptr<Experiment> makeVitVsCnn(const Parameters& parameters, const RunContext& context);

}  // namespace viva
