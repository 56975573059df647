// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/step_size/schedules_report.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

Word racerWord(const Racer& racer) { return {"lr-schedules.curve." + racer.name}; }

/// The mean over the last tenth of the steps; infinite for a net that is lost.
double endLoss(const RacerHistory& racer, std::int64_t step) {
  double sum = 0;
  int count = 0;
  for (const auto& [at, loss] : racer.full_loss) {
    if (at < step - step / 10) continue;
    if (!std::isfinite(loss)) return std::numeric_limits<double>::infinity();
    sum += loss;
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

/// Of the sharpness over the second half of the run.
double lateSharpness(const SharpnessHistory& history, std::int64_t step) {
  double sum = 0;
  int count = 0;
  for (const auto& [at, value] : history.values)
    if (2 * at >= step) {
      sum += value;
      ++count;
    }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

void RangeHistory::add(double rate, double loss) {
  constexpr double kMemory = 0.95;
  const double before = smoothed.empty() ? loss : smoothed.back();
  rates.push_back(rate);
  losses.push_back(loss);
  smoothed.push_back(kMemory * before + (1 - kMemory) * loss);
}

std::size_t RangeHistory::lowest() const {
  const auto at = std::min_element(smoothed.begin(), smoothed.end(), [](double a, double b) {
    return std::isfinite(a) && !(a >= b);
  });
  return static_cast<std::size_t>(at - smoothed.begin());
}

double RangeHistory::suggested() const { return smoothed.empty() ? 0 : rates[lowest()] / 10; }

bool RangeHistory::blewUp() const {
  return !smoothed.empty() && !(smoothed.back() <= 4 * smoothed[lowest()]);
}

SeriesData rangeCurves(const RangeHistory& history) {
  SeriesData data;
  data.curves.push_back(
      {"net", Word{"lr-schedules.record.train_loss"}, history.rates, history.losses, false});
  data.curves.push_back(
      {"smoothed", Word{"lr-schedules.curve.smoothed"}, history.rates, history.smoothed, false});
  if (history.smoothed.size() > 1) {
    const auto [low, high] = std::minmax_element(history.smoothed.begin(), history.smoothed.end());
    const double rate = history.suggested();
    data.curves.push_back({"suggested",
                           Word{"lr-schedules.curve.suggested"},
                           {rate, rate},
                           {*low / 2, std::isfinite(*high) ? *high : 10 * *low},
                           true});
  }
  return data;
}

SeriesData sharpnessCurves(const SharpnessHistory& history, double rate) {
  Curve measured{"net", Word{"lr-schedules.record.sharpness"}, {}, {}, false};
  Curve limit{"limit", Word{"lr-schedules.record.two_over_lr"}, {}, {}, true};
  for (const auto& [step, value] : history.values) {
    measured.x.push_back(static_cast<double>(step));
    measured.y.push_back(value);
  }
  if (!history.values.empty()) {
    limit.x = {0, measured.x.back()};
    limit.y = {2 / rate, 2 / rate};
  }
  return {{std::move(measured), std::move(limit)}};
}

TableData schedulesTable(const std::vector<RacerHistory>& racers) {
  TableData table;
  table.columns = {{"schedule"},
                   {"rate"},
                   {"full_loss", TableData::Best::Smallest},
                   {"accuracy", TableData::Best::Largest}};
  for (const RacerHistory& racer : racers)
    table.rows.push_back({racer.racer.name,
                          {racerWord(racer.racer), racer.rate,
                           racer.full_loss.empty() ? TableData::Cell{}
                                                   : TableData::Cell{racer.full_loss.back().second},
                           racer.accuracy}});
  return table;
}

VerdictData schedulesVerdict(const std::string& preset, std::int64_t step,
                             const Parameters& parameters, const std::vector<RacerHistory>& racers,
                             const RangeHistory& range, const SharpnessHistory& sharpness) {
  if (step == 0) return {Mood::Open, {"verdict.schedules.early", {}}};
  std::vector<std::pair<std::string, Argument>> arguments{{"step", step}};
  const auto judged = [&](std::int64_t patience, bool holds) {
    return VerdictData{step < patience ? Mood::Open
                       : holds         ? Mood::Holds
                                       : Mood::Fails,
                       {"verdict.schedules." + preset, arguments}};
  };
  const auto told = [](double loss) {
    return std::isinf(loss) ? Argument{Word{"lr-schedules.lost"}} : Argument{readable(loss)};
  };
  const ScheduleTask task = parameters[kScheduleTask];
  if (task == ScheduleTask::FullBatch && !sharpness.values.empty()) {
    const double limit = 2 / parameters[kPeakRate], late = lateSharpness(sharpness, step);
    arguments.insert(arguments.end(), {{"limit", readable(limit)},
                                       {"sharpness", readable(sharpness.values.back().second)},
                                       {"late", readable(late)},
                                       {"rises", sharpness.rises},
                                       {"first_loss", readable(sharpness.first_loss)},
                                       {"last_loss", readable(sharpness.last_loss)}});
    if (preset == "edge-of-stability")
      return judged(1000, late > 0.8 * limit && late < 1.25 * limit && sharpness.rises > 0 &&
                              sharpness.last_loss < 0.5 * sharpness.first_loss);
    return {Mood::Open, {"verdict.schedules.standing_edge", arguments}};
  }
  if (task == ScheduleTask::RangeTest && !range.smoothed.empty()) {
    const std::size_t lowest = range.lowest();
    arguments.insert(arguments.end(), {{"rate", readable(range.rates.back())},
                                       {"lowest", readable(range.rates[lowest])},
                                       {"suggested", readable(range.suggested())},
                                       {"loss", readable(range.smoothed[lowest])},
                                       {"first_loss", readable(range.smoothed.front())}});
    if (preset == "range-test") {
      if (!range.blewUp())
        return {step < 400 ? Mood::Open : Mood::Fails,
                {"verdict.schedules.range-test.open", arguments}};
      return judged(0, range.smoothed[lowest] < 0.7 * range.smoothed.front());
    }
    return {Mood::Open, {"verdict.schedules.range-test.open", arguments}};
  }
  const RacerHistory& first = racers.front();
  const RacerHistory& last = racers.back();
  const double first_loss = endLoss(first, step), last_loss = endLoss(last, step);
  arguments.insert(arguments.end(), {{"first", racerWord(first.racer)},
                                     {"first_loss", told(first_loss)},
                                     {"last", racerWord(last.racer)},
                                     {"last_loss", told(last_loss)}});
  const bool is_duel = racers.size() == 2 && first.racer.schedule == Schedule::Constant;
  if (preset == "warm-up" && is_duel) return judged(800, std::isinf(first_loss) && last_loss < 0.6);
  if ((preset == "step-decay" || preset == "cosine" || preset == "one-cycle") && is_duel)
    return judged(1400, last_loss < 0.95 * first_loss);
  return {Mood::Open, {"verdict.schedules.standing", arguments}};
}

}  // namespace viva
