// SPDX-License-Identifier: GPL-3.0-or-later
// What the presets of the training must keep besides their claims, and that the verdict can also
// say that a claim does not show. VIVA_CLAIM_SEEDS=5 holds them on five seeds.
#include <QTest>

#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kTraining = "optimizer-training";

const Preset& preset(const QString& name) {
  return *viva_catalog()->experiment(kTraining).findPreset(name.toStdString());
}

}  // namespace

class TrainingClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void twentyUpdatesAreTooFewAndNoPresetDiverges_data() { presetRows(kTraining); }
  void twentyUpdatesAreTooFewAndNoPresetDiverges() {
    QFETCH(QString, name);
    const std::int64_t steps = preset(name).steps;
    for (int seed = 1; seed <= claimSeeds(); ++seed) {
      const auto run =
          startedRun(kTraining, {}, steps, static_cast<std::uint64_t>(seed), name.toStdString());
      run->advance(20);
      QCOMPARE(verdictOf(*run).mood, Mood::Open);
      run->advance(steps);
      QVERIFY(run->nonFinite().empty());
    }
  }

  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("parameter");
    QTest::addColumn<QString>("value");
    QTest::newRow("too slow a rate") << "seven-at-once"
                                     << "sgd.lr"
                                     << "1e-6";
    QTest::newRow("hardly any decay") << "adam-l2-vs-adamw"
                                      << "weight_decay"
                                      << "1e-6";
    QTest::newRow("too slow a rate for Adagrad") << "sparse-features"
                                                 << "adagrad.lr"
                                                 << "0.002";
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, name);
    QFETCH(QString, parameter);
    QFETCH(QString, value);
    const auto run = finishedRun(kTraining, {{parameter.toStdString(), value.toStdString()}},
                                 preset(name).steps, 1, name.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }

  void bothDecaysShrinkTheNetAlike() {
    for (int seed = 1; seed <= claimSeeds(); ++seed) {
      const auto run = finishedRun(kTraining, {}, preset(QString("adam-l2-vs-adamw")).steps,
                                   static_cast<std::uint64_t>(seed), "adam-l2-vs-adamw");
      const double ratio = at(*run, 1500, "adam/weight_norm") / at(*run, 1500, "adamw/weight_norm");
      QVERIFY2(ratio > 0.85 && ratio < 1.18, qPrintable(QString::number(ratio)));
    }
  }
};

QTEST_GUILESS_MAIN(TrainingClaimsTest)
#include "training_claims_test.moc"
