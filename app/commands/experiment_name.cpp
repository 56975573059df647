// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/experiment_name.h"

#include "app/commands/sentence.h"
#include "lessons/core/error.h"

namespace viva {

const ExperimentSpec& experimentNamed(const std::string& name, const Catalog& catalog) {
  if (!name.empty()) return catalog.experiment(name);
  std::vector<std::string> names;
  for (const Lesson& lesson : catalog.lessons())
    for (const ExperimentSpec* spec : lesson.experiments) names.push_back(spec->id);
  throw RequestError({"command.error.experiment_missing", {{"allowed", joined(names)}}});
}

}  // namespace viva
