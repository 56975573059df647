// SPDX-License-Identifier: GPL-3.0-or-later
// The lessons that exist, in teaching order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/core/lesson_list.h"
#include "lessons/core/runtime.h"

namespace viva {

struct Lesson {
  std::string id;
  std::vector<const ExperimentSpec*> experiments;
};

/// Passed in, never a global.
class Catalog {
 public:
  /// `list` says which lesson has which of `experiments`, and in which order. Throws
  /// std::logic_error for an experiment that the list has not, has twice, or has and is not here.
  Catalog(const std::vector<LessonEntry>& list,
          const std::vector<const ExperimentSpec*>& experiments, Runtime& runtime);

  const std::vector<Lesson>& lessons() const { return lessons_; }
  Runtime& runtime() const { return runtime_; }
  /// Throws RequestError naming the experiments there are.
  const ExperimentSpec& experiment(std::string_view id) const;
  /// Throws RequestError naming the lessons there are.
  const Lesson& lesson(std::string_view id) const;
  const Lesson& lessonOf(const ExperimentSpec& spec) const;

 private:
  std::vector<Lesson> lessons_;
  Runtime& runtime_;
};

/// The one entry point of the lessons' shared library, found by this name when it is loaded.
using CatalogFunction = const Catalog* (*)();
inline constexpr const char* kCatalogSymbol = "viva_catalog";

}  // namespace viva
