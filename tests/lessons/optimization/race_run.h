// SPDX-License-Identifier: GPL-3.0-or-later
// Short ways to run what the tests of this folder look at.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/catalog.h"
#include "lessons/core/run.h"

extern "C" const viva::Catalog* viva_catalog();

namespace viva::tests {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// At its row 0, ready to be advanced.
inline std::unique_ptr<Run> startedRun(std::string_view experiment, const Settings& settings,
                                       std::int64_t steps, std::uint64_t seed = 1,
                                       const std::string& preset = "") {
  const ExperimentSpec& spec = viva_catalog()->experiment(experiment);
  RunSettings run{preset.empty() ? Parameters(spec.parameters) : spec.parametersOf(preset)};
  for (const auto& [name, value] : settings) run.parameters.setFromText(name, value);
  run.seed = seed;
  run.preset = preset;
  run.steps = steps;
  return std::make_unique<Run>(spec, std::move(run), viva_catalog()->runtime());
}

inline std::unique_ptr<Run> finishedRun(std::string_view experiment, const Settings& settings,
                                        std::int64_t steps, std::uint64_t seed = 1,
                                        const std::string& preset = "") {
  auto run = startedRun(experiment, settings, steps, seed, preset);
  run->advance(steps);
  return run;
}

inline double at(const Run& run, std::int64_t row, const std::string& record) {
  const int column = run.records().find(record);
  return column < 0 ? std::nan("") : run.records().at(row, static_cast<std::size_t>(column));
}

}  // namespace viva::tests
