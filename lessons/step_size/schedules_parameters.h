// SPDX-License-Identifier: GPL-3.0-or-later
// What `lr-schedules` can be told, and what it says can be shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/step_size/schedule.h"

namespace viva {

enum class ScheduleTask { Race, RangeTest, FullBatch };
enum class ScheduleData { Moons, Circles, Spirals };
enum class ScheduleLoss { CrossEntropy, SquaredError };
enum class ScheduleActivation { Relu, Tanh };

inline constexpr ParameterName<ScheduleTask> kScheduleTask{"task"};
inline constexpr ParameterName<double> kPeakRate{"lr"};
inline constexpr ParameterName<std::int64_t> kHorizon{"horizon"};
inline constexpr ParameterName<std::int64_t> kWarmUp{"warmup"};
inline constexpr ParameterName<std::int64_t> kDecayEvery{"decay_every"};
inline constexpr ParameterName<double> kDecay{"decay"};
inline constexpr ParameterName<double> kRangeLow{"lr_low"};
inline constexpr ParameterName<double> kRangeHigh{"lr_high"};
inline constexpr ParameterName<ScheduleData> kScheduleData{"dataset"};
inline constexpr ParameterName<std::int64_t> kScheduleSamples{"samples"};
inline constexpr ParameterName<double> kInputScale{"input_scale"};
inline constexpr ParameterName<ScheduleLoss> kScheduleLoss{"loss"};
inline constexpr ParameterName<ScheduleActivation> kScheduleActivation{"activation"};
inline constexpr ParameterName<std::int64_t> kScheduleHidden{"hidden"};
inline constexpr ParameterName<std::int64_t> kScheduleBatch{"batch_size"};

/// A copy of the net and the schedule that it learns by.
struct Racer {
  std::string name;
  Schedule schedule = Schedule::Constant;
};
/// In a race those that are switched on; otherwise one, called `net`.
std::vector<Racer> racersIn(const Parameters& parameters);
ScheduleShape shapeOf(const Parameters& parameters);

std::vector<ParameterSpec> schedulesParameters();
std::vector<RecordSpec> schedulesRecords(const Parameters& parameters);
std::optional<Message> schedulesProblem(const Parameters& parameters);
std::vector<ViewSpec> schedulesViews();
std::vector<Preset> schedulesPresets();

}  // namespace viva
