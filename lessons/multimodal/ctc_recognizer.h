// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `ctc-recognizer` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

inline constexpr std::int64_t kLongestToneWord = 8;

const auto kToneNoise = real("noise", 0.25).range(0, 1.5).stepping(0.05).grouped("data");
const auto kRepeatShare = real("repeats", 0.125).range(0, 0.9).stepping(0.05).grouped("data");
const auto kToneBatch = integer("batch_size", 16).range(1, 64).logarithmic().grouped("training");
const auto kToneRate = real("lr", 3e-3).range(1e-5, 0.1).logarithmic().live().grouped("training");
const auto kBeamWidth = integer("beam", 8).range(1, 64).logarithmic().live().grouped("reading");
const auto kToneProbe = text("probe", "abbacede").live().grouped("reading");
const auto kToneEvaluateEvery = integer("evaluate_every", 25).range(1, 500).grouped("display");

/// How words that were never learned are read.
struct CtcStanding {
  double blank_share = 0;       ///< of their frames, those whose likeliest symbol is the blank
  double greedy = 0, beam = 0;  ///< the share of words read without a mistake
  double differing = 0;         ///< of words that both read differently
  double repeats_right = 0, repeats_wrong = 0;  ///< of words with a repeat, by order of collapsing
  double others_right = 0, others_wrong = 0;    ///< of words without
};

/// What the claims look at.
struct CtcState {
  std::int64_t step = 0;
  double loss = 0;
  CtcStanding now{};
  std::optional<std::int64_t> silent_at{};  ///< the first evaluation with nothing but blanks
  std::optional<std::int64_t> spoke_at{};   ///< the first with a word in ten right, after that
  double largest_lead = 0;                  ///< of the search over greedy reading
  std::int64_t lead_at = 0;
  double lead_greedy = 0, lead_beam = 0;
};
VerdictData ctcVerdict(const std::string& preset, const CtcState& state);

std::unique_ptr<Experiment> makeCtcRecognizer(const Parameters& parameters,
                                              const RunContext& context);

}  // namespace viva
