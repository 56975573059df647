// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/catalog.h"

#include <map>
#include <stdexcept>

#include "lessons/core/error.h"

namespace viva {

Catalog::Catalog(const std::vector<LessonEntry>& list,
                 const std::vector<const ExperimentSpec*>& experiments, Runtime& runtime)
    : runtime_(runtime) {
  std::map<std::string, const ExperimentSpec*> unlisted;
  for (const ExperimentSpec* spec : experiments)
    if (!unlisted.emplace(spec->id, spec).second)
      throw std::logic_error("two experiments are called " + spec->id);
  for (const LessonEntry& entry : list) {
    Lesson lesson{entry.id, {}};
    for (const std::string& id : entry.experiments) {
      const auto found = unlisted.extract(id);
      if (!found)
        throw std::logic_error("an experiment that is listed twice or is not there: " + id);
      lesson.experiments.push_back(found.mapped());
    }
    lessons_.push_back(std::move(lesson));
  }
  if (!unlisted.empty())
    throw std::logic_error("an experiment that no lesson lists: " + unlisted.begin()->first);
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
