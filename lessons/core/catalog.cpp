// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/catalog.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "lessons/core/error.h"

namespace viva {

std::vector<std::pair<std::string_view, std::string_view>> embeddedLessonList();

const std::vector<LessonEntry>& lessonList() {
  static const std::vector<LessonEntry> list = [] {
    std::vector<LessonEntry> entries;
    for (const auto& entry : nlohmann::json::parse(embeddedLessonList().at(0).second))
      entries.push_back({entry.at("id"), entry.at("section"),
                         entry.at("experiments").get<std::vector<std::string>>()});
    return entries;
  }();
  return list;
}

const ExperimentSpec& Catalog::experiment(std::string_view id) const {
  std::string allowed;
  for (const Lesson& lesson : lessons_)
    for (const ExperimentSpec* spec : lesson.experiments) {
      if (spec->id == id) return *spec;
      allowed += (allowed.empty() ? "" : ", ") + spec->id;
    }
  throw RequestError(
      {"error.unknown_experiment", {{"name", std::string(id)}, {"allowed", allowed}}});
}

const Lesson& Catalog::lesson(std::string_view id) const {
  std::string allowed;
  for (const Lesson& lesson : lessons_) {
    if (lesson.id == id) return lesson;
    allowed += (allowed.empty() ? "" : ", ") + lesson.id;
  }
  throw RequestError({"error.unknown_lesson", {{"name", std::string(id)}, {"allowed", allowed}}});
}

const Lesson& Catalog::lessonOf(const ExperimentSpec& wanted) const {
  for (const Lesson& lesson : lessons_)
    for (const ExperimentSpec* spec : lesson.experiments)
      if (spec == &wanted) return lesson;
  throw std::logic_error("an experiment that no lesson lists: " + wanted.id);
}

}  // namespace viva
