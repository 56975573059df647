// SPDX-License-Identifier: GPL-3.0-or-later
// What comes out of each demo is what demos.json expects and its explanation tells.
// VIVA_CLAIM_SEEDS=5 (./dev claims) holds all of them on five seeds.
#include <QFile>
#include <ctime>

#include "tests/lessons/catalog_cases.h"
#include "tests/lessons/claims.h"
#include "widgets/study/demo_rule.h"

using namespace viva;
using namespace viva::cases;
using namespace viva::tests;

namespace {

/// Of a run in `./dev test`; a demo that takes longer is held by `./dev claims`.
constexpr double kSeconds = 1;

double cpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// From the file: the texts of all lessons, compiled in, would change with every one of them.
std::map<QString, DemoRule> rulesOf(const Lesson& lesson) {
  QFile file(QString(VIVA_SOURCE_DIR "/resources/lessons/%1/demos.json").arg(lesson.id.c_str()));
  if (!file.open(QIODevice::ReadOnly)) return {};
  return demoRulesIn(file.readAll());
}

}  // namespace

class DemoClaimsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyDemoComesOutAsExpected_data() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("preset");
    bool expects = false;
    for (const ExperimentSpec* spec : chosenSpecs()) {
      const auto rules = rulesOf(catalog().lessonOf(*spec));
      const QString experiment = QString::fromStdString(spec->id);
      for (const Preset& preset : spec->presets) {
        const QString name = QString::fromStdString(preset.name);
        const DemoRule* rule = demoOf(rules, experiment, name);
        if (!rule || !rule->expect) continue;
        QTest::newRow((spec->id + "/" + preset.name).c_str()) << experiment << name;
        expects = true;
      }
    }
    if (!expects) QTest::newRow("none") << QString() << QString();
  }
  void everyDemoComesOutAsExpected() {
    QFETCH(QString, experiment);
    QFETCH(QString, preset);
    if (experiment.isEmpty()) QSKIP("no demo of these lessons says what it expects");
    const ExperimentSpec& spec = catalog().experiment(experiment.toStdString());
    const auto rules = rulesOf(catalog().lessonOf(spec));
    const DemoRule& rule = *demoOf(rules, experiment, preset);
    const std::string name = preset.toStdString();
    const std::int64_t steps = lengthOf(spec, *spec.findPreset(name));
    for (int seed = 1; seed <= claimSeeds(); ++seed) {
      const auto run = startedRun(spec.id, {}, steps, static_cast<std::uint64_t>(seed), name);
      const double begin = cpuSeconds();
      while (run->status() == RunStatus::Running) {
        run->advance(std::max<std::int64_t>(1, steps / 100));
        if (!isLongRun() && cpuSeconds() - begin > kSeconds)
          QSKIP("longer than a second: held by ./dev claims");
      }
      const auto outcome = outcomeOf(rule, run->records());
      QVERIFY2(outcome, "the run does not say");
      const auto* curve = std::get_if<SketchedCurve>(&*outcome);
      const QString said = curve ? QString::number(curve->back().y()) : toText(*outcome);
      qInfo("seed %d: %s", seed, qPrintable(said));
      QVERIFY2(isExpected(rule, *outcome), qPrintable(said));
    }
  }
};

QTEST_GUILESS_MAIN(DemoClaimsTest)
#include "demo_claims_test.moc"
