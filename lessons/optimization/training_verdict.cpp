// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "lessons/optimization/training_progress.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

Word wordFor(const Progress& copy) { return {"curve." + nameOf(copy.optimizer())}; }

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g\u00a0%%", 100 * share);
  return text;
}

const Progress* find(const std::vector<Progress>& progress, Optimizer optimizer) {
  for (const Progress& copy : progress)
    if (copy.optimizer() == optimizer) return &copy;
  return nullptr;
}

/// Without a claim: who is ahead.
VerdictData leader(double threshold, const std::vector<Progress>& progress) {
  const auto best =
      std::max_element(progress.begin(), progress.end(),
                       [](const auto& a, const auto& b) { return a.accuracy() < b.accuracy(); });
  std::int64_t arrived = 0;
  for (const Progress& copy : progress) arrived += copy.stepsTo(threshold).has_value();
  return {Mood::Open,
          {"verdict.training.leader",
           {{"optimizer", wordFor(*best)},
            {"accuracy", percent(best->accuracy())},
            {"arrived", arrived},
            {"running", static_cast<std::int64_t>(progress.size())},
            {"threshold", percent(threshold)}}}};
}

/// All seven learn it; not all take as long.
VerdictData sevenAtOnce(std::int64_t step, double threshold,
                        const std::vector<Progress>& progress) {
  const Progress* first = nullptr;
  const Progress* last = nullptr;
  std::int64_t arrived = 0;
  for (const Progress& copy : progress) {
    const auto steps = copy.stepsTo(threshold);
    if (!steps) continue;
    ++arrived;
    if (!first || *steps < *first->stepsTo(threshold)) first = &copy;
    if (!last || *steps > *last->stepsTo(threshold)) last = &copy;
  }
  const auto running = static_cast<std::int64_t>(progress.size());
  if (arrived < running) {
    constexpr std::int64_t kPatience = 600;
    return {step < kPatience ? Mood::Open : Mood::Fails,
            {"verdict.training.arriving",
             {{"arrived", arrived}, {"running", running}, {"threshold", percent(threshold)}}}};
  }
  return {Mood::Holds,
          {"verdict.training.seven_at_once",
           {{"threshold", percent(threshold)},
            {"first", wordFor(*first)},
            {"first_steps", *first->stepsTo(threshold)},
            {"last", wordFor(*last)},
            {"last_steps", *last->stepsTo(threshold)}}}};
}

/// Both shrink the net, but not the same weights.
VerdictData adamL2(std::int64_t step, const std::vector<Progress>& progress,
                   const std::vector<DecayByGradient>& decays) {
  const Progress* adam = find(progress, Optimizer::Adam);
  const Progress* adamw = find(progress, Optimizer::AdamW);
  constexpr std::int64_t kEnough = 500;
  if (!adam || !adamw || step < kEnough) return {Mood::Open, {"verdict.training.early", {}}};
  const auto of = [&](Optimizer optimizer) {
    return *std::find_if(decays.begin(), decays.end(),
                         [&](const auto& decay) { return decay.optimizer == optimizer; });
  };
  const DecayByGradient coupled = of(Optimizer::Adam), decoupled = of(Optimizer::AdamW);
  const double weaker = coupled.shares[0] / coupled.shares[3];
  // Weights with small gradients that Adam's L2 has removed, and AdamW has not.
  const bool holds =
      weaker > 10 && coupled.kept[0] < decoupled.kept[0] / 2 && coupled.kept[3] > coupled.kept[0];
  return {holds ? Mood::Holds : Mood::Fails,
          {"verdict.training.adam_l2",
           {{"weaker", std::round(weaker)},
            {"adam_small", percent(coupled.kept[0])},
            {"adam_large", percent(coupled.kept[3])},
            {"share", percent(decoupled.shares[0])},
            {"adamw_small", percent(decoupled.kept[0])},
            {"adamw_large", percent(decoupled.kept[3])},
            {"adam_norm", adam->weightNorm()},
            {"adamw_norm", adamw->weightNorm()}}}};
}

/// Adagrad is there before SGD is a third of the way.
VerdictData sparseFeatures(std::int64_t step, double threshold,
                           const std::vector<Progress>& progress) {
  constexpr std::int64_t kTimes = 3;
  const Progress* adagrad = find(progress, Optimizer::Adagrad);
  const Progress* sgd = find(progress, Optimizer::Sgd);
  if (!adagrad || !sgd) return {Mood::Open, {"verdict.training.early", {}}};
  const auto adaptive = adagrad->stepsTo(threshold), plain = sgd->stepsTo(threshold);
  if (!adaptive && !plain) return {Mood::Open, {"verdict.training.early", {}}};
  const auto number = [&](const std::optional<std::int64_t>& steps) {
    return steps.value_or(step);
  };
  const std::string key = !plain      ? "verdict.training.sparse_waiting"
                          : !adaptive ? "verdict.training.sparse_reversed"
                                      : "verdict.training.sparse_both";
  const bool decided = plain.has_value() || step >= kTimes * number(adaptive);
  const bool holds = adaptive && number(plain) >= kTimes * *adaptive;
  return {!decided ? Mood::Open
          : holds  ? Mood::Holds
                   : Mood::Fails,
          {key,
           {{"threshold", percent(threshold)},
            {"adagrad_steps", number(adaptive)},
            {"sgd_steps", number(plain)},
            {"sgd_accuracy", percent(sgd->accuracy())},
            {"times", static_cast<double>(number(plain)) /
                          static_cast<double>(std::max<std::int64_t>(1, number(adaptive)))}}}};
}

}  // namespace

VerdictData trainingVerdict(const std::string& preset, std::int64_t step, double threshold,
                            const std::vector<Progress>& progress,
                            const std::vector<DecayByGradient>& decays) {
  if (step == 0) return {Mood::Open, {"verdict.training.early", {}}};
  if (preset == "seven-at-once") return sevenAtOnce(step, threshold, progress);
  if (preset == "adam-l2-vs-adamw") return adamL2(step, progress, decays);
  if (preset == "sparse-features") return sparseFeatures(step, threshold, progress);
  return leader(threshold, progress);
}

}  // namespace viva
