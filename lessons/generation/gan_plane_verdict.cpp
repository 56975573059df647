// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/gan_plane_verdict.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace viva {
namespace {

using Mood = VerdictData::Mood;

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g\u00a0%%", 100 * share);
  return text;
}

std::int64_t modesOf(const GanHistory& history) {
  return history.last().coverage ? static_cast<std::int64_t>(history.last().coverage->shares.size())
                                 : 0;
}

/// Open until the claim shows or `patience` turns are over.
Mood moodAfter(bool holds, const GanHistory& history, std::int64_t patience) {
  if (holds) return Mood::Holds;
  return history.turn < patience ? Mood::Open : Mood::Fails;
}

/// Open until there is enough to judge by.
Mood moodFrom(bool holds, const GanHistory& history, std::int64_t enough) {
  if (history.turn < enough) return Mood::Open;
  return holds ? Mood::Holds : Mood::Fails;
}

/// How good it is.
Message standing(const GanHistory& history) {
  const GanEvaluation& now = history.last();
  if (!now.coverage)
    return {"verdict.gan.distance",
            {{"distance", now.wasserstein}, {"floor", history.wasserstein_floor}}};
  return {"verdict.gan.standing",
          {{"covered", now.coverage->modes_covered},
           {"modes", modesOf(history)},
           {"quality", percent(now.coverage->high_quality)},
           {"perfect", percent(perfectQuality())},
           {"kl", now.coverage->kl_to_uniform}}};
}

bool coversAll(const GanHistory& history) {
  return history.last().coverage && history.last().coverage->modes_covered == modesOf(history);
}

VerdictData healthyRing(const GanHistory& history) {
  const bool holds = coversAll(history) && lastTenthOf(history).high_quality >= 0.8;
  return {moodAfter(holds, history, 16000), standing(history)};
}

VerdictData modeCollapse(const GanHistory& history) {
  const LastTenth recent = lastTenthOf(history);
  return {moodFrom(isCollapsed(history), history, 1200),
          {"verdict.gan.mode_collapse",
           {{"share", percent(recent.top3_share)},
            {"covered", recent.modes_covered},
            {"modes", modesOf(history)},
            {"quality", percent(recent.high_quality)}}}};
}

/// The generator stands still although the discriminator shows it the way.
VerdictData saturatingGenerator(const GanHistory& history) {
  const GanEvaluation& now = history.last();
  const double times =
      now.sample_gradient > 0 ? now.non_saturating_gradient / now.sample_gradient : 0;
  const std::int64_t free = std::max<std::int64_t>(0, history.turn - history.warmup);
  const bool holds = times >= 30 && now.moved < 0.1;
  return {moodFrom(holds, history, history.warmup + 300),
          {"verdict.gan.saturating",
           {{"d_fake", now.d_fake},
            {"push", now.sample_gradient},
            {"times", std::round(times)},
            {"turns", free},
            {"moved", now.moved}}}};
}

VerdictData discriminatorTooStrong(const GanHistory& history) {
  const LastTenth recent = lastTenthOf(history);
  const double half = static_cast<double>(modesOf(history)) / 2;
  const bool holds = recent.d_real - recent.d_fake >= 0.2 && recent.modes_covered <= half;
  return {moodFrom(holds, history, 1000),
          {"verdict.gan.too_strong",
           {{"d_real", recent.d_real},
            {"d_fake", recent.d_fake},
            {"covered", recent.modes_covered},
            {"modes", modesOf(history)}}}};
}

VerdictData leastSquares(const GanHistory& history) {
  const LastTenth recent = lastTenthOf(history);
  const bool holds =
      coversAll(history) && recent.high_quality >= 0.7 && recent.kl_to_uniform <= 0.05;
  return {moodAfter(holds, history, 6000), standing(history)};
}

VerdictData weightClipping(const GanHistory& history) {
  const LastTenth recent = lastTenthOf(history);
  const bool holds = recent.clipped >= 0.03 && recent.slope < 0.02 && recent.high_quality < 0.1;
  return {moodFrom(holds, history, 1500),
          {"verdict.gan.clipping",
           {{"clipped", percent(recent.clipped)},
            {"slope", recent.slope},
            {"quality", percent(recent.high_quality)}}}};
}

VerdictData gradientPenaltyClaim(const GanHistory& history) {
  const LastTenth recent = lastTenthOf(history);
  const bool holds = coversAll(history) && recent.high_quality >= 0.4 &&
                     recent.kl_to_uniform <= 0.02 && recent.slope > 0.2 && recent.slope < 5;
  return {moodAfter(holds, history, 3000),
          {"verdict.gan.penalty",
           {{"slope", recent.slope},
            {"covered", history.last().coverage ? history.last().coverage->modes_covered : 0},
            {"modes", modesOf(history)},
            {"kl", recent.kl_to_uniform},
            {"quality", percent(recent.high_quality)}}}};
}

VerdictData spectralNorm(const GanHistory& history) {
  const LastTenth recent = lastTenthOf(history);
  const bool holds = coversAll(history) && recent.steepest <= 1.1 && recent.kl_to_uniform <= 0.1;
  return {moodAfter(holds && history.turn >= 500, history, 2000),
          {"verdict.gan.spectral",
           {{"steepest", recent.steepest},
            {"covered", history.last().coverage ? history.last().coverage->modes_covered : 0},
            {"modes", modesOf(history)},
            {"kl", recent.kl_to_uniform}}}};
}

