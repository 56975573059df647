// SPDX-License-Identifier: GPL-3.0-or-later
// Every preset of every experiment has a claim: open at the start, and true at the end.
// VIVA_CLAIM_SEEDS=5 (./dev claims) holds all of them at their full length on five seeds.
#include "tests/lessons/catalog_cases.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::cases;
using namespace viva::tests;

class CatalogClaimsTest : public QObject {
  Q_OBJECT

  /// All of them, and each experiment without one.
  static void presetRows() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("preset");
    const auto row = [](const ExperimentSpec& spec, const std::string& preset) {
      QTest::newRow((spec.id + "/" + preset).c_str())
          << QString::fromStdString(spec.id) << QString::fromStdString(preset);
    };
    for (const ExperimentSpec* spec : chosenSpecs()) {
      row(*spec, "");
      for (const Preset& preset : spec->presets) row(*spec, preset.name);
    }
  }

 private Q_SLOTS:
  void everyPresetHasOneClaim() {
    for (const ExperimentSpec* spec : chosenSpecs()) {
      std::vector<std::string> presets, claims;
      for (const Preset& preset : spec->presets) presets.push_back(preset.name);
      for (const ClaimSpec& claim : spec->claims) claims.push_back(claim.preset);
      std::sort(presets.begin(), presets.end());
      std::sort(claims.begin(), claims.end());
      QCOMPARE(claims, presets);
    }
  }

  /// Of what only updates give there is nothing to say before the first one.
  void beforeTheFirstUpdateItIsEarly_data() { presetRows(); }
  void beforeTheFirstUpdateItIsEarly() {
    QFETCH(QString, experiment);
    QFETCH(QString, preset);
    const auto run = startedRun(experiment.toStdString(), {}, 1, 1, preset.toStdString());
    const VerdictData verdict = verdictOf(*run);
    QCOMPARE(verdict.mood, Mood::Open);
    QCOMPARE(verdict.sentence.key, experiment.toStdString() + ".verdict.early");
    sayVerdict(verdict, preset.toStdString());
  }

  void everyPresetShowsItsClaim_data() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("preset");
    bool is_any_due = false;
    for (const ExperimentSpec* spec : chosenSpecs())
      for (const Preset& preset : spec->presets)
        if (!preset.is_heavy || isLongRun()) {
          is_any_due = true;
          QTest::newRow((spec->id + "/" + preset.name).c_str())
              << QString::fromStdString(spec->id) << QString::fromStdString(preset.name);
        }
    if (!is_any_due) QSKIP("all presets of this lesson are heavy: ./dev claims holds them");
  }
  void everyPresetShowsItsClaim() {
    QFETCH(QString, experiment);
    QFETCH(QString, preset);
    holdClaim(experiment.toStdString(), preset.toStdString());
  }
};

QTEST_GUILESS_MAIN(CatalogClaimsTest)
#include "catalog_claims_test.moc"
