// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `sampling-bench` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/gpt/sampling.h"

namespace viva {

inline constexpr std::size_t kMostLogits = 26;  ///< tokens are called a to z

inline const auto kLogits = text("logits", "2 1 0.5 0 -1").live().grouped("model");
inline const auto kAlreadyWritten = text("written", "").live().grouped("model");
inline const auto kBenchRepetition =
    real("repetition", 1).range(0.5, 3).stepping(0.05).live().grouped("sampling");
inline const auto kBenchTemperature =
    real("temperature", 1).range(0, 3).stepping(0.05).live().grouped("sampling");
inline const auto kBenchTopK = integer("top_k", 0).range(0, 26).live().grouped("sampling");
inline const auto kBenchTopP =
    real("top_p", 1).range(0, 1).stepping(0.01).live().grouped("sampling");
inline const auto kBenchMinP =
    real("min_p", 0).range(0, 1).stepping(0.01).live().grouped("sampling");
inline const auto kDraws = integer("draws", 10).range(10, 1000).logarithmic().live();

/// A row of logits and which of its tokens stand in the text already.
struct BenchRow {
  std::vector<double> logits;
  std::vector<bool> written;
};
/// What was typed, or what is wrong with it.
std::variant<BenchRow, Message> benchRow(const Parameters& parameters);
SamplingFilters benchFilters(const Parameters& parameters);
std::string tokenName(std::size_t token);  ///< `a`, `b`, ...

/// What the claims look at.
struct BenchState {
  std::int64_t step = 0, draws = 0;
  SamplingFilters filters{};
  std::vector<SamplingStage> stages{};
  /// Half the sum of the distances between the shares of the draws and the probabilities.
  double distance = 0;
  double repeats = 0;  ///< the share of draws that are what was drawn before them
};
VerdictData benchVerdict(const std::string& preset, const BenchState& state);

std::unique_ptr<Experiment> makeSamplingBench(const Parameters& parameters,
                                              const RunContext& context);

}  // namespace viva
