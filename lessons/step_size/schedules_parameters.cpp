// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/step_size/schedules_parameters.h"

namespace viva {
namespace {

const std::vector<Racer>& allRacers() {
  static const std::vector<Racer> all{{"constant", Schedule::Constant},
                                      {"step", Schedule::StepDecay},
                                      {"cosine", Schedule::Cosine},
                                      {"warm-up", Schedule::WarmUp},
                                      {"one-cycle", Schedule::OneCycle}};
  return all;
}

}  // namespace

std::vector<Racer> racersIn(const Parameters& parameters) {
  if (parameters[kScheduleTask] != ScheduleTask::Race) return {{"net", Schedule::Constant}};
  std::vector<Racer> racers;
  for (const Racer& racer : allRacers())
    if (parameters.toggle(racer.name + ".on")) racers.push_back(racer);
  return racers;
}

ScheduleShape shapeOf(const Parameters& parameters) {
  return {parameters[kPeakRate], parameters[kHorizon], parameters[kWarmUp], parameters[kDecayEvery],
          parameters[kDecay]};
}

std::vector<ParameterSpec> schedulesParameters() {
  std::vector<ParameterSpec> specs{
      choice("task", {"race", "range-test", "full-batch"}, "race").grouped("training"),
      real("lr", 1)
          .range(1e-4, 10)
          .logarithmic()
          .live()
          .grouped("training")
          .onlyWhen("task", {"race", "full-batch"}),
      integer("batch_size", 16)
          .range(1, 256)
          .logarithmic()
          .grouped("training")
          .onlyWhen("task", {"race", "range-test"}),
      choice("loss", {"cross-entropy", "squared-error"}, "cross-entropy").grouped("training"),
      integer("horizon", 1500)
          .range(10, 20000)
          .logarithmic()
          .in("unit.steps")
          .grouped("schedule")
          .onlyWhen("task", {"race", "range-test"}),
      integer("warmup", 150)
          .range(1, 5000)
          .logarithmic()
          .in("unit.steps")
          .grouped("schedule")
          .onlyWhen("task", {"race"}),
      integer("decay_every", 500)
          .range(1, 5000)
          .logarithmic()
          .in("unit.steps")
          .grouped("schedule")
          .onlyWhen("task", {"race"}),
      real("decay", 0.1).range(0.01, 1).grouped("schedule").onlyWhen("task", {"race"}),
      real("lr_low", 1e-3)
          .range(1e-6, 1)
          .logarithmic()
          .grouped("schedule")
          .onlyWhen("task", {"range-test"}),
      real("lr_high", 100)
          .range(1e-3, 1000)
          .logarithmic()
          .grouped("schedule")
          .onlyWhen("task", {"range-test"}),
  };
  for (const Racer& racer : allRacers())
    specs.push_back(toggle(racer.name + ".on", true).grouped("racers").onlyWhen("task", {"race"}));
  for (ParameterSpec& spec : std::vector<ParameterSpec>{
           choice("dataset", {"moons", "circles", "spirals"}, "moons").grouped("task"),
           integer("samples", 400).range(20, 2000).logarithmic().grouped("task"),
           real("input_scale", 1).range(0.1, 10).logarithmic().grouped("task"),
           choice("activation", {"relu", "tanh"}, "relu").grouped("net"),
           integer("hidden", 32).range(1, 128).logarithmic().grouped("net")})
    specs.push_back(std::move(spec));
  return specs;
}

std::vector<RecordSpec> schedulesRecords(const Parameters& parameters) {
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

std::optional<Message> schedulesProblem(const Parameters& parameters) {
  if (racersIn(parameters).empty()) return Message{"error.schedules.none", {}};
  if (parameters[kScheduleTask] == ScheduleTask::RangeTest &&
      parameters[kRangeLow] >= parameters[kRangeHigh])
    return Message{"error.schedules.range",
                   {{"low", parameters[kRangeLow]}, {"high", parameters[kRangeHigh]}}};
  return {};
}

std::vector<ViewSpec> schedulesViews() {
  std::vector<ViewSpec> views{
      series("full_loss", {"*/full_loss"}, {"axis.full_loss", "", true}),
      series("rate", {"*/lr"}, {"axis.rate", "", false}),
      series("train_loss", {"*/train_loss"}, {"axis.batch_loss", "", true}),
      series("accuracy", {"*/accuracy"}, {"axis.validation_accuracy", "", false}),
      table("standings"),
      series("range", {}, {"axis.batch_loss", "", true}),
      series("sharpness", {}, {"axis.sharpness", "", false}),
      verdict("verdict"),
  };
  views[5].x = {"axis.rate", "", true};
  views[6].x = {"axis.step", "", false};
  for (const std::size_t small : {3, 5, 6}) views[small].room = Room::Small;
  return views;
}

std::vector<Preset> schedulesPresets() {
  using Settings = std::vector<std::pair<std::string, std::string>>;
  /// A race of the constant rate and one other.
  const auto against = [](const std::string& other, Settings more = {}) {
    Settings settings;
    for (const Racer& racer : allRacers())
      if (racer.name != "constant" && racer.name != other)
        settings.emplace_back(racer.name + ".on", "false");
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
  };
  const std::vector<std::string> usual{"full_loss", "rate", "train_loss", "standings"};
  return {
      {"step-decay", against("step", {{"batch_size", "8"}, {"decay_every", "750"}}), 1500, usual},
      {"cosine", against("cosine", {{"batch_size", "8"}}), 1500, usual},
      // Squared error of inputs that nobody scaled down: steep at the start.
      {"warm-up",
       against("warm-up", {{"loss", "squared-error"},
                           {"input_scale", "5"},
                           {"hidden", "64"},
                           {"batch_size", "64"},
                           {"lr", "0.2"},
                           {"horizon", "900"},
                           {"warmup", "300"}}),
       900, usual},
      {"one-cycle", against("one-cycle", {{"batch_size", "8"}}), 1500, usual},
      {"range-test",
       {{"task", "range-test"}, {"batch_size", "64"}, {"horizon", "400"}},
       400,
       {"range", "train_loss", "rate"}},
      {"edge-of-stability",
       {{"task", "full-batch"},
        {"loss", "squared-error"},
        {"activation", "tanh"},
        {"samples", "250"},
        {"lr", "0.2"}},
       2000,
       {"sharpness", "full_loss", "train_loss"}},
  };
}

}  // namespace viva
