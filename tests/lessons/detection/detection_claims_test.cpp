// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of the lesson: their records, claims that do not show, and the program of the
// Code tab.
#include <QTest>

#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"
#include "tests/lessons/python_lines.h"

using namespace viva;
using namespace viva::tests;

using Mood = VerdictData::Mood;

class DetectionClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    const auto row = [](const char* experiment, const char* preset, const char* name,
                        const char* value) {
      QTest::newRow(preset) << experiment << preset << name << value;
    };
    row("box-losses", "disjoint", "box", "4,4,6,6");
    row("box-losses", "nested", "box", "1,1,6,6");
    row("box-losses", "aspect-ratio", "box", "4,2,6,8");
    row("nms-steps", "duplicates", "threshold", "0.9");
    row("nms-steps", "crowd", "threshold", "0.6");
    row("nms-steps", "soft-keeps-it", "boxes", "0 0 10 20 .95");
    row("average-precision", "three-rules-three-numbers", "detections",
        "1 .9 0 0 10 10; 1 .8 20 0 30 10; 1 .7 40 0 50 10; 2 .6 0 0 10 10; 2 .5 20 0 30 10");
    row("average-precision", "a-duplicate-is-false", "detections", "1 .95 0 0 10 10");
    row("average-precision", "score-cut-off", "score_cut", "0");
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, experiment);
    QFETCH(QString, preset);
    QFETCH(QString, name);
    QFETCH(QString, value);
    const auto& spec = viva_catalog()->experiment(experiment.toStdString());
    // The others end by themselves, with however many boxes there are.
    const std::int64_t steps =
        experiment == "box-losses" ? spec.findPreset(preset.toStdString())->steps : 2000;
    const auto run =
        finishedRun(experiment.toStdString(), {{name.toStdString(), value.toStdString()}}, steps, 1,
                    preset.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }

  void fiveBoxesDescendAsInTheProgramOfTheCodeTab() {
    const auto run =
        finishedRun("box-losses", {{"box", "1,4,7,6"}, {"target", "4,1,6,7"}, {"lr", "0.3"}}, 60);
    const auto lines = runPython({lessonProgram("object-detection/box_losses.py"), "60", "0.3",
                                  "1,4,7,6", "4,1,6,7"})
                           .lines;
    QCOMPARE(lines.size(), 60);
    const char* const names[] = {"l1", "iou", "giou", "diou", "ciou"};
    for (const int step : {1, 10, 30, 60}) {
      const auto theirs = lines[step - 1].split(' ');
      for (int i = 0; i < 5; ++i)
        QVERIFY2(
            std::abs(at(*run, step, std::string(names[i]) + "/iou") - theirs[i].toDouble()) < 1e-6,
            lines[step - 1].constData());
    }
    for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
  }

  void aStepDecidesABoxAndTheLastOneEndsTheRun() {
    const auto run = finishedRun("nms-steps", {}, 2000);
    QCOMPARE(run->records().rows(), 6);
    for (int step = 0; step <= 5; ++step)
      QCOMPARE(at(*run, step, "kept") + at(*run, step, "suppressed"), double(step));
    QCOMPARE(at(*run, 5, "kept"), 3.0);
    for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
  }

  void aDetectionAStepGivesTheAveragesOfItsPart() {
    const auto run = finishedRun("average-precision", {}, 2000);
    QCOMPARE(run->records().rows(), 8);
    QCOMPARE(at(*run, 0, "ap_all"), 0.0);
    QVERIFY(std::abs(at(*run, 7, "ap_11") - 0.7121212) < 1e-6);
    QVERIFY(std::abs(at(*run, 7, "ap_all") - 0.6833333) < 1e-6);
    QVERIFY(std::abs(at(*run, 7, "ap_101") - 0.6864686) < 1e-6);
    QCOMPARE(at(*run, 3, "precision"), 2.0 / 3);
    for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
  }

  void withoutADetectionTheAverageIsZero() {
    const auto run = finishedRun("average-precision", {{"detections", ""}}, 5);
    QCOMPARE(at(*run, run->records().rows() - 1, "ap_all"), 0.0);
  }

  void whatCannotBeEvaluatedIsRefused_data() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("key");
    QTest::newRow("no truth") << "average-precision"
                              << "truths"
                              << ""
                              << "error.boxes.no_truth";
    QTest::newRow("no such image") << "average-precision"
                                   << "detections"
                                   << "7 .9 0 0 1 1"
                                   << "error.boxes.unknown_image";
    QTest::newRow("turned") << "average-precision"
                            << "truths"
                            << "1 5 0 1 1"
                            << "error.boxes.turned";
    QTest::newRow("no box") << "nms-steps"
                            << "boxes"
                            << " ; "
                            << "error.boxes.none";
    QTest::newRow("flat") << "box-losses"
                          << "box"
                          << "1,1,1,3"
                          << "error.boxes.flat";
  }
  void whatCannotBeEvaluatedIsRefused() {
    QFETCH(QString, experiment);
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, key);
    const Message message = fakes::refusalOf([&] {
      startedRun(experiment.toStdString(), {{name.toStdString(), value.toStdString()}}, 1);
    });
    QCOMPARE(QString::fromStdString(message.key), key);
  }
};

QTEST_GUILESS_MAIN(DetectionClaimsTest)
#include "detection_claims_test.moc"
