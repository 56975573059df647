// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of the lesson vit can say that a claim does not show.
#include <QTest>

#include "lessons/vit/vit_vs_cnn.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

VitStanding netAt(const std::string& id, double accuracy, double training = 1) {
  VitStanding standing;
  standing.net.id = id;
  standing.net.is_vit = id != kUntuned && !id.starts_with("cnn");
  standing.net.is_tuned = id != kUntuned;
  standing.net.images = 100;
  standing.accuracy = accuracy;
  standing.train_accuracy = training;
  standing.shifted = {accuracy, accuracy, accuracy, accuracy, accuracy};
  standing.shuffled = accuracy;
  return standing;
}

Said verdictOn(const char* preset, const ContestState& state) {
  return saidBy(contestVerdict(preset, state), preset);
}

ContestState stateOf(std::int64_t step, std::vector<VitStanding> nets,
                     Contest contest = Contest::Cnn) {
  ContestState state;
  state.step = state.learned = step;
  state.shift = 2;
  state.contest = contest;
  state.nets = std::move(nets);
  return state;
}

}  // namespace

class VitClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aViTThatNeedsNoMoreImagesWouldBeToldSo() {
    const char* preset = "little-data";
    const auto of = [](std::int64_t step, double vit, double cnn, double trained = 1) {
      return stateOf(step, {netAt(kVit, vit, trained), netAt(kCnn, cnn)});
    };
    QCOMPARE(verdictOn(preset, of(200, 0.6, 0.8)), Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, of(200, 0.79, 0.8)), Said(Mood::Open, preset));
    QCOMPARE(verdictOn(preset, of(400, 0.79, 0.8)), Said(Mood::Fails, preset));
    // A ViT that has not learned its own images is no rival.
    QCOMPARE(verdictOn(preset, of(400, 0.6, 0.8, 0.9)), Said(Mood::Fails, preset));
  }

  void aGapThatDoesNotCloseWouldBeToldSo() {
    const char* preset = "the-gap-closes";
    const auto of = [](double all, double tenth, double hundredth) {
      return stateOf(500,
                     {netAt(kVit, 0.9 - all), netAt(kCnn, 0.9), netAt("vit-tenth", 0.9 - tenth),
                      netAt("cnn-tenth", 0.9), netAt("vit-hundredth", 0.9 - hundredth),
                      netAt("cnn-hundredth", 0.9)},
                     Contest::Sizes);
    };
    QCOMPARE(verdictOn(preset, of(0.05, 0.1, 0.2)), Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, of(0.15, 0.17, 0.2)), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, of(0.05, 0.25, 0.2)), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, of(-0.05, 0.1, 0.2)), Said(Mood::Fails, preset));
    auto early = of(0.05, 0.1, 0.2);
    early.step = 200;
    QCOMPARE(verdictOn(preset, early), Said(Mood::Open, preset));
  }

  void aCnnThatUnderstandsTheRelationWouldBeToldSo() {
    const char* preset = "far-apart-relation";
    const auto of = [](double vit, double cnn, double trained) {
      auto state = stateOf(500, {netAt(kVit, vit), netAt(kCnn, cnn, trained)});
      state.data = ContestData::Relation;
      return state;
    };
    QCOMPARE(verdictOn(preset, of(0.95, 0.6, 1)), Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, of(0.95, 0.9, 1)), Said(Mood::Fails, preset));
    // Nor is a CNN a rival that has not learned its own images.
    QCOMPARE(verdictOn(preset, of(0.95, 0.6, 0.7)), Said(Mood::Fails, preset));
    auto digits = of(0.95, 0.6, 1);
    digits.data = ContestData::Digits;
    QCOMPARE(verdictOn(preset, digits), Said(Mood::Open, "standing"));
  }

  void aRivalThatIsFairWouldBeToldSo() {
    const char* preset = "an-unfair-rival";
    const auto of = [](double untuned, double trained, double cnn) {
      return stateOf(500,
                     {netAt(kVit, 0.9, 0.97), netAt(kCnn, cnn), netAt(kUntuned, untuned, trained)},
                     Contest::UntunedCnn);
    };
    QCOMPARE(verdictOn(preset, of(0.8, 0.85, 0.98)), Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, of(0.95, 0.97, 0.98)), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, of(0.8, 0.97, 0.98)), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, of(0.8, 0.85, 0.85)), Said(Mood::Fails, preset));
  }

  void preTrainingThatHelpsOneOnlyWouldBeToldSo() {
    const char* preset = "pretrain-and-transfer";
    const auto of = [](double vit, double cnn) {
      auto state = stateOf(800, {netAt(kVit, vit), netAt(kCnn, cnn), netAt(kVitScratch, 0.6),
                                 netAt(kCnnScratch, 0.8)});
      state.pretraining = 600;
      state.glyphs = {0.7, 0.9};
      return state;
    };
    QCOMPARE(verdictOn(preset, of(0.75, 0.9)), Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, of(0.61, 0.9)), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, of(0.75, 0.8)), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, of(0.95, 0.9)), Said(Mood::Fails, preset));
    auto early = of(0.75, 0.9);
    early.step = 300, early.learned = 0;
    QCOMPARE(verdictOn(preset, early), Said(Mood::Open, "pretrain-and-transfer.learning"));
  }

  void aViTThatDoesNotMindBeingMovedWouldBeToldSo() {
    const char* preset = "shift";
    const auto of = [](double vit, double cnn) {
      auto state = stateOf(500, {netAt(kVit, 0.9), netAt(kCnn, 0.98)});
      state.nets[0].shifted[2] = vit, state.nets[1].shifted[2] = cnn;
      return state;
    };
    QCOMPARE(verdictOn(preset, of(0.4, 0.95)), Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, of(0.85, 0.95)), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, of(0.4, 0.5)), Said(Mood::Fails, preset));
  }

  void aNetThatSeesTheOrderWithoutPositionsWouldBeToldSo() {
    const char* preset = "shuffle-the-patches";
    const auto of = [](double effect, double vit) {
      auto state = stateOf(500, {netAt(kVit, 0.9), netAt(kCnn, 0.98), netAt(kNoPositions, 0.6)},
                           Contest::Positions);
      state.nets[0].shuffled = vit, state.nets[1].shuffled = 0.2;
      state.nets[2].order_effect = effect;
      return state;
    };
    QCOMPARE(verdictOn(preset, of(1e-5, 0.2)), Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, of(0.1, 0.2)), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, of(1e-5, 0.85)), Said(Mood::Fails, preset));
  }

  void positionsThatStayNoiseWouldBeToldSo() {
    const char* preset = "a-grid-grows";
    const auto of = [](double start, double moved, double still) {
      auto state = stateOf(600, {netAt(kVit, 0.9), netAt(kCnn, 0.98), netAt(kVitShifted, 0.7)},
                           Contest::Augmentation);
      state.nets[0].grid = still;
      state.nets[2].grid = moved, state.nets[2].grid_at_start = start;
      return state;
    };
    QCOMPARE(verdictOn(preset, of(0, 0.4, -0.2)), Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, of(0, 0.05, -0.2)), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, of(0.3, 0.4, -0.2)), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, of(0, 0.4, 0.35)), Said(Mood::Fails, preset));
  }

  void finePatchesThatAreTheBestWouldBeToldSo() {
    const char* preset = "patch-size";
    const auto of = [](double fine, std::int64_t macs) {
      auto state = stateOf(
          500, {netAt(kVit, 0.9), netAt(kCnn, 0.98), netAt("patch-2", fine), netAt("patch-8", 0.9)},
          Contest::Patches);
      state.nets[2].net.patch = 2, state.nets[3].net.patch = 8;
      state.nets[0].macs = 300000, state.nets[0].attention_macs = 32768;
      state.nets[2].macs = macs, state.nets[2].attention_macs = 16 * 32768;
      return state;
    };
    QCOMPARE(verdictOn(preset, of(0.8, 1700000)), Said(Mood::Holds, preset));
    QCOMPARE(verdictOn(preset, of(0.95, 1700000)), Said(Mood::Fails, preset));
    QCOMPARE(verdictOn(preset, of(0.8, 600000)), Said(Mood::Fails, preset));
  }
};

QTEST_GUILESS_MAIN(VitClaimsTest)
#include "vit_claims_test.moc"
