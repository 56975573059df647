// SPDX-License-Identifier: GPL-3.0-or-later
// Short ways to run an experiment of the catalog and to look at what it gave.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/catalog.h"
#include "lessons/core/run.h"

extern "C" const viva::Catalog* viva_catalog();

namespace viva::tests {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// `depth=3 lr=0.1`, as tables of tests spell them.
inline Settings settingsIn(const std::string& text) {
  Settings settings;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    settings.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return settings;
}

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

inline VerdictData verdictOf(Run& run, const char* view = "verdict") {
  return std::get<VerdictData>(run.frame()->views.at(view));
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
