// SPDX-License-Identifier: GPL-3.0-or-later
// What the writer writes and the test finds: every part of it tells the value, a word.
#pragma once

#include <cmath>

#include "app/window/lesson_plan.h"
#include "lessons/core/phase_cache.h"
#include "lessons/core/records.h"
#include "widgets/study/study.h"

namespace viva::faults {

inline constexpr int kMany = 300, kLong = 200'000;
inline const std::string kPhase(64, 'f');

inline QString longTextOf(const QString& value) { return value.repeated(kLong / value.size()); }

inline PlanStep stepOf(const QString& value) {
  LabLink link;
  link.experiment = value.toStdString();
  return {value, link};
}
inline LessonPlan planOf(const QString& value) {
  return {value, std::vector<PlanStep>(kMany, stepOf(value))};
}

inline OwnCard cardOf(const QString& value) { return {value, value, value, value, value}; }

inline PhaseState phaseOf(const QString& value) {
  PhaseState state;
  const auto letter = static_cast<std::byte>(value.front().toLatin1());
  state.arrays.push_back({value.toStdString(),
                          NamedArray::Type::Float32,
                          {kLong / 4},
                          std::vector<std::byte>(kLong, letter)});
  return state;
}

/// A thousand numbers that compress badly.
inline Records recordsOf(const QString& value) {
  RecordTable table({{value.toStdString(), "", false}}, 1u << 20);
  for (int step = 0; step < 1000; ++step) {
    table.set(0, std::sin(step * value.front().unicode()));
    table.endRow();
  }
  return table.records();
}

}  // namespace viva::faults
