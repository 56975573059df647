// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts on AlexNet's tricks and VGG's warm start can say that a claim does not show.
#include <QTest>

#include "lessons/backbones/alexnet_tricks.h"
#include "lessons/backbones/vgg_warm_start.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

Said trick(const char* preset, std::vector<TrickState::Net> nets, std::int64_t step = 2000) {
  return saidBy(trickVerdict(preset, {step, std::move(nets), 1.68, 1.7}), preset);
}
Said warm(const char* preset, const WarmState& state) {
  return saidBy(warmVerdict(preset, state), preset);
}
WarmState starts(bool is_he, double warm_loss, double warm_test, double scratch_loss,
                 double scratch_test) {
  return {2000,
          is_he,
          false,
          {{"warm", 10, 1000, warm_loss, 1, 0, warm_test},
           {"scratch", 10, 2000, scratch_loss, 1, 0, scratch_test}}};
}

}  // namespace

class TricksClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theVerdictSaysWhenAClaimOfATrickDoesNotShow() {
    const auto relu = [](double tanh, double sigmoid) {
      return std::vector<TrickState::Net>{{"relu", 0.1, 1, 0.2, 0.9},
                                          {"tanh", tanh, 1, 0.2, 0.9},
                                          {"sigmoid", sigmoid, 0.1, 2.3, 0.1}};
    };
    QCOMPARE(trick("relu", relu(0.1, 2.3)).first, Mood::Holds);
    QCOMPARE(trick("relu", relu(0.1, 0.3)).first, Mood::Fails);
    QCOMPARE(trick("relu", relu(1.5, 2.3)).first, Mood::Fails);
    QCOMPARE(trick("relu", relu(0.1, 0.3), 10).first, Mood::Open);
    const auto dropout = [](double with_train, double with_test) {
      return std::vector<TrickState::Net>{{"with", with_train, 0.7, with_test, 0.7},
                                          {"without", 0.1, 1, 1.6, 0.6}};
    };
    QCOMPARE(trick("dropout", dropout(0.7, 0.9)).first, Mood::Holds);
    QCOMPARE(trick("dropout", dropout(0.7, 1.7)).first, Mood::Fails);
    QCOMPARE(trick("dropout", dropout(0.05, 0.9)).first, Mood::Fails);
    const auto lrn = [](double with, double without) {
      return std::vector<TrickState::Net>{{"with", 0.1, 1, 0.2, with},
                                          {"without", 0.1, 1, 0.2, without},
                                          {"constant", 0.1, 1, 0.2, 0.9}};
    };
    QCOMPARE(trick("lrn", lrn(0.94, 0.92)).first, Mood::Holds);
    QCOMPARE(trick("lrn", lrn(0.94, 0.85)).first, Mood::Fails);
    QCOMPARE(trick("lrn", lrn(0.5, 0.5)).first, Mood::Fails);
    const auto augmentation = [](double train, double with_test) {
      return std::vector<TrickState::Net>{{"with", 0.1, 1, 0.4, with_test},
                                          {"without", 0.01, train, 0.9, 0.7}};
    };
    QCOMPARE(trick("augmentation", augmentation(1, 0.8)).first, Mood::Holds);
    QCOMPARE(trick("augmentation", augmentation(1, 0.7)).first, Mood::Fails);
    QCOMPARE(trick("augmentation", augmentation(0.6, 0.8)).first, Mood::Fails);
  }

  void theVerdictSaysWhenAWarmStartDoesNotShow() {
    const char* const helps = "warm-start-helps";
    QCOMPARE(warm(helps, starts(false, 0.3, 0.88, 2.3, 0.1)).first, Mood::Holds);
    QCOMPARE(warm(helps, starts(false, 0.3, 0.86, 0.85, 0.67)).first, Mood::Holds);
    QCOMPARE(warm(helps, starts(false, 0.3, 0.88, 0.4, 0.9)).first, Mood::Fails);
    QCOMPARE(warm(helps, starts(false, 1.8, 0.36, 2.3, 0.1)).first, Mood::Fails);
    const char* const he = "he-makes-it-unnecessary";
    QCOMPARE(warm(he, starts(true, 0.2, 0.9, 0.2, 0.92)).first, Mood::Holds);
    QCOMPARE(warm(he, starts(true, 0.2, 0.9, 0.2, 0.8)).first, Mood::Fails);
    QCOMPARE(warm(he, starts(true, 0.2, 0.9, 2.3, 0.9)).first, Mood::Fails);
    WarmState pretraining = starts(false, 0.3, 0.88, 2.3, 0.1);
    pretraining.is_pretraining = true;
    QCOMPARE(warm(helps, pretraining), Said(Mood::Open, "warm-start-helps.pretraining"));
  }

  void aRunWithoutTheTwinIsNotJudged() {
    QCOMPARE(trick("relu", {{"with", 0.1, 1, 0.2, 0.9}, {"without", 0.1, 1, 0.3, 0.9}}),
             Said(Mood::Open, "standing"));
    QCOMPARE(trick("lrn", {{"with", 0.1, 1, 0.2, 0.9}, {"without", 0.1, 1, 0.3, 0.9}}),
             Said(Mood::Open, "standing"));
    QCOMPARE(warm("multi-scale", starts(true, 0.1, 0.9, 0.1, 0.9)), Said(Mood::Open, "standing"));
    QCOMPARE(warm("warm-start-helps", starts(true, 0.1, 0.9, 2.3, 0.1)),
             Said(Mood::Open, "standing"));
  }
};

QTEST_GUILESS_MAIN(TricksClaimsTest)
#include "tricks_claims_test.moc"
