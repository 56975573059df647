// SPDX-License-Identifier: GPL-3.0-or-later
// What a test asks of an experiment of the catalog before it runs, and of a run that shows itself.
#pragma once

#include <string_view>
#include <variant>

#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

namespace viva::tests {

inline Parameters parametersWith(std::string_view experiment, const Settings& settings) {
  Parameters parameters(viva_catalog()->experiment(experiment).parameters);
  for (const auto& [name, value] : settings) parameters.setFromText(name, value);
  return parameters;
}

/// What is said of settings that do not go together; the key `nothing thrown` where they do.
inline Message refusalWith(std::string_view experiment, const Settings& settings) {
  return fakes::refusalOf([&] {
    requireValid(viva_catalog()->experiment(experiment), parametersWith(experiment, settings));
  });
}

template <typename Data>
Data viewOf(Run& run, const char* id) {
  return std::get<Data>(run.frame()->views.at(id));
}

}  // namespace viva::tests
