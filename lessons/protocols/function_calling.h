// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `function-calling` share: its parameters, and what its claims look at.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/protocols/call_grammar.h"

namespace viva {

/// The ids of the ways to decode, in the order of Constraint.
inline const std::string kWaysToDecode[] = {"free", "json", "schema"};
inline constexpr std::size_t kWays = 3;
inline constexpr std::int64_t kTestRequests = 48, kUnseenRequests = 24;

const auto kCallRate = real("lr", 4e-3).range(1e-5, 0.1).logarithmic().live().grouped("training");
const auto kCallBatch = integer("batch_size", 32).range(1, 128).logarithmic().grouped("training");
const auto kCallWidth = integer("width", 32).range(8, 64).stepping(8).grouped("net");
const auto kCallLayers = integer("layers", 2).range(1, 3).grouped("net");
const auto kCallRequest = text("request", "").live().grouped("probe");
/// The number of a test request; those behind kTestRequests name a city that no net has learned.
const auto kCallShown =
    integer("shown", 0).range(0, kTestRequests + kUnseenRequests - 1).live().grouped("probe");
const auto kCallEvaluateEvery = integer("evaluate_every", 20).range(1, 200).grouped("display");

/// Shares of the texts that are JSON, that fit a schema, that are the call asked for.
struct CallScores {
  double valid_json = 0, valid_schema = 0, right_call = 0;
  CallScores dividedBy(std::int64_t texts) const {
    const auto n = static_cast<double>(texts);
    return {valid_json / n, valid_schema / n, right_call / n};
  }
};

/// What the claims look at.
struct CallState {
  std::int64_t step = 0;
  double loss = 0;
  std::array<CallScores, kWays> seen{}, unseen{};  ///< of requests like those of the training, and
                                                   ///< of those with a city that is in none
  std::int64_t executed = 0, executed_wrong = 0;  ///< of the free texts, by the application
  std::int64_t first_executed = 0;                ///< before training
  double first_free = 0, first_right = 0;  ///< before training: free and valid; held and right
  bool always_fits = true;                 ///< held to the schema, every text so far has fitted it

  const CallScores& of(Constraint way) const { return seen[static_cast<std::size_t>(way)]; }
  const CallScores& unseenOf(Constraint way) const { return unseen[static_cast<std::size_t>(way)]; }
};
VerdictData callVerdict(const std::string& preset, const CallState& state);

/// A request that cannot be read.
std::optional<Message> problemWithRequest(const Parameters& parameters);

std::unique_ptr<Experiment> makeFunctionCalling(const Parameters& parameters,
                                                const RunContext& context);

}  // namespace viva
