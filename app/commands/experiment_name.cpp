// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/experiment_name.h"

#include "app/commands/sentence.h"
#include "lessons/core/error.h"

namespace viva {

std::vector<std::string> experimentNames(const Catalog& catalog) {
  std::vector<std::string> names;
  for (const Lesson& lesson : catalog.lessons())
    for (const ExperimentSpec* spec : lesson.experiments) names.push_back(spec->id);
  return names;
}

const ExperimentSpec* findExperiment(const std::string& name, const Catalog& catalog) {
  for (const Lesson& lesson : catalog.lessons())
    for (const ExperimentSpec* spec : lesson.experiments)
      if (spec->id == name) return spec;
  return nullptr;
}

const ExperimentSpec& experimentNamed(const std::string& name, const Catalog& catalog) {
  if (!name.empty()) return catalog.experiment(name);
  throw RequestError(
      {"command.error.experiment_missing", {{"allowed", joined(experimentNames(catalog))}}});
}

}  // namespace viva
