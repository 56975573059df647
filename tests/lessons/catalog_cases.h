// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the tests that hold for every experiment of the catalog.
#pragma once

#include <QTest>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/catalog.h"
#include "lessons/core/error.h"
#include "lessons/core/run.h"
#include "lessons/core/words.h"

extern "C" const viva::Catalog* viva_catalog();

namespace viva::cases {

inline const Catalog& catalog() { return *viva_catalog(); }

inline std::vector<const ExperimentSpec*> experimentSpecs() {
  std::vector<const ExperimentSpec*> specs;
  for (const Lesson& lesson : catalog().lessons())
    specs.insert(specs.end(), lesson.experiments.begin(), lesson.experiments.end());
  return specs;
}

/// Those of the lessons that VIVA_CATALOG_LESSONS names (`lstm,gan`); all where it is not set.
inline std::vector<const ExperimentSpec*> chosenSpecs() {
  const QStringList chosen =
      qEnvironmentVariable("VIVA_CATALOG_LESSONS").split(',', Qt::SkipEmptyParts);
  std::vector<const ExperimentSpec*> specs;
  for (const Lesson& lesson : catalog().lessons())
    if (chosen.isEmpty() || chosen.contains(QString::fromStdString(lesson.id)))
      specs.insert(specs.end(), lesson.experiments.begin(), lesson.experiments.end());
  return specs;
}

/// One setting of one experiment: a preset, and one parameter at an extreme with whatever makes
/// that parameter count.
struct Case {
  const ExperimentSpec* spec = nullptr;
  std::string preset;
  std::vector<std::pair<std::string, Value>> settings;

  Parameters parameters() const {
    Parameters p = spec->parametersOf(preset);
    for (const auto& [name, value] : settings) p.set(name, value);
    return p;
  }
};

/// Minimum and maximum, both toggles, every choice, corners, certainties.
inline std::vector<Value> extremesOf(const ParameterSpec& spec) {
  const double low = spec.minimum, high = spec.maximum;
  switch (spec.kind()) {
    case ParameterKind::Real:
      return {low, high};
    case ParameterKind::Integer:
      return {static_cast<std::int64_t>(low), static_cast<std::int64_t>(high)};
    case ParameterKind::Toggle:
      return {false, true};
    case ParameterKind::Choice: {
      std::vector<Value> values;
      for (const std::string& name : spec.choices) values.push_back(Choice{name});
      return values;
    }
    case ParameterKind::Point:
      return {Point{low, low}, Point{high, high}, Point{low, high}, Point{0, 0}};
    case ParameterKind::Distribution: {
      const std::size_t size = std::get<Distribution>(spec.default_value).weights.size();
      Distribution first{std::vector<double>(size)}, last = first, even = first;
      first.weights.front() = last.weights.back() = 1;
      for (double& weight : even.weights) weight = 1.0 / static_cast<double>(size);
      return {first, last, even};
    }
    case ParameterKind::Points:
      return {Points{}, Points{{{low, high, 0}, {high, low, 1}}}};
    case ParameterKind::Box:
      return {Box{low, low, high, high}, Box{low, low, low, low}};
    case ParameterKind::Drawing:
      return {Drawing{}, Drawing{{{{0, 0}, {1, 1}}, {{0.5, 0.25}}}}};
    case ParameterKind::Text:
    case ParameterKind::File:
      return {};
  }
  return {};
}

/// Where one setting alone is refused (a convnet needs pictures), the first choice of another
/// parameter that makes it possible; without one, the case stays as it is and must be refused well.
inline Case madePossible(Case c) {
  const auto possible = [](const Case& tried) {
    return !tried.spec->validate || !tried.spec->validate(tried.parameters());
  };
  if (possible(c)) return c;
  for (const ParameterSpec& other : c.spec->parameters) {
    if (other.kind() != ParameterKind::Choice || other.name == c.settings.back().first) continue;
    for (const std::string& name : other.choices) {
      Case tried = c;
      tried.settings.insert(tried.settings.begin(), {other.name, Choice{name}});
      if (possible(tried)) return tried;
    }
  }
  return c;
}

enum class Cases { Presets, Extremes };

inline void experimentRows() {
  QTest::addColumn<const ExperimentSpec*>("spec");
  for (const ExperimentSpec* spec : chosenSpecs()) QTest::newRow(spec->id.c_str()) << spec;
}

inline void caseRows(Cases which) {
  QTest::addColumn<Case>("experiment_case");
  for (const ExperimentSpec* spec : chosenSpecs()) {
    QTest::newRow((spec->id + ", defaults").c_str()) << Case{spec, "", {}};
    for (const Preset& preset : spec->presets)
      QTest::newRow((spec->id + ", " + preset.name).c_str()) << Case{spec, preset.name, {}};
    if (which == Cases::Presets) continue;
    const Parameters defaults(spec->parameters);
    for (const ParameterSpec& parameter : spec->parameters)
      for (const Value& value : extremesOf(parameter)) {
        Case c{spec, "", {}};
        if (parameter.relevance)
          c.settings.emplace_back(parameter.relevance->parameter,
                                  parseValue(defaults.spec(parameter.relevance->parameter),
                                             parameter.relevance->values.front()));
        c.settings.emplace_back(parameter.name, value);
        if (c.parameters() == defaults) continue;  // an extreme that is the default: the first row
        QTest::newRow((spec->id + ", " + parameter.name + "=" + formatValue(value)).c_str())
            << madePossible(c);
      }
  }
}

inline constexpr std::int64_t kToTheEnd = std::numeric_limits<std::int64_t>::max();

inline std::unique_ptr<Run> runOf(const Case& c, std::int64_t steps, std::uint64_t seed = 1,
                                  const std::vector<Event>& events = {}) {
  RunSettings settings{c.parameters()};
  settings.preset = c.preset;
  settings.steps = steps;
  settings.seed = seed;
  settings.events = events;
  return std::make_unique<Run>(*c.spec, settings, catalog().runtime());
}

inline std::string reasonOf(const Run& run) {
  return run.message() ? Words::in(Language::English)(*run.message()) : std::string();
}

/// The message's key or a word among its arguments that is not in the table; empty when all are.
inline std::string keyWithoutWords(const Message& message, Language language) {
  // What cannot be said is said as its key; a word of an experiment may be one that all have.
  const Words& words = Words::in(language);
  if (words(message.key) == message.key) return message.key;
  for (const auto& [name, argument] : message.arguments)
    if (const auto* word = std::get_if<Word>(&argument); word && words(word->key) == word->key)
      return word->key;
  return {};
}

/// The first record that is not finite and is not named as such; empty when there is none.
inline std::string unnamedNonFinite(const Run& run) {
  const auto specs = run.spec().records(run.initialParameters());
  for (std::size_t column = 0; column < specs.size(); ++column)
    for (std::int64_t row = 0; row < run.records().rows(); ++row) {
      const double value = run.records().at(row, column);
      if (std::isfinite(value) || isAbsent(value)) continue;
      if (std::isinf(value) && specs[column].may_be_infinite) continue;
      if (!run.nonFinite().contains(specs[column].name)) return specs[column].name;
    }
  return {};
}

}  // namespace viva::cases

Q_DECLARE_METATYPE(viva::cases::Case)
Q_DECLARE_METATYPE(const viva::ExperimentSpec*)
