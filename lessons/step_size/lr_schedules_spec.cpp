// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/step_size/lessons.h"
#include "lessons/step_size/lr_schedules.h"

namespace viva {
namespace {

const std::string kId = "lr-schedules";
const std::string kProgram = "resources/lessons/learning-rate/lr_schedules.py";

using Settings = std::vector<std::pair<std::string, std::string>>;

std::vector<RecordSpec> recordsOf(const Parameters& parameters) {
  std::vector<RecordSpec> records;
  for (const Racer& racer : racersIn(parameters))
    for (const char* quantity : {"lr", "train_loss", "full_loss", "accuracy"})
      records.push_back({racer.name + "/" + quantity, ""});
  if (parameters[kScheduleTask] == ScheduleTask::FullBatch) {
    records.push_back({"sharpness", ""});
    records.push_back({"two_over_lr", ""});
  }
  return records;
}

std::optional<Message> problemOf(const Parameters& parameters) {
  if (racersIn(parameters).empty()) return Message{"error.schedules.none", {}};
  if (parameters[kScheduleTask] == ScheduleTask::RangeTest &&
      parameters[kRangeLow] >= parameters[kRangeHigh])
    return Message{"error.schedules.range",
                   {{"low", parameters[kRangeLow]}, {"high", parameters[kRangeHigh]}}};
  return {};
}

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
double firstLoss(const SchedulesReading& now) { return endLoss(now.racers.front(), now.step); }
double lastLoss(const SchedulesReading& now) { return endLoss(now.racers.back(), now.step); }

/// Of the sharpness over the second half of the run.
double lateSharpness(const SchedulesReading& now) {
  double sum = 0;
  int count = 0;
  for (const auto& [at, value] : now.sharpness.values)
    if (2 * at >= now.step) {
      sum += value;
      ++count;
    }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

bool endsLower(const SchedulesReading& now) { return lastLoss(now) < 0.95 * firstLoss(now); }

bool onlyWarmUpTrains(const SchedulesReading& now) {
  return std::isinf(firstLoss(now)) && lastLoss(now) < 0.6;
}

/// It falls and blows up: known as soon as it has, or when there was time enough.
std::optional<bool> fallsAndBlowsUp(const SchedulesReading& now) {
  const RangeHistory& range = now.range;
  if (range.blewUp()) return range.smoothed[range.lowest()] < 0.7 * range.smoothed.front();
  if (now.step < 400) return {};
  return false;
}

bool hoversAtTheEdge(const SchedulesReading& now) {
  const double limit = 2 / now.rate, late = lateSharpness(now);
  return late > 0.8 * limit && late < 1.25 * limit && now.sharpness.rises > 0 &&
         now.sharpness.last_loss < 0.5 * now.sharpness.first_loss;
}

/// Of the constant rate and one schedule.
bool isDuel(const SchedulesReading& now) {
  return now.racers.size() == 2 && now.racers.front().racer.schedule == Schedule::Constant;
}
template <ScheduleTask task>
bool does(const SchedulesReading& now) {
  return now.task == task;
}
std::string untilItBlowsUp(const SchedulesReading& now, VerdictData::Mood) {
  return now.range.blewUp() ? "" : "open";
}

const Claims<SchedulesReading> kClaims{
    {"step-decay", 1400, endsLower, When::From, nullptr, isDuel},
    {"cosine", 1400, endsLower, When::From, nullptr, isDuel},
    {"warm-up", 800, onlyWarmUpTrains, When::From, nullptr, isDuel},
    {"one-cycle", 1400, endsLower, When::From, nullptr, isDuel},
    {"range-test", 400, fallsAndBlowsUp, When::Once, untilItBlowsUp, does<ScheduleTask::RangeTest>},
    {"edge-of-stability", 1000, hoversAtTheEdge, When::From, nullptr,
     does<ScheduleTask::FullBatch>},
};

Arguments edgeNumbers(const SchedulesReading& now) {
  return {{"step", now.step},
          {"limit", readable(2 / now.rate)},
          {"sharpness", readable(now.sharpness.values.back().second)},
          {"late", readable(lateSharpness(now))},
          {"rises", now.sharpness.rises},
          {"first_loss", readable(now.sharpness.first_loss)},
          {"last_loss", readable(now.sharpness.last_loss)}};
}

Arguments rangeNumbers(const SchedulesReading& now) {
  const std::size_t lowest = now.range.lowest();
  return {{"step", now.step},
          {"rate", readable(now.range.rates.back())},
          {"lowest", readable(now.range.rates[lowest])},
          {"suggested", readable(now.range.suggested())},
          {"loss", readable(now.range.smoothed[lowest])},
          {"first_loss", readable(now.range.smoothed.front())}};
}

Arguments raceNumbers(const SchedulesReading& now) {
  const auto told = [](double loss) {
    return std::isinf(loss) ? Argument{Word{kId + ".lost"}} : Argument{readable(loss)};
  };
  const auto called = [](const RacerHistory& racer) {
    return Word{kId + ".curve." + racer.racer.name};
  };
  return {{"step", now.step},
          {"first", called(now.racers.front())},
          {"first_loss", told(firstLoss(now))},
          {"last", called(now.racers.back())},
          {"last_loss", told(lastLoss(now))}};
}

/// A race of the constant rate and one other.
Settings against(const std::string& other, const Settings& more) {
  Settings settings;
  for (const Racer& racer : kScheduleRacers)
    if (racer.name != "constant" && racer.name != other)
      settings.emplace_back(takesPart(racer).name, "false");
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

}  // namespace

VerdictData schedulesVerdict(const std::string& preset, const SchedulesReading& now) {
  const bool tests_range = now.task == ScheduleTask::RangeTest && now.step > 0;
  const bool is_full = now.task == ScheduleTask::FullBatch && now.step > 0;
  VerdictData verdict = judged(kId, kClaims, preset, now.step, now,
                               tests_range ? rangeNumbers(now)
                               : is_full   ? edgeNumbers(now)
                                           : raceNumbers(now));
  if (verdict.sentence.key == kId + ".verdict.standing" && now.task != ScheduleTask::Race)
    verdict.sentence.key += "." + kScheduleTask.nameOf(now.task);
  return verdict;
}

std::vector<Racer> racersIn(const Parameters& parameters) {
  if (parameters[kScheduleTask] != ScheduleTask::Race) return {{"net", Schedule::Constant}};
  std::vector<Racer> racers;
  for (const Racer& racer : kScheduleRacers)
    if (parameters[takesPart(racer)]) racers.push_back(racer);
  return racers;
}

const ExperimentSpec& lrSchedules() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kScheduleTask, kPeakRate,   kScheduleBatch, kScheduleLoss, kHorizon,
                       kWarmUp,       kDecayEvery, kDecay,         kRangeLow,     kRangeHigh};
    for (const Racer& racer : kScheduleRacers) made.parameters.push_back(takesPart(racer));
    made.parameters.insert(made.parameters.end(), {kScheduleData, kScheduleSamples, kInputScale,
                                                   kScheduleActivation, kScheduleHidden});
    made.records = recordsOf;
    made.validate = problemOf;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = {series("full_loss", {"*/full_loss"}).yAxis("axis.full_loss").logarithmicY(),
                  series("rate", {"*/lr"}).yAxis("axis.rate"),
                  series("train_loss", {"*/train_loss"}).yAxis("axis.batch_loss").logarithmicY(),
                  series("accuracy", {"*/accuracy"}).yAxis("axis.validation_accuracy").small(),
                  table("standings"),
                  series("range", {})
                      .xAxis("axis.rate")
                      .logarithmicX()
                      .yAxis("axis.batch_loss")
                      .logarithmicY()
                      .small(),
                  series("sharpness", {}).yAxis("axis.sharpness").small(),
                  verdict("verdict")};
    made.checks = {"gradient"};
    made.presets = {preset("step-decay")
                        .with(against("step", {{"batch_size", "8"}, {"decay_every", "750"}}))
                        .lasting(1500)
                        .showing("full_loss", {"rate", "standings"}),
                    preset("cosine")
                        .with(against("cosine", {{"batch_size", "8"}}))
                        .lasting(1500)
                        .showing("full_loss", {"rate", "standings"}),
                    // Squared error of inputs that nobody scaled down: steep at the start.
                    preset("warm-up")
                        .with(against("warm-up", {{"loss", "squared-error"},
                                                  {"input_scale", "5"},
                                                  {"hidden", "64"},
                                                  {"batch_size", "64"},
                                                  {"lr", "0.2"},
                                                  {"horizon", "900"},
                                                  {"warmup", "300"}}))
                        .lasting(900)
                        .showing("full_loss", {"rate", "standings"}),
                    preset("one-cycle")
                        .with(against("one-cycle", {{"batch_size", "8"}}))
                        .lasting(1500)
                        .showing("full_loss", {"rate", "standings"}),
                    preset("range-test")
                        .with({{"task", "range-test"}, {"batch_size", "64"}, {"horizon", "400"}})
                        .lasting(400)
                        .showing("range", {"train_loss", "rate"}),
                    preset("edge-of-stability")
                        .with({{"task", "full-batch"},
                               {"loss", "squared-error"},
                               {"activation", "tanh"},
                               {"samples", "250"},
                               {"lr", "0.2"}})
                        .lasting(2000)
                        .quick(1200)
                        .showing("sharpness", {"full_loss", "train_loss"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 1500;
    made.sources = {"lessons/step_size/lr_schedules.cpp", "lessons/step_size/schedule.cpp",
                    "lessons/step_size/sharpness.cpp"};
    made.equivalent = kProgram;
    made.make = makeLrSchedules;
    return made;
  }();
  return spec;
}

}  // namespace viva
