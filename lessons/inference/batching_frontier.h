// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `batching-frontier` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/inference/batch_queue.h"

namespace viva {

inline const auto kShownPolicy = choice<BatchPolicy>(
    "policy", {{BatchPolicy::Continuous, "continuous"}, {BatchPolicy::Static, "static"}});
inline const auto kArrivalRate = real("rate", 0).range(0, 4).stepping(0.05).grouped("requests");
inline const auto kRequestCount =
    integer("requests", 8).range(1, 400).logarithmic().grouped("requests");
inline const auto kRequestLengths = text("lengths", "10 2 2 2 10 2 2 2").grouped("requests");
inline const auto kSlots = integer("slots", 4).range(1, 64).logarithmic().grouped("batch");
inline const auto kPromptSteps = toggle("prompt_steps", false).grouped("batch");

inline constexpr std::int64_t kLongestAnswer = 200;

/// The lengths that were typed, or what is wrong with them.
std::variant<std::vector<std::int64_t>, Message> typedLengths(const std::string& text);

struct BatchStanding {
  std::int64_t finished = 0, steps = 0;
  bool is_done = false;
  double utilisation = 0, ttft = 0, tpot = 0, present = 0, lambda_w = 0, little = 0;
};

/// What the claims look at.
struct BatchingState {
  std::int64_t step = 0, requests = 0, slots = 0;
  double rate = 0;
  BatchPolicy shown = BatchPolicy::Continuous;
  BatchStanding fixed{}, continuous{};
  const BatchStanding& shownOne() const {
    return shown == BatchPolicy::Static ? fixed : continuous;
  }
};
VerdictData batchingVerdict(const std::string& preset, const BatchingState& state);

std::unique_ptr<Experiment> makeBatchingFrontier(const Parameters& parameters,
                                                 const RunContext& context);

}  // namespace viva
