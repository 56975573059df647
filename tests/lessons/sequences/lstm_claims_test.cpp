// SPDX-License-Identifier: GPL-3.0-or-later
// The presets of the lesson lstm show their claims, and their verdicts can say that they do not.
// VIVA_CLAIM_SEEDS=5 holds every one of them on five seeds, to the end; without it, what takes
// seconds is run on one.
#include <QTest>

#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

bool isLong() { return qEnvironmentVariableIsSet("VIVA_CLAIM_SEEDS"); }

/// Advances until the verdict is no longer open, or to the end of the preset.
VerdictData decided(Run& run, std::int64_t steps) {
  constexpr std::int64_t kStride = 20;
  VerdictData verdict = verdictOf(run);
  while (verdict.mood == Mood::Open && run.step() < steps) {
    run.advance(kStride);
    verdict = verdictOf(run);
  }
  return verdict;
}

void say(const VerdictData& verdict, int seed, std::int64_t step) {
  sayVerdict(verdict, "seed " + std::to_string(seed) + ", step " + std::to_string(step));
}

}  // namespace

class LstmClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyPresetShowsItsClaim_data() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("seed");
    const std::vector<std::string> quick{"brackets", "next-character", "forget-bias-one"};
    for (const char* experiment : {"lstm-gates", "cell-race"})
      for (const Preset& preset : viva_catalog()->experiment(experiment).presets)
        if (isLong() || std::count(quick.begin(), quick.end(), preset.name))
          for (int seed = 1; seed <= claimSeeds(); ++seed)
            QTest::newRow((preset.name + ", seed " + std::to_string(seed)).c_str())
                << experiment << QString::fromStdString(preset.name) << seed;
  }
  void everyPresetShowsItsClaim() {
    QFETCH(QString, experiment);
    QFETCH(QString, name);
    QFETCH(int, seed);
    const auto& spec = viva_catalog()->experiment(experiment.toStdString());
    const Preset& preset = *spec.findPreset(name.toStdString());
    const auto run =
        startedRun(spec.id, {}, preset.steps, static_cast<std::uint64_t>(seed), preset.name);
    QCOMPARE(verdictOf(*run).mood, Mood::Open);
    VerdictData verdict = decided(*run, preset.steps);
    say(verdict, seed, run->step());
    if (QTest::currentTestFailed()) return;
    QCOMPARE(verdict.mood, Mood::Holds);
    QVERIFY(run->nonFinite().empty());
    for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
    if (!isLong()) return;
    run->advance(preset.steps);  // and it stays so
    verdict = verdictOf(*run);
    say(verdict, seed, run->step());
    QCOMPARE(verdict.mood, Mood::Holds);
  }

  void theLstmAddsWhereThePlainRnnDoesNot_data() {
    QTest::addColumn<int>("seed");
    for (int seed = 1; isLong() && seed <= claimSeeds(); ++seed)
      QTest::newRow(("seed " + std::to_string(seed)).c_str()) << seed;
    if (!isLong()) QTest::newRow("not now: minutes") << 0;
  }
  void theLstmAddsWhereThePlainRnnDoesNot() {
    QFETCH(int, seed);
    if (seed == 0) return;
    const auto run = startedRun("lstm-gates", {}, 1500, static_cast<std::uint64_t>(seed));
    const auto mean = [&](const char* record) {
      double sum = 0;
      for (std::int64_t row = run->step() - 19; row <= run->step(); ++row)
        sum += tests::at(*run, row, record);
      return sum / 20;
    };
    do run->advance(std::int64_t{20});
    while (mean("loss") > 0.01 && run->step() < 1500);
    QVERIFY(mean("loss") <= 0.01);
    QVERIFY(mean("rnn/loss") > 0.1);
  }

  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("settings");
    QTest::newRow("a cell that does not learn") << "lstm-gates"
                                                << "next-character"
                                                << "lr=1e-5 length=8";
    QTest::newRow("no bias to speak of") << "cell-race"
                                         << "forget-bias-one"
                                         << "forget_bias=0";
    QTest::newRow("a wait that is no wait") << "cell-race"
                                            << "rnn-forgets"
                                            << "length=4";
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, experiment);
    QFETCH(QString, name);
    QFETCH(QString, settings);
    const auto& spec = viva_catalog()->experiment(experiment.toStdString());
    const std::int64_t steps = isLong() ? spec.findPreset(name.toStdString())->steps : 600;
    const Settings chosen = settingsIn(settings.toStdString());
    const auto run = startedRun(spec.id, chosen, steps, 1, name.toStdString());
    const VerdictData verdict = decided(*run, steps);
    say(verdict, 1, run->step());
    QCOMPARE(verdict.mood, Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(LstmClaimsTest)
#include "lstm_claims_test.moc"
