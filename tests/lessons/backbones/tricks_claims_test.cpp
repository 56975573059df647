// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts on AlexNet's tricks and VGG's warm start can say that a claim does not show.
#include <QTest>

#include "lessons/backbones/alexnet_tricks.h"
#include "lessons/backbones/vgg_warm_start.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

using Said = std::pair<Mood, std::string>;

Said said(const VerdictData& verdict, const std::string& experiment, const char* preset) {
  sayVerdict(verdict, preset);
  return {verdict.mood, verdict.sentence.key.substr((experiment + ".verdict.").size())};
}
Said trick(const char* preset, std::vector<TrickState::Net> nets, std::int64_t step = 2000) {
  return said(trickVerdict(preset, {step, std::move(nets), 1.68, 1.7}), "alexnet-tricks", preset);
}
Said warm(const char* preset, const WarmState& state) {
  return said(warmVerdict(preset, state), "vgg-warm-start", preset);
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
  // CLAIMS
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
