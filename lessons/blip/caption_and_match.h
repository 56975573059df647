// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `caption-and-match` share: its parameters, and what its claims look at.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// New pictures with true captions at every update, or a number of pairs of which some are wrong.
enum class CaptionSource { Fresh, Web };
/// Who learns: one net; or three, from pairs as they are, filtered, and all right; or three, from
/// filtered pairs without and with the captions that a net wrote, and from pairs as they are.
enum class CapFilt { Off, Filter, Captions };

/// The ids of the nets in records.
inline const std::string kOneNet = "net", kNoisyPairs = "noisy", kFilteredPairs = "filtered",
                         kCleanPairs = "clean", kSyntheticPairs = "synthetic";

const auto kCaptionSource =
    choice<CaptionSource>("pairs", {{CaptionSource::Fresh, "fresh"}, {CaptionSource::Web, "web"}})
        .grouped("pairs");
const auto kWebNoise = real("noise", 0.4)
                           .range(0, 0.8)
                           .grouped("pairs")
                           .onlyWhen(kCaptionSource, {CaptionSource::Web});
const auto kWebPictures = integer("web_pictures", 1500)
                              .range(200, 5000)
                              .logarithmic()
                              .grouped("pairs")
                              .onlyWhen(kCaptionSource, {CaptionSource::Web});
const auto kCapFilt = choice<CapFilt>("capfilt", {{CapFilt::Off, "off"},
                                                  {CapFilt::Filter, "filter"},
                                                  {CapFilt::Captions, "captions"}})
                          .grouped("pairs")
                          .onlyWhen(kCaptionSource, {CaptionSource::Web});
/// Updates of the net that filters, before the others begin.
const auto kFilterUpdates = integer("filter_updates", 350)
                                .range(1, 5000)
                                .logarithmic()
                                .grouped("pairs")
                                .onlyWhen(kCaptionSource, {CaptionSource::Web});

const auto kLearnsContrast = toggle("itc", true).grouped("objectives");
const auto kLearnsMatching = toggle("itm", true).grouped("objectives");
const auto kLearnsCaptions = toggle("lm", true).grouped("objectives");
/// The update after which negatives of matching are drawn by their similarity.
const auto kHardAfter = integer("hard_after", 120).range(0, 100000).grouped("objectives");

const auto kCaptionBatch =
    integer("batch_size", 32).range(2, 128).logarithmic().grouped("training");
const auto kCaptionRate =
    real("lr", 2e-3).range(1e-5, 0.1).logarithmic().live().grouped("training");
/// The update after which the rate is 0.3 of it.
const auto kCaptionLowerAfter =
    integer("lower_after", 260).range(0, 100000).live().grouped("training");

const auto kCaptionQuery = text("query", "").live().grouped("probe");
const auto kCaptionPicture = integer("picture", 0).range(0, 5).live().grouped("probe");
const auto kCaptionNet = integer("net", 0).range(0, 2).live().grouped("probe");

const auto kCaptionEvaluateEvery = integer("evaluate_every", 20).range(1, 500).grouped("display");

/// The ids of the nets that learn side by side; kOneNet where there is nothing to compare.
std::vector<std::string> captionNetsOf(const Parameters& parameters);
bool isCapFilt(const Parameters& parameters);

/// What can be changed in a caption: the words in their order.
inline constexpr std::size_t kWordPlaces = 5;
inline const std::array<std::string, kWordPlaces> kPlaceIds{"size", "colour", "shape", "row",
                                                            "column"};

/// What new pictures say of captions with one word changed, in means over the pictures.
struct ChangedWord {
  double cosine = 0;   ///< of contrast, as a share of the true caption's
  double match = 0;    ///< the probability that matching gives it
  double dropped = 0;  ///< of the true captions that matching accepts, how often not this one
  double right = 0;    ///< of the captions that the net writes, how often this word is right
  double relevance = 0, writing = 0, matching = 0;  ///< the shares of WordLooks on the shape
};

/// How a net does; on 160 new pictures, one a caption.
struct CaptionStanding {
  std::string id;
  double itc_loss = 0, itm_loss = 0, lm_loss = 0;  ///< of the last batch, before its update
  double recall_at_1 = 0;    ///< the true caption has the largest cosine of all 160
  double caption_exact = 0;  ///< all five words that it writes are right
  double accepted = 0,
         random_accepted = 0;            ///< by matching: true captions, those of other pictures
  double match = 0, random_match = 0;    ///< the mean probabilities
  double cosine = 0, random_cosine = 0;  ///< of the true caption; of another as a share of it
  std::array<ChangedWord, kWordPlaces> words{};

  double itmAccuracy() const { return (accepted + 1 - random_accepted) / 2; }
};

/// What the filter made of pairs from the web.
struct FilterStanding {
  double precision = 0, recall = 0;  ///< of what it keeps; of what is right
  double base = 0;                   ///< the share of right captions before
  double synthetic_right = 0;        ///< of the captions that were written
  double wrong_web_kept = 0;         ///< the share of wrong captions from the web that it keeps
  double one_wrong_kept = 0;         ///< of written ones with one wrong word
};

/// What the claims look at.
struct CaptionState {
  std::int64_t step = 0;
  std::vector<CaptionStanding> nets;
  double area = 0;  ///< the share of a picture's cells that its shape is on, in the mean
  /// ChangedWord::relevance of the first net before any update.
  std::array<double, kWordPlaces> first_relevance{};
  std::optional<FilterStanding> filter{};
  /// The mean matching loss of the twenty updates before negatives became hard, and of the
  /// twenty after the first ten with them.
  std::optional<double> easy_itm_loss{}, hard_itm_loss{};

  const CaptionStanding& own() const { return nets.front(); }
  double meanRelevance() const;       ///< of the first net, over the five words
  double firstMeanRelevance() const;  ///< the same before any update
  /// How many times the loss that it was before hard negatives the matching loss is with them.
  std::optional<double> itmJump() const;
  const CaptionStanding* find(std::string_view id) const;
};
VerdictData captionVerdict(const std::string& preset, const CaptionState& state);

/// Nothing to learn; a query that cannot be read.
std::optional<Message> problemWithCaptions(const Parameters& parameters);

std::unique_ptr<Experiment> makeCaptionAndMatch(const Parameters& parameters,
                                                const RunContext& context);

}  // namespace viva
