// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of digit-reader can say that a claim does not show.
#include <QTest>

#include "lessons/convolution/digit_reader.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

DigitState stateAt(std::int64_t step) {
  DigitState state;
  state.step = step;
  state.meant = state.read = 3;
  state.shift = 4;
  state.probability = 0.9;
  state.lenet = {0.97, 0.5, 0.98};
  state.mlp = {0.94, 0.35, 0.97};
  state.pooled = {0.9, 0.8, 0.9};
  state.has_pooled = state.has_heat_maps = true;
  state.heat = {0.25, 0.05, 0.5, 0.85};
  state.half_share = 0.28;
  state.untrained_half_share = 0.35;
  return state;
}

Said said(const char* preset, const DigitState& state) {
  return saidBy(digitVerdict(preset, state), preset);
}

}  // namespace

class DigitReaderClaimsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aDigitThatIsReadOtherwiseIsToldSo() {
    DigitState state = stateAt(300);
    QCOMPARE(said("reads-your-digit", state), Said(Mood::Holds, "reads-your-digit"));
    state.read = 8;
    QCOMPARE(said("reads-your-digit", state), Said(Mood::Fails, "reads-your-digit.other"));
    state.step = 100;
    QCOMPARE(said("reads-your-digit", state), Said(Mood::Open, "reads-your-digit.other"));
    state = stateAt(300);
    state.lenet.test = 0.8;
    QCOMPARE(said("reads-your-digit", state), Said(Mood::Fails, "reads-your-digit"));
  }

  void anEmptyPaperIsSaidInOneSentence() {
    DigitState state = stateAt(300);
    state.is_drawn = false;
    QCOMPARE(said("reads-your-digit", state), Said(Mood::Open, "empty_paper"));
    QCOMPARE(said("", state), Said(Mood::Open, "empty_paper"));
    QCOMPARE(said("", stateAt(0)), Said(Mood::Open, "early"));
  }

  void netsThatLoseAlikeAreToldSo() {
    DigitState state = stateAt(400);
    QCOMPARE(said("shift-the-digit", state), Said(Mood::Holds, "shift-the-digit"));
    state.mlp.shifted = 0.48;
    QCOMPARE(said("shift-the-digit", state), Said(Mood::Fails, "shift-the-digit"));
    state = stateAt(400);
    state.pooled.shifted = 0.55;
    QCOMPARE(said("shift-the-digit", state), Said(Mood::Fails, "shift-the-digit"));
    state.shift = 0;
    QCOMPARE(said("shift-the-digit", state), Said(Mood::Open, "standing"));
    state = stateAt(400);
    state.has_pooled = false;
    QCOMPARE(said("shift-the-digit", state), Said(Mood::Open, "standing"));
  }

  void aMapThatChangesIsToldSo() {
    DigitState state = stateAt(200);
    QCOMPARE(said("is-the-heat-map-honest", state), Said(Mood::Holds, "is-the-heat-map-honest"));
    state.heat.kept_guided = 0.5;
    QCOMPARE(said("is-the-heat-map-honest", state), Said(Mood::Fails, "is-the-heat-map-honest"));
    state.heat = {0.25, 0.7, 0.7, 0.9};
    QCOMPARE(said("is-the-heat-map-honest", state), Said(Mood::Fails, "is-the-heat-map-honest"));
    state.has_heat_maps = false;
    QCOMPARE(said("is-the-heat-map-honest", state), Said(Mood::Open, "standing"));
  }

  void anEvenFieldAndOneThatGrewAreToldSo() {
    DigitState state = stateAt(200);
    QCOMPARE(said("receptive-field", state), Said(Mood::Holds, "receptive-field"));
    state.half_share = 0.45;
    QCOMPARE(said("receptive-field", state), Said(Mood::Fails, "receptive-field"));
    state.half_share = 0.34;
    state.untrained_half_share = 0.33;
    QCOMPARE(said("receptive-field", state), Said(Mood::Fails, "receptive-field"));
  }

  void aClaimIsWithdrawnInARunToo() {
    // The same drawing, meant as another digit; and a unit at the rim of convolution 1, whose box
    // of 5 x 5 pixels counts nearly alike.
    const auto other = finishedRun("digit-reader", {{"digit", "4"}, {"samples", "500"}}, 300, 1,
                                   "reads-your-digit");
    QCOMPARE(verdictOf(*other).mood, Mood::Fails);
    const auto first =
        finishedRun("digit-reader", {{"map", "1"}, {"samples", "500"}}, 200, 1, "receptive-field");
    QCOMPARE(verdictOf(*first).mood, Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(DigitReaderClaimsTest)
#include "digit_reader_claims_test.moc"