VerdictData drawnByHand(const GanHistory& history) {
  const GanEvaluation& now = history.last();
  const bool holds = now.wasserstein <= 0.05;
  return {moodAfter(holds && history.turn >= 500, history, 2500),
          {"verdict.gan.drawn",
           {{"start", history.evaluations.front().wasserstein},
            {"distance", now.wasserstein},
            {"floor", history.wasserstein_floor}}}};
}

VerdictData oneUpdate(const GanHistory& history) {
  if (!history.move || history.turn < 3) return {Mood::Open, {"verdict.gan.early", {}}};
  return {history.move->cosine > 0 ? Mood::Holds : Mood::Fails,
          {"verdict.gan.one_update",
           {{"length", history.move->length}, {"cosine", history.move->cosine}}}};
}

}  // namespace

LastTenth lastTenthOf(const GanHistory& history) {
  const auto& all = history.evaluations;
  LastTenth average;
  std::int64_t count = 0;
  for (auto it = all.rbegin(); it != all.rend(); ++it, ++count) {
    if (count > 0 && it->turn < history.turn - history.turn / 10) break;
    average.d_real += it->d_real;
    average.d_fake += it->d_fake;
    average.sample_gradient += it->sample_gradient;
    average.slope += it->slope;
    average.clipped += it->clipped;
    average.steepest = std::max(average.steepest, it->steepest);
    if (!it->coverage) continue;
    average.has_modes = true;
    average.modes_covered += static_cast<double>(it->coverage->modes_covered);
    average.high_quality += it->coverage->high_quality;
    average.kl_to_uniform += it->coverage->kl_to_uniform;
    average.top3_share += it->coverage->top3_share;
  }
  for (double* sum : {&average.modes_covered, &average.high_quality, &average.kl_to_uniform,
                      &average.top3_share, &average.d_real, &average.d_fake,
                      &average.sample_gradient, &average.slope, &average.clipped})
    *sum /= static_cast<double>(count);
  return average;
}

/// A collapsed generator may be between two modes just now, on its way from one to the next.
bool hasEverHit(const GanHistory& history) {
  return std::any_of(history.evaluations.begin(), history.evaluations.end(), [](const auto& it) {
    return it.coverage && it.coverage->high_quality >= 0.1;
  });
}

bool isCollapsed(const GanHistory& history) {
  const LastTenth recent = lastTenthOf(history);
  return recent.has_modes && recent.top3_share >= 0.9 && hasEverHit(history);
}

VerdictData collapseAlarm(const GanHistory& history) {
  constexpr std::int64_t kEarly = 300;
  const LastTenth recent = lastTenthOf(history);
  if (!recent.has_modes) return {Mood::Open, {"verdict.gan.alarm_no_modes", {}}};
  if (history.turn < std::max(kEarly, history.warmup + 1))
    return {Mood::Open, {"verdict.gan.early", {}}};
  const std::vector<std::pair<std::string, Argument>> numbers{
      {"share", percent(recent.top3_share)},
      {"even", percent(std::min(1.0, 3.0 / static_cast<double>(modesOf(history))))},
      {"quality", percent(recent.high_quality)}};
  if (isCollapsed(history)) return {Mood::Fails, {"verdict.gan.alarm_collapse", numbers}};
  if (recent.high_quality < 0.02) return {Mood::Open, {"verdict.gan.alarm_hits_nothing", numbers}};
  return {Mood::Holds, {"verdict.gan.alarm_quiet", numbers}};
}

VerdictData partVerdict(bool slow_motion, TurnPart part, std::int64_t steps) {
  if (!slow_motion || steps == 0) return {Mood::Open, {"verdict.gan.part_none", {}}};
  switch (part) {
    case TurnPart::Discriminator:
      return {Mood::Open, {"verdict.gan.part_discriminator", {}}};
    case TurnPart::Arrows:
      return {Mood::Open, {"verdict.gan.part_arrows", {}}};
    case TurnPart::Generator:
      return {Mood::Open, {"verdict.gan.part_generator", {}}};
  }
  return {};
}

VerdictData ganPlaneVerdict(const std::string& preset, const GanHistory& history) {
  static const std::map<std::string, VerdictData (*)(const GanHistory&)> claims{
      {"healthy-ring", healthyRing},
      {"mode-collapse", modeCollapse},
      {"saturating-generator", saturatingGenerator},
      {"discriminator-too-strong", discriminatorTooStrong},
      {"least-squares", leastSquares},
      {"weight-clipping-limits", weightClipping},
      {"gradient-penalty", gradientPenaltyClaim},
      {"spectral-norm", spectralNorm},
      {"drawn-by-hand", drawnByHand},
      {"one-update", oneUpdate},
  };
  const auto claim = claims.find(preset);
  if (history.turn == 0) return {Mood::Open, {"verdict.gan.early", {}}};
  if (claim == claims.end()) return {Mood::Open, standing(history)};
  return claim->second(history);
}

}  // namespace viva
