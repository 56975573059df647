// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of the lesson transformer can say that a claim does not show.
#include <QTest>
#include <cmath>

#include "lessons/transformer/attention_lab.h"
#include "lessons/transformer/attention_numbers.h"
#include "lessons/transformer/position_race.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

/// Ten batches with that accuracy, the first of them update `first`.
LearningProgress progressAt(double accuracy, std::int64_t first = 20) {
  LearningProgress progress;
  for (std::int64_t step = first; step < first + 10; ++step) progress.observe(step, 0.1, accuracy);
  return progress;
}

LabVariant variantAt(double accuracy, std::int64_t first = 20) {
  return {progressAt(accuracy, first), {}, 2.5};
}

/// A net that has learned, with four heads that share the work.
LabState labAt(std::int64_t step, double accuracy = 1) {
  LabState state;
  state.step = step;
  state.length = 16;
  state.heads = 4;
  state.has_alignment = true;
  state.figures = {{0.6, 1, 1}, {0.7, 1, 1}, {0.5, 1, 0.99}, {0.8, 1, 0.8}};
  state.without_all = 0.1;
  state.own = variantAt(accuracy);
  state.own.figures = {2.5, 5};
  return state;
}

Mood moodOf(const char* preset, const LabState& state) {
  const VerdictData verdict = labVerdict(preset, state);
  sayVerdict(verdict, preset);
  return verdict.mood;
}

PositionRaceState raceAt(std::int64_t step, const std::vector<double>& longer, double within = 1) {
  PositionRaceState state;
  state.step = step;
  for (std::size_t i = 0; i < kEncodings.size(); ++i)
    state.standings.push_back({kEncodings[i], 100, progressAt(within), longer[i], {}});
  return state;
}

Mood raceMood(const char* preset, const PositionRaceState& state) {
  const VerdictData verdict = positionRaceVerdict(preset, state);
  sayVerdict(verdict, preset);
  return verdict.mood;
}

}  // namespace

class TransformerClaimsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aHeadThatDoesNotFormIsToldSo() {
    LabState state = labAt(100);
    state.rival = variantAt(0.25);
    state.rival_name = "no-positions";
    QCOMPARE(moodOf("a-head-forms", state), Mood::Open);
    state.formed_at = 60;
    QCOMPARE(moodOf("a-head-forms", state), Mood::Holds);
    state.rival = variantAt(0.9);  // it did as well without positions
    state.step = 150;
    QCOMPARE(moodOf("a-head-forms", state), Mood::Fails);
    state.rival.reset();
    QCOMPARE(moodOf("a-head-forms", state), Mood::Open);
  }

  void sharpRowsThatSortAreToldSo() {
    LabState state = labAt(300);
    QCOMPARE(moodOf("sort", state), Mood::Holds);
    state.rival = variantAt(0.25);
    state.rival_name = "no-positions";
    state.own.figures.entropy = 0.5;
    QCOMPARE(moodOf("sort", state), Mood::Fails);
    LabState unsolved = labAt(300, 0.9);
    QCOMPARE(moodOf("sort", unsolved), Mood::Fails);
  }

  void aNetThatReallyAddsIsToldSo() {
    LabState state = labAt(1000);
    state.accuracy_long = 0.2;
    QCOMPARE(moodOf("addition", state), Mood::Holds);
    state.accuracy_long = 0.9;
    QCOMPARE(moodOf("addition", state), Mood::Fails);
    state.step = 999;
    QCOMPARE(moodOf("addition", state), Mood::Open);
  }

  void aHeadThatCannotBeMissedIsToldSo() {
    LabState state = labAt(150);
    QCOMPARE(moodOf("knock-out-a-head", state), Mood::Holds);
    state.figures[3].without = 0.2;
    QCOMPARE(moodOf("knock-out-a-head", state), Mood::Fails);
    state = labAt(150);
    state.without_all = 0.9;  // attention was not needed at all
    QCOMPARE(moodOf("knock-out-a-head", state), Mood::Fails);
    state.figures.resize(1);
    QCOMPARE(moodOf("knock-out-a-head", state), Mood::Open);
  }

  void anOrderThatMattersIsToldSo() {
    LabState state = labAt(150);
    state.rival_name = "no-positions";
    state.rival = variantAt(0.25);
    state.rival->figures.order_effect = 1e-6;
    QCOMPARE(moodOf("without-positions", state), Mood::Holds);
    state.rival->figures.order_effect = 0.1;
    QCOMPARE(moodOf("without-positions", state), Mood::Fails);
  }

  void aRivalThatLearnsTooIsToldSo() {
    LabState state = labAt(150);
    state.rival_name = "post";
    state.rival = variantAt(0.1);
    QCOMPARE(moodOf("pre-or-post", state), Mood::Holds);
    state.rival = variantAt(1);
    QCOMPARE(moodOf("pre-or-post", state), Mood::Fails);
    state.step = 149;
    QCOMPARE(moodOf("pre-or-post", state), Mood::Open);
  }

  void aScaleThatMakesNoDifferenceIsToldSo() {
    LabState state = labAt(120);
    state.rival_name = "no-scale";
    state.rival = variantAt(1, 60);
    state.rival->entropy_at_start = 0.9;
    QCOMPARE(moodOf("without-the-scale", state), Mood::Holds);
    state.rival = variantAt(1, 21);  // one update later
    state.rival->entropy_at_start = 0.9;
    QCOMPARE(moodOf("without-the-scale", state), Mood::Fails);
    state.rival = variantAt(0.8);
    state.rival->entropy_at_start = 2.4;  // as broad at the start
    QCOMPARE(moodOf("without-the-scale", state), Mood::Fails);
  }

  void aRaceThatGoesTheOtherWayIsToldSo() {
    const std::vector<double> order{0.25, 0.45, 0.45, 0.95, 0.3};
    QCOMPARE(raceMood("order", raceAt(399, order)), Mood::Holds);
    QCOMPARE(raceMood("order", raceAt(400, {0.25, 0.9, 0.45, 0.95, 0.3})), Mood::Fails);
    QCOMPARE(raceMood("order", raceAt(400, order, 0.5)), Mood::Fails);  // it was never learned
    const std::vector<double> recency{0.6, 0.6, 0.6, 0.93, 0.97};
    QCOMPARE(raceMood("recency", raceAt(400, recency)), Mood::Holds);
    QCOMPARE(raceMood("recency", raceAt(400, {0.6, 0.9, 0.6, 0.93, 0.97})), Mood::Fails);
    const std::vector<double> set{1, 0.7, 0.8, 0.95, 0.995};
    QCOMPARE(raceMood("a-set", raceAt(400, set)), Mood::Holds);
    QCOMPARE(raceMood("a-set", raceAt(400, {1, 0.99, 0.99, 0.95, 0.995})), Mood::Fails);
    QCOMPARE(raceMood("a-set", raceAt(399, {0.9, 0.7, 0.8, 0.95, 0.995})), Mood::Open);
  }

  void numbersThatDoNotShowItAreToldSo_data() {
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::newRow("no mask") << "causal"
                             << "causal"
                             << "false";
    QTest::newRow("a width of one") << "variance-of-scores"
                                    << "width"
                                    << "1";
  }
  void numbersThatDoNotShowItAreToldSo() {
    QFETCH(QString, preset);
    QFETCH(QString, name);
    QFETCH(QString, value);
    const auto run = startedRun("attention-numbers", {{name.toStdString(), value.toStdString()}}, 5,
                                1, preset.toStdString());
    run->advance(std::int64_t{5});
    const VerdictData verdict = verdictOf(*run);
    sayVerdict(verdict, preset.toStdString());
    QCOMPARE(verdict.mood, Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(TransformerClaimsTest)
#include "transformer_claims_test.moc"
