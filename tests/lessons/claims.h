// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the presets of an experiment and holds their verdicts.
#pragma once

#include <QTest>
#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "lessons/core/words.h"
#include "tests/lessons/experiment_run.h"

namespace viva::tests {

using Mood = VerdictData::Mood;

/// One, or as many as VIVA_CLAIM_SEEDS says.
inline int claimSeeds() { return std::max(1, qEnvironmentVariableIntValue("VIVA_CLAIM_SEEDS")); }

/// Rows `name`, one a preset.
inline void presetRows(const char* experiment) {
  QTest::addColumn<QString>("name");
  for (const Preset& preset : viva_catalog()->experiment(experiment).presets)
    QTest::newRow(preset.name.c_str()) << QString::fromStdString(preset.name);
}

/// The verdict has words in both languages, all arguments filled in; says them under `title`.
inline void sayVerdict(const VerdictData& verdict, const std::string& title) {
  for (Language language : {Language::English, Language::Chinese}) {
    const std::string sentence = Words::in(language)(verdict.sentence);
    qInfo("%s: %s", title.c_str(), sentence.c_str());
    QVERIFY(sentence.find('{') == std::string::npos && sentence != verdict.sentence.key);
  }
}

/// A mood, and which sentence was said: its key behind `<experiment>.verdict.`.
using Said = std::pair<Mood, std::string>;

/// What a verdict says, which is said under `title` as well.
inline Said saidBy(const VerdictData& verdict, const std::string& title) {
  static constexpr std::string_view kVerdict = ".verdict.";
  sayVerdict(verdict, title);
  const std::string& key = verdict.sentence.key;
  return {verdict.mood, key.substr(key.find(kVerdict) + kVerdict.size())};
}

/// Whether this is `./dev claims`: full lengths, heavy presets too.
inline bool isLongRun() { return claimSeeds() > 1; }

inline std::int64_t lengthOf(const ExperimentSpec& spec, const Preset& preset) {
  return preset.steps > 0 ? preset.steps : spec.default_steps;
}

/// Updates until the claim of a preset is judged.
inline std::int64_t patienceOf(const std::string& experiment, const std::string& preset) {
  for (const ClaimSpec& claim : viva_catalog()->experiment(experiment).claims)
    if (claim.preset == preset) return claim.patience;
  return 0;
}

/// Of `seeds`, how many must show a claim. A GAN is a game of chance, which another CPU's rounding
/// plays anew: one of five may miss.
inline int enoughSeeds(const std::string& experiment, int seeds) {
  return experiment.starts_with("gan-") ? std::max(1, seeds - 1) : seeds;
}

/// Open at the start, and true at the end, on `enoughSeeds`; no check fails. `quick`: the steps of
/// a run on one seed; 0 for the preset's own.
inline void holdClaim(const std::string& experiment, const std::string& name,
                      std::int64_t quick = 0) {
  const ExperimentSpec& spec = viva_catalog()->experiment(experiment);
  const Preset& preset = *spec.findPreset(name);
  if (quick == 0) quick = preset.quick_steps;
  const std::int64_t steps = quick > 0 && !isLongRun() ? quick : lengthOf(spec, preset);
  int held = 0;
  for (int seed = 1; seed <= claimSeeds(); ++seed) {
    const auto run = startedRun(experiment, {}, steps, static_cast<std::uint64_t>(seed), name);
    QCOMPARE(verdictOf(*run).mood, Mood::Open);
    run->advance(steps);
    const VerdictData verdict = verdictOf(*run);
    sayVerdict(verdict, "seed " + std::to_string(seed));
    held += verdict.mood == Mood::Holds;
    if (experiment.starts_with("gan-")) QVERIFY(run->nonFinite().empty());
    for (const CheckResult& check : run->checks()) {
      qInfo("  %s %g", check.id.c_str(), check.difference);
      QVERIFY2(!check.failed(), check.id.c_str());
    }
  }
  QVERIFY2(held >= enoughSeeds(experiment, claimSeeds()), qPrintable(QString::number(held)));
}

}  // namespace viva::tests
