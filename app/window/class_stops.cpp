// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/class_stops.h"

namespace viva {

std::vector<ClassStop> stopsOf(const LessonPlan& plan) {
  std::vector<ClassStop> stops;
  for (const PlanStep& step : plan.steps) stops.push_back({step.title, {}, step.link});
  return stops;
}

std::vector<ClassStop> stopsOf(const Lesson& lesson, const Words& words) {
  std::vector<ClassStop> stops;
  for (const ExperimentSpec* spec : lesson.experiments)
    for (const Preset& preset : spec->presets) {
      LabLink state;
      state.experiment = spec->id;
      state.preset = preset.name;
      stops.push_back({QString::fromStdString(words.of(spec->id, "preset", preset.name)),
                       QString::fromStdString(words.of(spec->id, "preset_claim", preset.name)),
                       state});
    }
  return stops;
}

bool isPresetItself(const LabLink& state) {
  return !state.preset.empty() && state.settings.empty() && state.changes.empty() &&
         state.step == 0 && state.length == 0 && !state.play;
}

}  // namespace viva
