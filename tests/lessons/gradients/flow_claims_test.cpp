// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of gradient-flow can also say that a claim does not show.
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {
const char* const kFlow = "gradient-flow";
}

class GradientFlowClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("settings");
    const auto row = [](const char* what, const char* name, const char* settings) {
      QTest::newRow(what) << name << settings;
    };
    row("both residual", "plain-vs-residual", "a.residual=true");
    row("both sigmoid", "sigmoid-saturates", "b.activation=sigmoid");
    row("both small", "bad-initialisation", "b.init=small-normal");
    row("both shallow", "too-deep", "b.depth=3");
    row("no ReLU", "relu", "b.activation=sigmoid a.depth=10 b.depth=10");
    row("both Xavier", "he-initialisation", "b.init=xavier");
    row("both He", "default-initialisation", "a.init=he");
    row("no batch norm", "batch-norm", "b.norm=none");
    row("no layer norm", "layer-norm", "b.norm=none");
    row("too few layers to lose it", "residual", "a.depth=5 b.depth=5");
    row("no warm-up", "warm-up", "warmup=0");
    row("a width that is not scaled to", "wider-does-not-help", "b.init=large-normal");
    row("shallow nets learn at any rate", "smaller-rate-does-not-help", "a.depth=3 b.depth=3");
    row("a branch without ReLU", "relu-inside-the-branch", "a.activation=tanh");
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, name);
    QFETCH(QString, settings);
    const Settings chosen = settingsIn(settings.toStdString());
    const auto run =
        finishedRun(kFlow, chosen, patienceOf(kFlow, name.toStdString()), 1, name.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(GradientFlowClaimsTest)
#include "flow_claims_test.moc"
