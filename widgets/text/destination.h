// SPDX-License-Identifier: GPL-3.0-or-later
// Where a link of a text leads: one reading for notes, cards, demos, the search and the window.
#pragma once

#include <QString>
#include <string>

#include "lessons/core/catalog.h"

namespace viva {

struct Destination {
  enum class Kind { Lesson, Experiment, Preset };
  Kind kind = Kind::Lesson;
  std::string lesson;
  const ExperimentSpec* experiment = nullptr;  ///< null for a lesson
  std::string preset;
};

/// `lesson:ID`, `experiment:ID`, `preset:EXPERIMENT/PRESET`, and `preset:NAME`, which is one of the
/// lesson that the text belongs to (`lesson`; empty: to none). Throws RequestError for a name that
/// is not there, and for one that several experiments of the lesson have.
Destination destinationOf(const QString& link, const std::string& lesson, const Catalog& catalog);

}  // namespace viva
