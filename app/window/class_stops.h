// SPDX-License-Identifier: GPL-3.0-or-later
// What a class is led through, one after the other.
#pragma once

#include <QString>
#include <vector>

#include "app/window/lab_link.h"
#include "app/window/lesson_plan.h"
#include "lessons/core/words.h"

namespace viva {

/// A step of the plan, or a preset of the lesson.
struct ClassStop {
  QString title;
  QString claim;  ///< of a preset; a step of a plan says all in its title
  LabLink state;
};

std::vector<ClassStop> stopsOf(const LessonPlan& plan);
/// Every preset of the experiments of a lesson.
std::vector<ClassStop> stopsOf(const Lesson& lesson, const Words& words);

/// Whether the state is a preset as it is, before its first step: then its question can be asked.
bool isPresetItself(const LabLink& state);

}  // namespace viva
