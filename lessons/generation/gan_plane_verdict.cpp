// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/gan_plane_verdict.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace viva {
namespace {

using Mood = VerdictData::Mood;

constexpr std::int64_t kEnough = 1500;  // turns, before most claims can be judged

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g\u00a0%%", 100 * share);
  return text;
}

std::int64_t modesOf(const GanHistory& history) {
  return history.last().coverage ? static_cast<std::int64_t>(history.last().coverage->shares.size())
                                 : 0;
}

/// Without a claim: how good it is.
VerdictData standing(const GanHistory& history) {
  const GanEvaluation& now = history.last();
  if (!now.coverage)
    return {Mood::Open,
            {"verdict.gan.distance",
             {{"distance", now.wasserstein}, {"floor", history.wasserstein_floor}}}};
  return {Mood::Open,
          {"verdict.gan.standing",
           {{"covered", now.coverage->modes_covered},
            {"modes", modesOf(history)},
            {"quality", percent(now.coverage->high_quality)},
            {"perfect", percent(perfectQuality())}}}};
}

}  // namespace

LastTenth lastTenthOf(const GanHistory& history) {
  const auto& all = history.evaluations;
  LastTenth average;
  std::int64_t count = 0;
  for (auto it = all.rbegin(); it != all.rend(); ++it, ++count) {
    if (count > 0 && it->turn < history.turn - history.turn / 10) break;
    average.sample_gradient += it->sample_gradient;
    average.clipped += it->clipped;
    if (!it->coverage) continue;
    average.has_modes = true;
    average.modes_covered += static_cast<double>(it->coverage->modes_covered);
    average.high_quality += it->coverage->high_quality;
    average.top3_share += it->coverage->top3_share;
  }
  for (double* sum : {&average.modes_covered, &average.high_quality, &average.top3_share,
                      &average.sample_gradient, &average.clipped})
    *sum /= static_cast<double>(count);
  return average;
}

bool isCollapsed(const GanHistory& history) {
  constexpr double kHits = 0.02;
  const LastTenth recent = lastTenthOf(history);
  return recent.has_modes && recent.top3_share >= 0.9 && recent.high_quality >= kHits;
}

VerdictData collapseAlarm(const GanHistory& history) {
  return {Mood::Open, {"verdict.gan.early", {}}};
}

VerdictData partVerdict(bool slow_motion, TurnPart part, std::int64_t steps) {
  return {Mood::Open, {"verdict.gan.early", {}}};
}

VerdictData ganPlaneVerdict(const std::string& preset, const GanHistory& history, GanLoss loss,
                            const GanSettings& settings) {
  return standing(history);
}

}  // namespace viva
