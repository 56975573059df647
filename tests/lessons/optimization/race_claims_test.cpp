// SPDX-License-Identifier: GPL-3.0-or-later
// The claims of the race survive a small change, and the verdict can also say that one does not
// show.
#include <QTest>

#include "lessons/optimization/optimizer_race.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kRace = "optimizer-race";

Mood moodOf(Run& run) { return verdictOf(run).mood; }

const Preset& preset(const QString& name) {
  return *viva_catalog()->experiment(kRace).findPreset(name.toStdString());
}

}  // namespace

class OptimizerRaceClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theClaimSurvivesASmallChangeOfTheStart_data() { presetRows(kRace); }
  void theClaimSurvivesASmallChangeOfTheStart() {
    QFETCH(QString, name);
    for (const double factor : {0.95, 1.05}) {
      const ExperimentSpec& spec = viva_catalog()->experiment(kRace);
      const Point start = spec.parametersOf(name.toStdString())[kRaceStart];
      const auto run =
          finishedRun(kRace, {{"start", formatValue(Point{start.x * factor, start.y * factor})}},
                      preset(name).steps, 1, name.toStdString());
      QCOMPARE(moodOf(*run), Mood::Holds);
    }
  }

  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("parameter");
    QTest::addColumn<QString>("value");
    const auto row = [](const char* name, const char* parameter, const char* value) {
      QTest::newRow(name) << QString(name) << QString(parameter) << QString(value);
    };
    row("ravine-zigzag", "kappa", "2");
    row("escape-local-minimum", "start", "1.3,0.8");
    row("adagrad-stalls", "adagrad.lr", "1");
    row("rmsprop-tracks", "adagrad.lr", "2");
    row("adam-fast-start", "adam.lr", "0.001");
    row("adabelief-curvature", "adam.lr", "0.2");
    row("sgd-rate-sensitivity", "sgd.lr", "0.078");
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, name);
    QFETCH(QString, parameter);
    QFETCH(QString, value);
    const auto run = finishedRun(kRace, {{parameter.toStdString(), value.toStdString()}},
                                 preset(name).steps, 1, name.toStdString());
    QCOMPARE(moodOf(*run), Mood::Fails);
  }

  void aClaimAboutSomebodyWhoIsNotThereStaysOpen() {
    const auto run = finishedRun(kRace, {{"momentum.on", "false"}}, 150, 1, "ravine-zigzag");
    const auto verdict = std::get<VerdictData>(run->frame()->views.at("verdict"));
    QCOMPARE(verdict.mood, Mood::Open);
    QCOMPARE(verdict.sentence.key, std::string("optimizer-race.verdict.needs"));
  }

  /// Adagrad's rate "is 5×10⁸ now", it said: the learning rate divided by epsilon.
  void beforeTheFirstStepItSaysWhereAllStand_data() {
    presetRows(kRace);
    QTest::newRow("none") << "";
  }
  void beforeTheFirstStepItSaysWhereAllStand() {
    QFETCH(QString, name);
    const auto run = startedRun(kRace, {}, 1, 1, name.toStdString());
    const VerdictData verdict = verdictOf(*run);
    QCOMPARE(verdict.mood, Mood::Open);
    QCOMPARE(verdict.sentence.key, std::string("optimizer-race.verdict.early"));
    sayVerdict(verdict, name.toStdString());
  }

  /// On the axis there is no gradient along x, however long it takes.
  void aRateThatHasSeenNoGradientIsTheFirstOne() {
    const auto run =
        finishedRun(kRace, {{"start", "0,1.2"}, {"drift", "0"}}, 3, 1, "adagrad-stalls");
    double first = 0, now = 1;
    for (const auto& [name, value] : verdictOf(*run).sentence.arguments) {
      if (name == "first_rate") first = std::get<double>(value);
      if (name == "effective_rate") now = std::get<double>(value);
    }
    QCOMPARE(now, first);
  }

  void momentumEscapesAndStaysTheOnlyOne() {
    const auto run = finishedRun(kRace, {}, 120, 1, "escape-local-minimum");
    QVERIFY(tests::at(*run, 120, "momentum/f") < -0.25);
    for (const char* name : {"sgd/f", "adagrad/f", "rmsprop/f", "adam/f", "adamw/f", "adabelief/f"})
      QVERIFY2(tests::at(*run, 120, name) > 0.28, name);
  }

  void sgdClimbsByTheFactorOfItsClosedForm() {
    const auto run = finishedRun(kRace, {}, 50, 1, "sgd-rate-sensitivity");
    const double factor = 1 - 0.082 * 25;  // of y, a step
    QVERIFY(std::abs(tests::at(*run, 50, "sgd/y") / (1.2 * std::pow(factor, 50)) - 1) < 1e-12);
  }

  void theDefaultRaceStaysFiniteAndArrives() {
    const auto run = finishedRun(kRace, {}, 300);
    QVERIFY(run->nonFinite().empty());
    for (const char* name :
         {"sgd/f", "momentum/f", "adagrad/f", "rmsprop/f", "adam/f", "adamw/f", "adabelief/f"})
      QVERIFY2(tests::at(*run, 300, name) < 1e-6, name);
    QCOMPARE(moodOf(*run), Mood::Holds);
  }
};

QTEST_GUILESS_MAIN(OptimizerRaceClaimsTest)
#include "race_claims_test.moc"
