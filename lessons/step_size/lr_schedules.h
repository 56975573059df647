// SPDX-License-Identifier: GPL-3.0-or-later
// Schedules of the rate on a real net: a race, a range test, and what full-batch descent does to
// the sharpness.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/step_size/range_test.h"
#include "lessons/step_size/schedule.h"

namespace viva {

enum class ScheduleTask { Race, RangeTest, FullBatch };
enum class ScheduleData { Moons, Circles, Spirals };
enum class ScheduleLoss { CrossEntropy, SquaredError };
enum class ScheduleActivation { Relu, Tanh };

/// A copy of the net and the schedule that it learns by.
struct Racer {
  std::string name;
  Schedule schedule = Schedule::Constant;
};
inline const std::vector<Racer> kScheduleRacers{{"constant", Schedule::Constant},
                                                {"step", Schedule::StepDecay},
                                                {"cosine", Schedule::Cosine},
                                                {"warm-up", Schedule::WarmUp},
                                                {"one-cycle", Schedule::OneCycle}};

inline const auto kScheduleTask =
    choice<ScheduleTask>("task", {{ScheduleTask::Race, "race"},
                                  {ScheduleTask::RangeTest, "range-test"},
                                  {ScheduleTask::FullBatch, "full-batch"}})
        .grouped("training");
inline const auto kPeakRate =
    real("lr", 1)
        .range(1e-4, 10)
        .logarithmic()
        .live()
        .grouped("training")
        .onlyWhen(kScheduleTask, {ScheduleTask::Race, ScheduleTask::FullBatch});
inline const auto kScheduleBatch =
    integer("batch_size", 16)
        .range(1, 256)
        .logarithmic()
        .grouped("training")
        .onlyWhen(kScheduleTask, {ScheduleTask::Race, ScheduleTask::RangeTest});
inline const auto kScheduleLoss =
    choice<ScheduleLoss>("loss", {{ScheduleLoss::CrossEntropy, "cross-entropy"},
                                  {ScheduleLoss::SquaredError, "squared-error"}})
        .grouped("training");
inline const auto kHorizon =
    integer("horizon", 1500)
        .range(10, 20000)
        .logarithmic()
        .in("unit.steps")
        .grouped("schedule")
        .onlyWhen(kScheduleTask, {ScheduleTask::Race, ScheduleTask::RangeTest});
inline const auto kWarmUp = integer("warmup", 150)
                                .range(1, 5000)
                                .logarithmic()
                                .in("unit.steps")
                                .grouped("schedule")
                                .onlyWhen(kScheduleTask, {ScheduleTask::Race});
inline const auto kDecayEvery = integer("decay_every", 500)
                                    .range(1, 5000)
                                    .logarithmic()
                                    .in("unit.steps")
                                    .grouped("schedule")
                                    .onlyWhen(kScheduleTask, {ScheduleTask::Race});
inline const auto kDecay = real("decay", 0.1)
                               .range(0.01, 1)
                               .grouped("schedule")
                               .onlyWhen(kScheduleTask, {ScheduleTask::Race});
inline const auto kRangeLow = real("lr_low", 1e-3)
                                  .range(1e-6, 1)
                                  .logarithmic()
                                  .grouped("schedule")
                                  .onlyWhen(kScheduleTask, {ScheduleTask::RangeTest});
inline const auto kRangeHigh = real("lr_high", 100)
                                   .range(1e-3, 1000)
                                   .logarithmic()
                                   .grouped("schedule")
                                   .onlyWhen(kScheduleTask, {ScheduleTask::RangeTest});
/// Whether it races.
inline Parameter<bool> takesPart(const Racer& racer) {
  return toggle(racer.name + ".on", true)
      .grouped("racers")
      .onlyWhen(kScheduleTask, {ScheduleTask::Race});
}
inline const auto kScheduleData =
    choice<ScheduleData>("dataset", {{ScheduleData::Moons, "moons"},
                                     {ScheduleData::Circles, "circles"},
                                     {ScheduleData::Spirals, "spirals"}})
        .grouped("task");
inline const auto kScheduleSamples =
    integer("samples", 400).range(20, 2000).logarithmic().grouped("task");
inline const auto kInputScale = real("input_scale", 1).range(0.1, 10).logarithmic().grouped("task");
inline const auto kScheduleActivation =
    choice<ScheduleActivation>(
        "activation", {{ScheduleActivation::Relu, "relu"}, {ScheduleActivation::Tanh, "tanh"}})
        .grouped("net");
inline const auto kScheduleHidden =
    integer("hidden", 32).range(1, 128).logarithmic().grouped("net");

/// In a race those that are switched on; otherwise one, called `net`.
std::vector<Racer> racersIn(const Parameters& parameters);

struct RacerHistory {
  Racer racer;
  double rate = 0;
  double accuracy = 0;
  std::vector<std::pair<std::int64_t, double>> full_loss;  ///< by step
};

struct SharpnessHistory {
  std::vector<std::pair<std::int64_t, double>> values;  ///< by step
  std::int64_t rises = 0;                               ///< updates after which the loss was higher
  double first_loss = 0, last_loss = 0;
};

/// What claims look at.
struct SchedulesReading {
  ScheduleTask task = ScheduleTask::Race;
  double rate = 0;  ///< of full-batch descent
  std::int64_t step = 0;
  const std::vector<RacerHistory>& racers;
  const RangeHistory& range;
  const SharpnessHistory& sharpness;
};
VerdictData schedulesVerdict(const std::string& preset, const SchedulesReading& now);

std::unique_ptr<Experiment> makeLrSchedules(const Parameters& parameters,
                                            const RunContext& context);

}  // namespace viva
