// SPDX-License-Identifier: GPL-3.0-or-later
// Short ways to run what the tests of this folder look at.
#pragma once

#include <cmath>
#include <cstring>
#include <map>
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

inline double at(const Run& run, std::int64_t row, const std::string& record) {
  const int column = run.records().find(record);
  return column < 0 ? std::nan("") : run.records().at(row, static_cast<std::size_t>(column));
}

inline VerdictData verdictOf(Run& run) {
  return std::get<VerdictData>(run.frame()->views.at("verdict"));
}

/// The named weights that a run would write.
inline std::map<std::string, NamedArray> weightsOf(const Run& run) {
  struct Sink : WeightSink {
    std::map<std::string, NamedArray> arrays;
    void add(NamedArray array) override { arrays[array.name] = std::move(array); }
  } sink;
  run.save(sink);
  return sink.arrays;
}

}  // namespace viva::tests
