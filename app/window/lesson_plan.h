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

/// One change of a plan. Places are those of the plan that the user sees.
struct PlanChange {
  enum class Kind { Insert, Remove, Move, Rename, Retitle };
  Kind kind;
  std::size_t at = 0;  ///< the step; Insert: its place afterwards
  std::size_t to = 0;  ///< Move: its place afterwards
  QString title{};     ///< Rename: of the step; Retitle: of the plan
  QByteArray step{};   ///< Insert: as it stands in a file, with what somebody has written by hand
};
struct ChangedPlan {
  LessonPlan plan;   ///< as it is now
  PlanChange back;   ///< what takes the change back
  bool was_another;  ///< somebody else had changed the file meanwhile
};
/// The change is made in the file, as that is now: steps that somebody else has moved are found,
/// what they have added or written by hand stays. `known` is the plan as the user sees it, from
/// which a file that is gone is made anew. Throws RequestError where the step is no longer there,
/// is the only one (Remove), or is one too many (Insert); and what addToPlan does.
ChangedPlan changePlan(const QString& path, const LessonPlan& known, const PlanChange& change);

}  // namespace viva
