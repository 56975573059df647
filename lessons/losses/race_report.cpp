// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/losses/race_report.h"

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

const LossHistory* find(const std::vector<LossHistory>& racers, MarginLoss loss) {
  for (const LossHistory& racer : racers)
    if (racer.racer.loss == loss) return &racer;
  return nullptr;
}

double easyShare(const LossHistory& racer) {
  return racer.evaluations > 0 ? racer.easy_share / static_cast<double>(racer.evaluations) : 0;
}

}  // namespace

TableData lossStandings(const std::vector<LossHistory>& racers) {
  TableData table;
  table.columns = {{"loss"},
                   {"cross_entropy", TableData::Best::Smallest},
                   {"accuracy", TableData::Best::Largest},
                   {"recall", TableData::Best::Largest},
                   {"good_since", TableData::Best::Smallest}};
  for (const LossHistory& racer : racers)
    table.rows.push_back(
        {racer.racer.name,
         {Word{"loss-race.curve." + racer.racer.name}, racer.cross_entropy, racer.accuracy,
          racer.recall,
          racer.good_since ? TableData::Cell{static_cast<double>(*racer.good_since)}
                           : TableData::Cell{}}});
  return table;
}

VerdictData lossVerdict(const std::string& preset, std::int64_t step, const Parameters& parameters,
                        const std::vector<LossHistory>& racers) {
  if (step == 0) return {Mood::Open, {"verdict.losses.early", {}}};
  const auto judged = [&](std::int64_t patience, bool holds,
                          std::vector<std::pair<std::string, Argument>> arguments) {
    arguments.emplace_back("step", step);
    return VerdictData{step < patience ? Mood::Open
                       : holds         ? Mood::Holds
                                       : Mood::Fails,
                       {"verdict.losses." + preset, std::move(arguments)}};
  };
  const LossHistory* squared = find(racers, MarginLoss::Squared);
  const LossHistory* cross = find(racers, MarginLoss::CrossEntropy);
  const LossHistory* focal = find(racers, MarginLoss::Focal);
  const LossHistory* smoothed = find(racers, MarginLoss::Smoothed);
  const auto since = [](const LossHistory& racer) {
    return racer.good_since ? Argument{std::to_string(*racer.good_since)}
                            : Argument{Word{"loss-race.not_yet"}};
  };
  if (preset == "mse-saturates" && squared && cross)
    return judged(100,
                  cross->first_gradient > 50 * squared->first_gradient && cross->recall > 0.5 &&
                      squared->recall < 0.1,
                  {{"squared_gradient", readable(squared->first_gradient)},
                   {"cross_gradient", readable(cross->first_gradient)},
                   {"squared", percent(squared->recall)},
                   {"cross", percent(cross->recall)}});
  if (preset == "cross-entropy-recovers" && squared && cross) {
    const bool both = squared->good_since && cross->good_since;
    const bool late = cross->good_since && step > 5 * *cross->good_since;
    const bool holds =
        cross->good_since && (both ? *squared->good_since > 5 * *cross->good_since : late);
    return judged(both ? 0 : 1400, holds, {{"squared", since(*squared)}, {"cross", since(*cross)}});
  }
  if (preset == "focal-rare-class" && focal && cross)
    return judged(500, easyShare(*focal) < 0.5 * easyShare(*cross),
                  {{"focal", percent(easyShare(*focal))},
                   {"cross", percent(easyShare(*cross))},
                   {"focal_recall", percent(focal->recall)},
                   {"cross_recall", percent(cross->recall)}});
  if (preset == "label-smoothing" && smoothed && cross) {
    const double e = parameters[kSmoothing];
    const double limit = e > 0 ? std::log((1 - e / 2) / (e / 2)) : INFINITY;
    return judged(2000, std::abs(smoothed->logit / limit - 1) < 0.15 && cross->logit > 1.4 * limit,
                  {{"smoothed", readable(smoothed->logit)},
                   {"cross", readable(cross->logit)},
                   {"limit", readable(limit)}});
  }
  const auto best =
      std::max_element(racers.begin(), racers.end(),
                       [](const auto& a, const auto& b) { return a.accuracy < b.accuracy; });
  return {Mood::Open,
          {"verdict.losses.standing",
           {{"best", Word{"loss-race.curve." + best->racer.name}},
            {"accuracy", percent(best->accuracy)},
            {"step", step}}}};
}

}  // namespace viva
