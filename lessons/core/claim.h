// SPDX-License-Identifier: GPL-3.0-or-later
// Claims as data: what a preset says, when it can be judged, and the verdict that follows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/core/frame.h"

namespace viva {

/// From: judged from `patience` on. Until: open until it shows, failed when `patience` ends first.
/// Once: judged as soon as the predicate has an answer, which it has when `patience` ends.
enum class When { From, Until, Once };

using Arguments = std::vector<std::pair<std::string, Argument>>;

/// What a preset claims, as a predicate on the experiment's own state.
template <typename State>
struct Claim {
  std::string_view preset;
  std::int64_t patience = 0;  ///< steps
  /// Empty: there is nothing to judge by (yet); the verdict stays open.
  std::function<std::optional<bool>(const State&)> holds;
  When when = When::From;
  /// Where the sentence depends on how it went: the ending of its key (`both`, `lstm_first`).
  /// Null or an empty ending: the sentence is the preset's own. One that begins with a dot stands
  /// in the place of the preset: `.standing`, where the claim's own numbers do not exist yet.
  std::function<std::string(const State&, VerdictData::Mood)> ending = nullptr;
  /// Whether the run has what the claim is about (two losses that race). Null: any run has. Where
  /// it has not, the verdict says where things are, as without a preset.
  std::function<bool(const State&)> applies = nullptr;
};

/// For `Claim::ending`: sentences `....open`, `....holds` and `....fails`.
std::string endingOf(VerdictData::Mood mood);

/// The claims of an experiment; `State` is what its predicates look at.
template <typename State>
using Claims = std::vector<Claim<State>>;

/// For ExperimentSpec::claims.
template <typename State>
std::vector<ClaimSpec> claimsOf(const Claims<State>& claims) {
  std::vector<ClaimSpec> specs;
  for (const Claim<State>& claim : claims)
    specs.push_back({std::string(claim.preset), claim.patience});
  return specs;
}

/// `<preset>`, `<preset>.<ending>`, or what stands in its place.
std::string endedBy(const std::string& preset, const std::string& ending);

VerdictData::Mood moodOf(std::optional<bool> holds, When when, std::int64_t patience,
                         std::int64_t step);

/// The verdict on `preset` after `step` updates. Its sentence is, in words of the experiment:
/// `verdict.early` at step 0, `verdict.<preset>` (with its ending) where there is a claim that
/// applies, else `verdict.standing`: where things are, judged by nothing. `numbers` are the
/// sentence's arguments.
template <typename State>
VerdictData judged(const std::string& experiment, const Claims<State>& claims,
                   const std::string& preset, std::int64_t step, const State& state,
                   Arguments numbers) {
  using Mood = VerdictData::Mood;
  const std::string key = experiment + ".verdict.";
  if (step == 0) return {Mood::Open, {key + "early", std::move(numbers)}};
  for (const Claim<State>& claim : claims) {
    if (claim.preset != preset || (claim.applies && !claim.applies(state))) continue;
    const Mood mood = moodOf(claim.holds(state), claim.when, claim.patience, step);
    const std::string ending = claim.ending ? claim.ending(state, mood) : std::string();
    return {mood, {key + endedBy(preset, ending), std::move(numbers)}};
  }
  return {Mood::Open, {key + "standing", std::move(numbers)}};
}

}  // namespace viva
