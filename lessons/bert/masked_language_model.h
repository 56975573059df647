// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `masked-language-model` share: its parameters, and what its claims look at.
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

namespace viva {

enum class MaskedTextKind { Grammar, English, Chinese, File };
/// In what the nets that learn side by side differ.
enum class Compared { Attention, Replacement, MaskRate, FewLabels };
/// What a chosen word is replaced by. EightyTenTen: in 80 of 100 cases by [MASK], in 10 by any
/// word, in 10 it stays (arXiv 1810.04805, section 3.1).
enum class Replacement { MaskOnly, EightyTenTen };

/// The ids of the nets, and of the ways of writing and learning, in records.
inline const std::string kCausal = "causal", kBidirectional = "bidirectional",
                         kLaidOut = "laid-out", kGibbs = "gibbs", kMaskOnly = "mask-only",
                         kEightyTenTen = "80-10-10", kPretrained = "pretrained",
                         kScratch = "scratch";

const auto kText = choice<MaskedTextKind>("text", {{MaskedTextKind::Grammar, "grammar"},
                                                   {MaskedTextKind::English, "english"},
                                                   {MaskedTextKind::Chinese, "chinese"},
                                                   {MaskedTextKind::File, "file"}})
                       .grouped("task");
const auto kDataFile = file("data_file").grouped("task").onlyWhen(kText, {MaskedTextKind::File});
const auto kCompare = choice<Compared>("compare", {{Compared::Attention, "attention"},
                                                   {Compared::Replacement, "replacement"},
                                                   {Compared::MaskRate, "mask-rate"},
                                                   {Compared::FewLabels, "few-labels"}})
                          .grouped("task");
const auto kMaskRate =
    real("mask_rate", 0.2)
        .range(0.01, 0.95)
        .stepping(0.01)
        .grouped("task")
        .onlyWhen(kCompare, {Compared::Attention, Compared::Replacement, Compared::FewLabels});
const auto kReplacement =
    choice<Replacement>("replacement", {{Replacement::MaskOnly, "mask-only"},
                                        {Replacement::EightyTenTen, "80-10-10"}})
        .grouped("task")
        .onlyWhen(kCompare, {Compared::Attention, Compared::MaskRate, Compared::FewLabels});
const auto kLabels = integer("labels", 20)
                         .range(2, 500)
                         .logarithmic()
                         .grouped("task")
                         .onlyWhen(kCompare, {Compared::FewLabels});
/// Updates on blanks before the first update on labels.
const auto kPretraining = integer("pretraining", 550)
                              .range(1, 2000)
                              .grouped("task")
                              .onlyWhen(kCompare, {Compared::FewLabels});

const auto kLayers = integer("layers", 2).range(1, 4).grouped("net");
const auto kHeads = integer("heads", 4).range(1, 8).grouped("net");
const auto kWidth = integer("width", 48).range(8, 96).stepping(8).grouped("net");

const auto kRate = real("lr", 2e-3).range(1e-5, 0.1).logarithmic().live().grouped("training");
/// The update after which the rate is 0.3 of it.
const auto kLowerAfter = integer("lower_after", 330).range(0, 5000).live().grouped("training");
const auto kBatchSize =
    integer("batch_size", 64).range(1, 256).logarithmic().live().grouped("training");

const auto kProbe = text("probe", "").live().grouped("probe");
const auto kMasked = text("masked", "").range(0, 31).live().grouped("probe");
const auto kNet = integer("net", 1).range(0, 2).live().grouped("probe");
const auto kLayer = integer("layer", 1).range(0, 3).live().grouped("probe");
const auto kHead = integer("head", 0).range(0, 7).live().grouped("probe");

const auto kEvaluateEvery = integer("evaluate_every", 20).range(1, 500).grouped("display");
/// Whether both nets write sentences each time they are judged.
const auto kWrite =
    toggle("write", false).grouped("display").onlyWhen(kCompare, {Compared::Attention});
const auto kSweeps = integer("sweeps", 5).range(1, 20).grouped("display").onlyWhen(kWrite);

/// The nets of a run by the ids of their records, in the order of the copies.
std::vector<std::string> netsIn(const Parameters& parameters);
/// The shares that are masked where it is these that are compared, the order of netsIn().
inline constexpr std::array kComparedRates{0.05, 0.4, 0.9};

/// Guessing at an opening bracket or at the number of a noun: (1/3 + 1/2) / 2.
inline constexpr double kChanceOnTheRight = 5.0 / 12;
/// Updates on labels between two looks at the test sentences.
inline constexpr std::int64_t kJudgeLabelsEvery = 10;

/// From here on a net knows what the grammar decides.
inline constexpr double kKnown = 0.97;

/// How a net does on sentences that it has not learned from. What a run does not measure is absent.
struct NetStanding {
  std::string id;
  double loss = 0;             ///< of the last batch
  double validation_loss = 0;  ///< of blanks
  double accuracy = 0;         ///< the share of blanks whose word it names
  double seen_accuracy = 0;    ///< the share of words that it names where nothing is hidden
  std::optional<double> right_accuracy{}, left_accuracy{};
  std::optional<double> best_loss{};  ///< of a reader that knows the grammar and sees as much
  /// The update after which it first knew nearly all blanks that the grammar decides.
  std::optional<std::int64_t> known_at{};
};

/// How a way of writing does.
struct WritingStanding {
  std::string id;
  double grammatical = 0;     ///< the share of sentences
  std::int64_t readings = 0;  ///< of the net, a sentence
};

/// Of a net that was pre-trained and of one that was not, on the same few labels.
struct LabelStanding {
  std::string id;
  double loss = 0, train_accuracy = 0;  ///< of the labelled sentences
  double accuracy = 0;                  ///< of sentences that none has learned from
};

/// What the claims look at.
struct MaskedState {
  std::int64_t step = 0;
  std::vector<NetStanding> nets{};
  std::vector<WritingStanding> writing{};
  std::vector<LabelStanding> labelled{};
  /// The same at each look so far: updates on labels, and a standing a net.
  std::vector<std::pair<std::int64_t, std::vector<LabelStanding>>> labelled_so_far{};
  std::int64_t labels = 0, labelled_steps = 0;

  const NetStanding* net(std::string_view id) const;
  const WritingStanding* writer(std::string_view id) const;
  const LabelStanding* learner(std::string_view id) const;
};
/// Judges the claim of `preset`, or says where the nets are.
VerdictData maskedVerdict(const std::string& preset, const MaskedState& state);

/// A probe that cannot be read, a file that is none, heads that do not fit the width.
std::optional<Message> problemWithMasking(const Parameters& parameters);

std::unique_ptr<Experiment> makeMaskedLanguageModel(const Parameters& parameters,
                                                    const RunContext& context);

}  // namespace viva
