// SPDX-License-Identifier: GPL-3.0-or-later
// The verdicts of `programs`: on every mistake that is switched on, on an input that does not show
// it, and before the program has returned.
#include <QTest>

#include "lessons/programs/program_list.h"
#include "tests/lessons/claims.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::programs;
using namespace viva::tests;

class ProgramsClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aMistakeFailsTheClaimOfItsProgram_data() {
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("mistake");
    QTest::addColumn<QString>("input");
    for (const ProgramEntry& program : programList())
      for (const KnownMistake& known : program.mistakes) {
        const std::string& name = mistakeNames()[std::size_t(known.mistake)].second;
        QTest::newRow((program.name + ", " + name).c_str())
            << QString::fromStdString(program.name) << QString::fromStdString(name)
            << QString::fromStdString(known.smallest);
      }
  }
  void aMistakeFailsTheClaimOfItsProgram() {
    QFETCH(QString, program);
    QFETCH(QString, mistake);
    QFETCH(QString, input);
    const auto run =
        finishedRun("programs", {{"bug", mistake.toStdString()}, {"input", input.toStdString()}},
                    5000, 1, program.toStdString());
    const VerdictData verdict = verdictOf(*run);
    sayVerdict(verdict, program.toStdString());
    QCOMPARE(verdict.mood, Mood::Fails);
    QCOMPARE(verdict.sentence.key, std::string("programs.verdict.caught"));
    QVERIFY(run->checks().size() == 1 && run->checks()[0].failed());
  }

  void anInputThatDoesNotShowAMistakeIsToldOneThatDoes() {
    const auto run = finishedRun("programs", {{"bug", "no-maximum"}}, 5000, 1, "softmax");
    const VerdictData verdict = verdictOf(*run);
    sayVerdict(verdict, "softmax");
    QCOMPARE(verdict.sentence.key, std::string("programs.verdict.not_seen"));
  }

  void beforeItReturnsAProgramIsNotJudged() {
    const auto run = finishedRun("programs", {}, 5, 1, "softmax");
    const VerdictData verdict = verdictOf(*run);
    sayVerdict(verdict, "softmax");
    QCOMPARE(verdict.mood, Mood::Open);
    QVERIFY(run->checks().empty());
  }
};

QTEST_GUILESS_MAIN(ProgramsClaimsTest)
#include "programs_claims_test.moc"
