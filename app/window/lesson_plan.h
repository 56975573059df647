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

}  // namespace viva
