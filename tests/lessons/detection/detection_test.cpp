// SPDX-License-Identifier: GPL-3.0-or-later
// Overlaps, suppression and average precision against vectors worked out apart and torchvision.
#include <QTest>
#include <cmath>
#include <random>

#include "lessons/detection/average_precision_curve.h"
#include "lessons/detection/box_measures.h"
#include "lessons/detection/suppression.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/python_lines.h"

using namespace viva;
using namespace viva::tests;

namespace {

bool near(double a, double b, double tolerance = 1e-6) { return std::abs(a - b) <= tolerance; }

const char* const kFive = "0 0 10 10 .9; 1 1 11 11 .8; 0 0 5 5 .7; 20 20 30 30 .6; 21 20 31 30 .95";

SuppressionRule greedy(double threshold) { return {Suppressing::Greedy, threshold}; }

/// Crowded boxes whose coordinates are quarters.
std::vector<ScoredBox> randomBoxes(int count) {
  std::mt19937 draws(7);
  const auto quarter = [&](int most) { return static_cast<double>(draws() % (4 * most)) / 4; };
  std::vector<ScoredBox> boxes;
  for (int i = 0; i < count; ++i) {
    const double x = quarter(20), y = quarter(20);
    // No two scores are equal: torchvision's order of equal ones is its own.
    boxes.push_back({{x, y, x + 1 + quarter(9), y + 1 + quarter(9)},
                     (static_cast<double>(draws() % 1000) + i / 1000.0) / 1001});
  }
  return boxes;
}

QString typed(const std::vector<ScoredBox>& boxes) {
  QStringList rows;
  for (const ScoredBox& scored : boxes)
    rows << QString("%1 %2 %3 %4 %5")
                .arg(scored.box.x0)
                .arg(scored.box.y0)
                .arg(scored.box.x1)
                .arg(scored.box.y1)
                .arg(scored.score, 0, 'g', 17);
  return rows.join(";");
}

}  // namespace

class DetectionTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void measuresAreThoseWorkedOutByHand_data() {
    QTest::addColumn<QVector<double>>("boxes");
    QTest::addColumn<QVector<double>>("expected");  // I, U, IoU, GIoU, DIoU, CIoU
    const auto row = [](const char* name, QVector<double> boxes, QVector<double> expected) {
      QTest::newRow(name) << boxes << expected;
    };
    row("crossing", {0, 0, 2, 2, 1, 1, 3, 3}, {1, 7, .142857, -.079365, .031746, .031746});
    row("apart", {0, 0, 2, 2, 3, 3, 5, 5}, {0, 8, 0, -.68, -.36, -.36});
    row("other shapes", {0, 0, 4, 2, 1, 0, 3, 4}, {4, 12, .333333, .083333, .302083, .268332});
    row("nested", {0, 0, 10, 10, 2, 2, 4, 4}, {4, 100, .04, .04, 0, 0});
    row("touching", {0, 0, 1, 1, 1, 0, 2, 1}, {0, 2, 0, 0, -.2, -.2});
    row("equal", {0, 0, 2, 2, 0, 0, 2, 2}, {4, 4, 1, 1, 1, 1});
  }
  void measuresAreThoseWorkedOutByHand() {
    QFETCH(QVector<double>, boxes);
    QFETCH(QVector<double>, expected);
    const Box a{boxes[0], boxes[1], boxes[2], boxes[3]}, b{boxes[4], boxes[5], boxes[6], boxes[7]};
    const Measures m = measuresOf(a, b);
    const double found[] = {m.intersection, m.unioned, m.iou, m.giou, m.diou, m.ciou};
    for (int i = 0; i < 6; ++i)
      QVERIFY2(near(found[i], expected[i], 5e-7),
               qPrintable(QString("%1: %2").arg(i).arg(found[i])));
    QVERIFY(near(overlap(a, b), m.iou, 1e-12));
  }

  void slopesAreThoseOfFiniteDifferences_data() {
    QTest::addColumn<int>("loss");
    for (const BoxLoss loss : kBoxLosses) QTest::newRow(nameOf(loss).c_str()) << int(loss);
  }
  void slopesAreThoseOfFiniteDifferences() {
    QFETCH(int, loss);
    const Box target{2.2, 1.9, 6.1, 4.4};
    for (const Box start : {Box{1.1, 2.3, 4.2, 5.7}, {7, 6, 9, 8}, {0, 0, 9, 9}, {3, 2, 4, 3}}) {
      const BoxSlope slope = boxLoss(BoxLoss(loss), start, target).slope;
      for (int i = 0; i < 4; ++i) {
        const auto lossAt = [&](double move) {
          Box moved = start;
          double* const sides[] = {&moved.x0, &moved.y0, &moved.x1, &moved.y1};
          *sides[i] += move;
          // CIoU's weight is held where it was.
          if (BoxLoss(loss) != BoxLoss::Ciou) return boxLoss(BoxLoss(loss), moved, target).loss;
          const double weight = measuresOf(start, target).weight;
          const Measures m = measuresOf(moved, target);
          return 1 - (m.diou - weight * m.aspect);
        };
        QVERIFY(near(slope[i], (lossAt(1e-6) - lossAt(-1e-6)) / 2e-6, 1e-6));
      }
    }
  }

  void whatDoesNotMeetHasNoSlopeUnderIouAlone() {
    const Box a{0, 0, 2, 2}, b{3, 3, 5, 5};
    QCOMPARE(boxLoss(BoxLoss::Iou, a, b).slope, (BoxSlope{0, 0, 0, 0}));
    for (const BoxLoss loss : {BoxLoss::Giou, BoxLoss::Diou, BoxLoss::Ciou})
      QVERIFY(boxLoss(loss, a, b).slope[2] < 0);  // the right side is to go right
  }

  void greedySuppressionKeepsWhatWasWorkedOut_data() {
    QTest::addColumn<double>("threshold");
    QTest::addColumn<QVector<qint64>>("kept");
    QTest::newRow("0.2") << 0.2 << QVector<qint64>{4, 0};
    QTest::newRow("0.3") << 0.3 << QVector<qint64>{4, 0, 2};
    QTest::newRow("0.5") << 0.5 << QVector<qint64>{4, 0, 2};
    QTest::newRow("0.7") << 0.7 << QVector<qint64>{4, 0, 1, 2};
    QTest::newRow("0.9") << 0.9 << QVector<qint64>{4, 0, 1, 2, 3};
    QTest::newRow("exactly at an overlap") << 0.25 << QVector<qint64>{4, 0, 2};
  }
  void greedySuppressionKeepsWhatWasWorkedOut() {
    QFETCH(double, threshold);
    QFETCH(QVector<qint64>, kept);
    const auto found = suppressed(scoredBoxesIn(kFive), greedy(threshold)).kept();
    QCOMPARE(QVector<qint64>(found.begin(), found.end()), kept);
  }

  void softSuppressionLowersScores() {
    const auto scoresOf = [](Suppressing method) {
      const Suppression all = suppressed(scoredBoxesIn(kFive), {method, 0.3, 0.5});
      std::vector<std::pair<std::int64_t, double>> scores;
      for (const BoxDecision& decided : all.decided())
        scores.emplace_back(decided.box, decided.score);
      return scores;
    };
    const std::vector<std::pair<std::int64_t, double>> gaussian{
        {4, .95}, {0, .9}, {2, .617748}, {1, .303350}, {3, .157289}},
        linear{{4, .95}, {0, .9}, {2, .7}, {1, .255462}, {3, .109091}};
    for (const auto& [method, expected] :
         {std::pair{Suppressing::SoftGaussian, gaussian}, {Suppressing::SoftLinear, linear}}) {
      const auto found = scoresOf(method);
      QCOMPARE(found.size(), expected.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        QCOMPARE(found[i].first, expected[i].first);
        QVERIFY(near(found[i].second, expected[i].second, 5e-7));
      }
    }
  }

  void suppressionAndMeasuresAreTorchvisions() {
    const auto boxes = randomBoxes(120);
    const auto lines = runPython({VIVA_SOURCE_DIR "/tests/lessons/detection/torchvision_boxes.py",
                                  typed(boxes), "0.4"})
                           .lines;
    QCOMPARE(lines.size(), 120);
    QList<QByteArray> kept;
    for (const std::int64_t box : suppressed(boxes, greedy(0.4)).kept())
      kept << QByteArray::number(qint64(box));
    QCOMPARE(kept.join(' '), lines[0]);
    for (int i = 0; i + 1 < 120; ++i) {
      const auto theirs = lines[i + 1].split(' ');
      const Measures m = measuresOf(boxes[i].box, boxes[i + 1].box);
      const double ours[] = {m.iou, 1 - m.giou, 1 - m.diou, 1 - m.ciou};
      for (int k = 0; k < 4; ++k)
        QVERIFY2(near(ours[k], theirs[k].toDouble(), 1e-6), lines[i + 1].constData());
    }
  }

  void threeRulesGiveThreeNumbersOfOneCurve() {
    const auto truths =
        truthsIn("1 0 0 10 10; 1 20 0 30 10; 1 40 0 50 10; 2 0 0 10 10; 2 20 0 30 10");
    const auto matches =
        matched(truths,
                detectionsIn("1 .95 0 0 10 10;2 .9 0 0 10 10;1 .85 60 0 70 10;1 .8 20 0 30 10;"
                             "2 .7 40 0 50 10;1 .6 40 0 50 10;1 .5 60 20 70 30;"),
                Matching::Voc, 0.5, 0);
    const double precision[] = {1, 1, .6666667, .75, .6, .6666667, .5714286},
                 recall[] = {.2, .4, .4, .6, .6, .8, .8};
    for (int i = 0; i < 7; ++i) {
      QVERIFY(near(matches[i].precision, precision[i]));
      QVERIFY(near(matches[i].recall, recall[i]));
    }
    const AveragePrecisions averages = averagesOf(matches, matches.size());
    QVERIFY(near(averages.at_11, 0.7121212));
    QVERIFY(near(averages.area, 0.6833333));
    QVERIFY(near(averages.at_101, 0.6864686));
  }

  void vocAsksTheTruthThatOverlapsMostAndCocoTheBestFreeOne() {
    const auto truths = truthsIn("1 0 0 10 10; 1 3 0 13 10");
    // Both lie nearest to the first truth; the second one overlaps the other truth by 0.54 as well.
    const auto detections = detectionsIn("1 .9 0 0 10 10; 1 .8 1 0 11 10");
    const auto voc = matched(truths, detections, Matching::Voc, 0.5, 0);
    const auto coco = matched(truths, detections, Matching::Coco, 0.5, 0);
    QVERIFY(voc[0].is_true && !voc[1].is_true);
    QVERIFY(coco[0].is_true && coco[1].is_true);
    QCOMPARE(*coco[1].truth, 1);
  }

  void anOverlapOfExactlyTheThresholdIsTrueAndEqualScoresKeepTheirOrder() {
    const auto truths = truthsIn("1 0 0 2 1");
    const auto half = matched(truths, detectionsIn("1 .5 0 0 1 1"), Matching::Voc, 0.5, 0);
    QVERIFY(half[0].is_true);
    const auto equal =
        matched(truths, detectionsIn("1 .5 5 5 6 6; 1 .5 0 0 2 1"), Matching::Voc, 0.5, 0);
    QCOMPARE(equal[0].given, 0);
    QVERIFY(!equal[0].is_true && equal[1].is_true);
  }

  void aCutOffLeavesOutWhatIsBelowIt() {
    const auto truths = truthsIn("1 0 0 1 1; 1 2 2 3 3");
    const auto matches =
        matched(truths, detectionsIn("1 .5 0 0 1 1; 1 .4 2 2 3 3"), Matching::Voc, 0.5, 0.5);
    QCOMPARE(matches.size(), 1U);
    QCOMPARE(averagesOf(matches, 1).area, 0.5);
    QCOMPARE(averagesOf({}, 0).area, 0.0);
  }

  void boxesThatCannotBeReadAreNamed_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("key");
    QTest::newRow("turned") << "0 0 1 1 .5; 3 0 2 1 .5"
                            << "error.boxes.turned";
    QTest::newRow("flat") << "0 0 1 0 .5"
                          << "error.boxes.turned";
    QTest::newRow("word") << "0 0 1 x .5"
                          << "error.boxes.number";
    QTest::newRow("infinite") << "0 0 1 inf .5"
                              << "error.boxes.number";
    QTest::newRow("short") << "0 0 1 1"
                           << "error.boxes.count";
    QTest::newRow("long") << "0 0 1 1 .5 2"
                          << "error.boxes.count";
  }
  void boxesThatCannotBeReadAreNamed() {
    QFETCH(QString, text);
    QFETCH(QString, key);
    const Message message = fakes::refusalOf([&] { scoredBoxesIn(text.toStdString()); });
    QCOMPARE(QString::fromStdString(message.key), key);
  }

  void spacesAndALastSemicolonDoNotMatter() {
    QCOMPARE(scoredBoxesIn("0 0 1 1 .5;1 1 2 2 .4").size(), 2U);
    QCOMPARE(scoredBoxesIn("  0  0 1 1 .5 ; 1 1 2 2 .4 ; ").size(), 2U);
    QCOMPARE(scoredBoxesIn("-3.5 -2 -1e0 +1 .5")[0].box, (Box{-3.5, -2, -1, 1}));
    QVERIFY(scoredBoxesIn("").empty());
    QCOMPARE(fakes::refusalOf([] { truthsIn("1.5 0 0 1 1"); }).key,
             std::string("error.boxes.image"));
  }
};

QTEST_GUILESS_MAIN(DetectionTest)
#include "detection_test.moc"
