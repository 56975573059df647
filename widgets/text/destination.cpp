// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/destination.h"

#include "lessons/core/error.h"

namespace viva {
namespace {

[[noreturn]] void refuse(const char* key, const std::string& name, const std::string& lesson) {
  throw RequestError({key, {{"name", name}, {"lesson", Word{"lesson." + lesson}}}});
}

const ExperimentSpec& onlyOneWith(const std::string& preset, const Lesson& lesson) {
  const ExperimentSpec* found = nullptr;
  for (const ExperimentSpec* spec : lesson.experiments) {
    if (!spec->findPreset(preset)) continue;
    if (found) refuse("link.ambiguous_preset", preset, lesson.id);
    found = spec;
  }
  if (!found) refuse("link.unknown_preset", preset, lesson.id);
  return *found;
}

}  // namespace

Destination destinationOf(const QString& link, const std::string& lesson, const Catalog& catalog) {
  const QString kind = link.section(QLatin1Char(':'), 0, 0);
  const std::string name = link.section(QLatin1Char(':'), 1).toStdString();
  if (kind == QLatin1String("lesson"))
    return {Destination::Kind::Lesson, catalog.lesson(name).id, nullptr, {}};
  if (kind == QLatin1String("experiment")) {
    const ExperimentSpec& spec = catalog.experiment(name);
    return {Destination::Kind::Experiment, catalog.lessonOf(spec).id, &spec, {}};
  }
  if (kind != QLatin1String("preset"))
    throw RequestError({"link.unknown_kind", {{"what", link.left(80).toStdString()}}});
  if (const std::size_t slash = name.find('/'); slash != std::string::npos) {
    const ExperimentSpec& spec = catalog.experiment(name.substr(0, slash));
    const std::string preset = name.substr(slash + 1);
    const Lesson& its_lesson = catalog.lessonOf(spec);
    if (!spec.findPreset(preset)) refuse("link.unknown_preset", name, its_lesson.id);
    return {Destination::Kind::Preset, its_lesson.id, &spec, preset};
  }
  if (lesson.empty()) throw RequestError({"link.preset_of_no_lesson", {{"name", name}}});
  const ExperimentSpec& spec = onlyOneWith(name, catalog.lesson(lesson));
  return {Destination::Kind::Preset, lesson, &spec, name};
}

}  // namespace viva
