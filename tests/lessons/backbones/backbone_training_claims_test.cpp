// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of degradation and backbone-race can say that a claim does not show, and what cannot
// be trained is refused.
#include <QTest>

#include "lessons/backbones/backbone_race.h"
#include "lessons/backbones/degradation.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

DepthFigures netAt(const std::string& id, double loss, double least = 0.1, double start = 1000) {
  DepthFigures net;
  net.id = id;
  net.updates = 200;
  net.loss = loss;
  net.depth = id == kShallowNet ? 8 : 56;
  net.smallest_ratio = least;
  net.first_ratio = start;
  return net;
}

Mood verdictOn(const char* preset, std::vector<DepthFigures> nets, std::int64_t step = 200) {
  DegradationState state;
  state.step = step;
  state.nets = std::move(nets);
  const VerdictData verdict = degradationVerdict(preset, state);
  sayVerdict(verdict, preset);
  return verdict.mood;
}

}  // namespace

class BackboneTrainingClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aDeepNetThatTrainsAsWellWouldBeToldSo() {
    const char* preset = "deeper-trains-worse";
    const auto shallow = netAt(kShallowNet, 0.1), residual = netAt(kResidualNet, 0.05);
    QCOMPARE(verdictOn(preset, {shallow, netAt(kPlainNet, 1.8), residual}), Mood::Holds);
    QCOMPARE(verdictOn(preset, {shallow, netAt(kPlainNet, 0.15), residual}), Mood::Fails);
    QCOMPARE(verdictOn(preset, {shallow, netAt(kPlainNet, 0.15), residual}, 10), Mood::Open);
    auto equally_deep = netAt(kPlainNet, 0.1);
    equally_deep.depth = 8;
    QCOMPARE(verdictOn(preset, {shallow, equally_deep, residual}), Mood::Open);
  }

  void shortcutsThatDoNotRepairWouldBeToldSo() {
    const char* preset = "shortcuts-repair-it";
    const auto shallow = netAt(kShallowNet, 0.1), plain = netAt(kPlainNet, 1.8);
    const auto with = [&](double zeros, double projected) {
      return std::vector{shallow, plain, netAt(kResidualNet, zeros),
                         netAt(kProjectedNet, projected)};
    };
    QCOMPARE(verdictOn(preset, with(0.05, 0.05)), Mood::Holds);
    QCOMPARE(verdictOn(preset, with(1.5, 0.05)), Mood::Fails);
    QCOMPARE(verdictOn(preset, with(0.05, 1.8)), Mood::Fails);
    QCOMPARE(verdictOn(preset, {shallow, plain, netAt(kResidualNet, 0.05)}), Mood::Open);
  }

  void gradientsThatVanishedWouldBeToldSo() {
    const char* preset = "the-gradients-were-healthy";
    const auto with = [](double loss, double least, double start = 1000) {
      return std::vector{netAt(kShallowNet, 0.1), netAt(kPlainNet, loss, least, start),
                         netAt(kResidualNet, 0.05, 1, 20)};
    };
    QCOMPARE(verdictOn(preset, with(1.8, 0.03)), Mood::Holds);
    QCOMPARE(verdictOn(preset, with(1.8, 1e-6)), Mood::Fails);
    QCOMPARE(verdictOn(preset, with(1.8, 0.03, 0.1)), Mood::Fails);
    QCOMPARE(verdictOn(preset, with(0.06, 0.03)), Mood::Fails);
  }

  void aRateThatMovesNothingShowsNoDegradation() {
    const auto run =
        startedRun("degradation", {{"depth", "14"}, {"lr", "1e-4"}}, 140, 1, "shortcuts-repair-it");
    run->advance(std::int64_t{140});
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }

  void depthsBetweenTwoStacksAreRefused() {
    const Message message = fakes::refusalOf([] {
      startedRun("degradation", {{"depth", "21"}}, 1);
    });
    QCOMPARE(message.key, std::string("error.degradation.depth"));
  }

  void batchesLargerThanTheImagesAreRefused() {
    for (const char* experiment : {"degradation", "backbone-race"}) {
      const Message message = fakes::refusalOf([&] {
        startedRun(experiment, {{"samples", "200"}, {"batch_size", "161"}}, 1);
      });
      QCOMPARE(message.key, std::string("error.backbone.batch_too_large"));
    }
  }

  void budgetsThatNoNetCanHaveAreRefused() {
    const Message message = fakes::refusalOf([] {
      startedRun("backbone-race", {{"equal", "macs"}, {"budget", "2000"}}, 1);
    });
    QCOMPARE(message.key, std::string("error.backbone_race.budget"));
    Settings none;
    for (const RacingBlock& racer : kRacingBlocks) none.emplace_back(racer.on.name, "false");
    QCOMPARE(fakes::refusalOf([&] { startedRun("backbone-race", none, 1); }).key,
             std::string("error.backbone_race.none"));
  }

  void theRateDropsToATenthWhereItIsToldTo() {
    const Settings quick{{"depth", "8"}, {"samples", "200"}, {"batch_size", "16"}};
    auto dropped = quick;
    dropped.emplace_back("drop_after", "5");
    const auto steady = finishedRun("degradation", quick, 8),
               lower = finishedRun("degradation", dropped, 8);
    for (std::int64_t row = 1; row <= 6; ++row)
      QCOMPARE(at(*lower, row, "plain/train_loss"), at(*steady, row, "plain/train_loss"));
    QVERIFY(at(*lower, 7, "plain/train_loss") != at(*steady, 7, "plain/train_loss"));
  }

  void atEqualDepthThePlainNetIsTheShallowOne() {
    const auto run = finishedRun("degradation", {{"depth", "8"}}, 5);
    QCOMPARE(at(*run, 5, "plain/train_loss"), at(*run, 5, "shallow/train_loss"));
    QVERIFY(at(*run, 5, "residual/train_loss") != at(*run, 5, "plain/train_loss"));
  }

  void aBlockLearnsTheSameWhoeverRacesBesideIt() {
    Settings alone;
    for (const RacingBlock& racer : kRacingBlocks)
      if (racer.id != "vgg") alone.emplace_back(racer.on.name, "false");
    const auto one = finishedRun("backbone-race", alone, 4),
               all = finishedRun("backbone-race", {}, 4);
    QCOMPARE(at(*one, 4, "vgg/train_loss"), at(*all, 4, "vgg/train_loss"));
  }

  void shiftedImagesAreOthers() {
    const auto as_drawn = finishedRun("backbone-race", {}, 1),
               shifted = finishedRun("backbone-race", {{"augmentation", "true"}}, 1);
    QVERIFY(at(*as_drawn, 1, "plain/train_loss") != at(*shifted, 1, "plain/train_loss"));
  }
};

QTEST_GUILESS_MAIN(BackboneTrainingClaimsTest)
#include "backbone_training_claims_test.moc"
