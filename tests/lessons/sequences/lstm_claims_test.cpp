// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of the lesson lstm can say that a claim does not show.
// VIVA_CLAIM_SEEDS=5 takes the runs that need minutes too.
#include <QTest>

#include "lessons/sequences/cell_race.h"
#include "lessons/sequences/lstm_gates.h"
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

/// Twenty batches at that loss; 0.01 is the goal.
SequenceProgress progressAt(double loss) {
  SequenceProgress progress(0.01);
  for (std::int64_t step = 1; step <= 20; ++step) progress.observe(step, loss, 0.5);
  return progress;
}

/// Of the entrant with that number.
CellStanding standingOf(std::size_t entrant, double loss) {
  return {kEntrants[entrant], 100, progressAt(loss), {1, 1}, 1};
}

void say(const VerdictData& verdict, int seed, std::int64_t step) {
  sayVerdict(verdict, "seed " + std::to_string(seed) + ", step " + std::to_string(step));
}

}  // namespace

class LstmClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void gatesThatDoNotMatterAreToldSo() {
    const SequenceProgress solved = progressAt(0.001), stuck = progressAt(0.3);
    const auto verdictOn = [](const char* preset, const GatesState& state) {
      const VerdictData verdict = gatesVerdict(preset, state);
      sayVerdict(verdict, preset);
      return std::pair{verdict.mood, verdict.sentence.key};
    };
    using Said = std::pair<Mood, std::string>;
    const std::string standing = "lstm-gates.verdict.standing";
    for (const char* preset : {"adding-50", "brackets"}) {
      // The plain RNN was as far as the cell.
      const std::string own = std::string("lstm-gates.verdict.") + preset;
      QCOMPARE(verdictOn(preset, {100, 0.3, solved, &solved, 0.001}), Said(Mood::Fails, own));
      QCOMPARE(verdictOn(preset, {100, 0.3, solved, &stuck, 0.2}), Said(Mood::Holds, own));
      QCOMPARE(verdictOn(preset, {999, 0.3, stuck, &stuck}), Said(Mood::Open, standing));
      QCOMPARE(verdictOn(preset, {1200, 0.3, stuck, &stuck}), Said(Mood::Fails, standing));
    }
    const std::string copy = "lstm-gates.verdict.copy-20";
    QCOMPARE(verdictOn("copy-20", {1999, 0.3, stuck, &stuck}), Said(Mood::Open, copy));
    QCOMPARE(verdictOn("copy-20", {2000, 0.3, stuck, &stuck}), Said(Mood::Fails, copy));
    QCOMPARE(verdictOn("copy-20", {100, 0.3, solved, &stuck}), Said(Mood::Holds, copy));
    QCOMPARE(verdictOn("next-character", {599, 0.3, stuck}), Said(Mood::Open, standing));
    QCOMPARE(verdictOn("next-character", {600, 0.3, stuck}), Said(Mood::Fails, standing));
    const std::string held = "lstm-gates.verdict.forget-gate-shut";
    const auto withHeld = [&](double loss) {
      return GatesState{100, 0.3, solved, nullptr, std::nullopt, HeldLosses{0.001, loss}};
    };
    QCOMPARE(verdictOn("forget-gate-shut", withHeld(0.005)), Said(Mood::Fails, held));
    QCOMPARE(verdictOn("forget-gate-shut", withHeld(0.3)), Said(Mood::Holds, held));
    QCOMPARE(verdictOn("forget-gate-shut", {900, 0.3, solved}), Said(Mood::Open, standing));
    QCOMPARE(verdictOn("", {900, 0.3, solved}), Said(Mood::Open, standing));
  }

  void aRaceThatGoesTheOtherWayIsToldSo() {
    const auto verdictOn = [](const char* preset, std::int64_t step,
                              const std::vector<CellStanding>& standings) {
      const VerdictData verdict = cellRaceVerdict(preset, {step, 50, 0.3, 1, standings});
      sayVerdict(verdict, preset);
      return std::pair{verdict.mood, verdict.sentence.key.substr(18)};
    };
    using Said = std::pair<Mood, std::string>;
    const auto lstm = standingOf(0, 0.001), lost_lstm = standingOf(0, 0.3);
    const auto peephole = standingOf(1, 0.001), lost_peephole = standingOf(1, 0.3);
    const auto gru = standingOf(2, 0.001), lost_gru = standingOf(2, 0.3);
    const auto rnn = standingOf(3, 0.001), lost_rnn = standingOf(3, 0.3);
    const auto zero = standingOf(4, 0.3);
    QCOMPARE(verdictOn("gru-is-enough", 100, {lstm, lost_gru}), Said(Mood::Fails, "standing"));
    QCOMPARE(verdictOn("gru-is-enough", 999, {lost_lstm, lost_gru}), Said(Mood::Open, "standing"));
    QCOMPARE(verdictOn("gru-is-enough", 1000, {lost_lstm, lost_gru}),
             Said(Mood::Fails, "standing"));
    QCOMPARE(verdictOn("gru-is-enough", 100, {lost_lstm, gru}),
             Said(Mood::Holds, "gru-is-enough.gru_first"));
    QCOMPARE(verdictOn("gru-is-enough", 100, {lstm, gru}), Said(Mood::Holds, "gru-is-enough.both"));
    QCOMPARE(verdictOn("gru-is-enough", 2000, {lstm}), Said(Mood::Open, "early"));
    QCOMPARE(verdictOn("rnn-forgets", 100, {lstm, rnn}), Said(Mood::Fails, "rnn-forgets"));
    QCOMPARE(verdictOn("rnn-forgets", 100, {lstm, lost_rnn}), Said(Mood::Holds, "rnn-forgets"));
    QCOMPARE(verdictOn("rnn-forgets", 1500, {lost_lstm, lost_rnn}), Said(Mood::Fails, "standing"));
    QCOMPARE(verdictOn("forget-bias-one", 1, {lost_lstm, zero}),
             Said(Mood::Fails, "forget-bias-one"));
    QCOMPARE(verdictOn("peephole-timing", 1499, {lost_lstm, peephole}),
             Said(Mood::Open, "peephole-timing.alone"));
    QCOMPARE(verdictOn("peephole-timing", 1500, {lost_lstm, peephole}),
             Said(Mood::Fails, "peephole-timing.alone"));
    QCOMPARE(verdictOn("peephole-timing", 100, {lstm, peephole}),
             Said(Mood::Holds, "peephole-timing.both"));
    QCOMPARE(verdictOn("peephole-timing", 100, {lstm, lost_peephole}),
             Said(Mood::Holds, "peephole-timing.not_needed"));
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
