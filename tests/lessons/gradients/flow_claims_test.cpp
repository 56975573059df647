// SPDX-License-Identifier: GPL-3.0-or-later
// Every preset of gradient-flow shows its claim, and the verdict can also say that it does not.
// VIVA_CLAIM_SEEDS=5 holds them on five seeds.
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {
const char* const kFlow = "gradient-flow";
}

class GradientFlowClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyPresetShowsItsClaim_data() { presetRows(kFlow); }
  void everyPresetShowsItsClaim() {
    QFETCH(QString, name);
    // Those that are about the state before training need no more than a few updates.
    const QStringList at_once{"sigmoid-saturates", "bad-initialisation", "he-initialisation",
                              "wider-does-not-help", "relu-inside-the-branch"};
    holdClaim(kFlow, name.toStdString(), at_once.contains(name) ? 50 : 400);
  }

  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("parameter");
    QTest::addColumn<QString>("value");
    QTest::newRow("both residual") << "plain-vs-residual"
                                   << "a.residual"
                                   << "true";
    QTest::newRow("both sigmoid") << "sigmoid-saturates"
                                  << "b.activation"
                                  << "sigmoid";
    QTest::newRow("both Xavier") << "he-initialisation"
                                 << "b.init"
                                 << "xavier";
    QTest::newRow("a width that is not scaled to") << "wider-does-not-help"
                                                   << "b.init"
                                                   << "large-normal";
    QTest::newRow("a branch without ReLU") << "relu-inside-the-branch"
                                           << "a.activation"
                                           << "tanh";
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, name);
    QFETCH(QString, parameter);
    QFETCH(QString, value);
    const auto run = finishedRun(kFlow, {{parameter.toStdString(), value.toStdString()}},
                                 name == "plain-vs-residual" ? 300 : 60, 1, name.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(GradientFlowClaimsTest)
#include "flow_claims_test.moc"
