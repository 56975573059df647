// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `attention-numbers` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "lessons/core/experiment.h"
#include "lessons/transformer/attention_stages.h"

namespace viva {

enum class NumbersFrom { Typed, Normal };
/// What a step adds.
enum class AttentionStage { None, Scores, Scale, Mask, Softmax, Mix };
inline constexpr std::int64_t kStages = 5;

const auto kNumbersFrom =
    choice<NumbersFrom>("source", {{NumbersFrom::Typed, "typed"}, {NumbersFrom::Normal, "normal"}})
        .grouped("matrices");
const auto kQ =
    text("q", "1 0; 0 1").live().grouped("matrices").onlyWhen(kNumbersFrom, {NumbersFrom::Typed});
const auto kK =
    text("k", "1 0; 1 1").live().grouped("matrices").onlyWhen(kNumbersFrom, {NumbersFrom::Typed});
const auto kV =
    text("v", "1 2; 3 4").live().grouped("matrices").onlyWhen(kNumbersFrom, {NumbersFrom::Typed});
const auto kDrawnRows = integer("rows", 48)
                            .range(2, 64)
                            .grouped("matrices")
                            .onlyWhen(kNumbersFrom, {NumbersFrom::Normal});
const auto kDrawnWidth = integer("width", 64)
                             .range(1, 512)
                             .logarithmic()
                             .grouped("matrices")
                             .onlyWhen(kNumbersFrom, {NumbersFrom::Normal});
const auto kNumbersScale = toggle("scale", true).live().grouped("attention");
const auto kNumbersCausal = toggle("causal", false).live().grouped("attention");
const auto kHide = text("hide", "").live().grouped("attention");
const auto kNumbersQuery = integer("query", 1).range(0, 63).live().grouped("shown");
const auto kNumbersKey = integer("key", 1).range(0, 63).live().grouped("shown");
const auto kNumbersComponent = integer("component", 0).range(0, 15).live().grouped("shown");

struct NumbersState {
  AttentionStage stage = AttentionStage::None;
  std::int64_t width = 1;  ///< of q and k
  NumberRows q{}, k{}, v{};
  AttentionStages stages{};
  AttentionStages other{};  ///< with the scale where `stages` has none, and without where it has
  bool is_scaled = true, is_causal = false;

  const AttentionStages& scaled() const { return is_scaled ? stages : other; }
  const AttentionStages& unscaled() const { return is_scaled ? other : stages; }
  bool has(AttentionStage wanted) const { return stage >= wanted; }
};
/// Throws RequestError for matrices that cannot be read or do not fit.
NumbersState numbersStateOf(const Parameters& parameters, std::uint64_t seed);
std::optional<Message> problemWithMatrices(const Parameters& parameters);

VerdictData numbersVerdict(const std::string& preset, std::int64_t step, const NumbersState& state);

std::unique_ptr<Experiment> makeAttentionNumbers(const Parameters& parameters,
                                                 const RunContext& context);

}  // namespace viva
