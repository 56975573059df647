// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `tiny-gpt` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/gpt/sampling.h"

namespace viva {

enum class GptText { English, Chinese, File };

inline constexpr std::int64_t kMostGptLayers = 6, kMostGptHeads = 8, kLongestContext = 256;

inline const auto kGptText = choice<GptText>("text", {{GptText::English, "english"},
                                                      {GptText::Chinese, "chinese"},
                                                      {GptText::File, "file"}})
                                 .grouped("data");
inline const auto kGptFile = file("data_file").grouped("data").onlyWhen(kGptText, {GptText::File});
inline const auto kLearnedFrom =
    integer("learned_from", 1'000'000).range(300, 1'000'000).logarithmic().grouped("data");
inline const auto kGptLayers = integer("layers", 2).range(1, kMostGptLayers).grouped("net");
inline const auto kGptHeads = integer("heads", 4).range(1, kMostGptHeads).grouped("net");
inline const auto kGptWidth = integer("width", 64).range(8, 128).stepping(8).grouped("net");
inline const auto kGptContext =
    integer("context", 64).range(4, kLongestContext).logarithmic().grouped("net");
inline const auto kGptRate =
    real("lr", 0.003).range(1e-5, 0.1).logarithmic().live().grouped("training");
inline const auto kGptWarmup = integer("warmup", 50).range(0, 1000).live().grouped("training");
inline const auto kGptDecay =
    integer("decay_steps", 400).range(10, 100'000).logarithmic().live().grouped("training");
inline const auto kGptBatch =
    integer("batch_size", 16).range(1, 64).logarithmic().live().grouped("training");
inline const auto kPrompt = text("prompt", "").live().grouped("probe");
inline const auto kShownLayer =
    integer("layer", 0).range(0, kMostGptLayers - 1).live().grouped("probe");
inline const auto kShownHead =
    integer("head", 0).range(0, kMostGptHeads - 1).live().grouped("probe");
inline const auto kGptTemperature =
    real("temperature", 0.8).range(0, 3).stepping(0.05).live().grouped("sampling");
inline const auto kGptTopK = integer("top_k", 0).range(0, 100).live().grouped("sampling");
inline const auto kGptTopP = real("top_p", 1).range(0, 1).stepping(0.01).live().grouped("sampling");

SamplingFilters filtersOf(const Parameters& parameters);

/// What the text's counts alone reach, in nats a character.
struct NgramLines {
  double unigram = 0, bigram = 0, trigram = 0;
};

/// What the claims look at.
struct GptState {
  std::int64_t step = 0;
  NgramLines lines{};
  double loss = 0;      ///< mean of the last batches
  double held_out = 0;  ///< of the newest evaluation
  double lowest = 0;    ///< of all evaluations
  std::int64_t lowest_at = 0;
  double concentration = 0;  ///< the share of the held-out loss in a tenth of its characters
  /// What would be the held-out loss if the net were read out after k blocks; k below its depth.
  std::vector<double> lens{};
  /// Since when all evaluations have been below the trigram.
  std::optional<std::int64_t> below_since{};
  std::optional<std::int64_t> below_pairs_since{};  ///< the same for the bigram
};
VerdictData gptVerdict(const std::string& preset, const GptState& state);

/// A prompt that the net cannot read, or a text that is too short, where that can be known before.
std::optional<Message> problemWithText(const Parameters& parameters);

std::unique_ptr<Experiment> makeTinyGpt(const Parameters& parameters, const RunContext& context);

}  // namespace viva
