// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of a class, in a file: `.viva-plan`, JSON.
#pragma once

#include <QString>
#include <vector>

#include "app/window/lab_link.h"

namespace viva {

struct PlanStep {
  QString title;
  LabLink link;
  bool operator==(const PlanStep&) const = default;
};

struct LessonPlan {
  QString title;
  std::vector<PlanStep> steps;
  bool operator==(const LessonPlan&) const = default;
};

/// {`viva_plan`: 1, `title`, `steps`: [{`title`, `link`}]}. Throws RequestError naming the step
/// that is wrong; names and values are checked when a step is opened.
LessonPlan planFromJson(const QByteArray& json);
QByteArray toJson(const LessonPlan& plan);

/// Throws FileError where there is no such file, or it is larger than a plan can be (4 MB).
LessonPlan readPlan(const QString& path);
/// The file appears whole or not at all. Throws FileError.
void writePlan(const QString& path, const LessonPlan& plan);
/// One more step for the plan in the file, as that is now: what another window has added to it, or
/// somebody has written by hand, stays. Where there is no file, one is made of `plan` and the step.
/// The plan as it is then. Throws RequestError for a file that is no plan, or is full (500 steps,
/// 4 MB), and FileError.
LessonPlan addToPlan(const QString& path, const PlanStep& step, const LessonPlan& plan = {});

}  // namespace viva
