// SPDX-License-Identifier: GPL-3.0-or-later
// Nets that are carried out: what was counted is what was made; and claims that do not show.
#include "lessons/backbones/backbone_explorer.h"

#include <QTest>

#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;

namespace {

constexpr const char* kId = "backbone-explorer";
using Mood = VerdictData::Mood;

double cell(const TableData::Cell& value) { return std::get<double>(value); }

}  // namespace

class BackboneExplorerClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyKindOfOperationGivesTheShapesThatWereCounted_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("side");
    // Small images: the operations are the same.
    for (const char* model :
         {"alexnet", "vgg-11", "googlenet", "resnet-34", "resnet-50", "densenet-121",
          "mobilenet-v1", "mobilenet-v2", "efficientnet-b0", "vit-b-16"})
      QTest::newRow(model) << model << "64";
    QTest::newRow("lenet-5") << "lenet-5"
                             << "0";
    QTest::newRow("alexnet-2012") << "alexnet-2012"
                                  << "0";
  }
  void everyKindOfOperationGivesTheShapesThatWereCounted() {
    QFETCH(QString, model);
    QFETCH(QString, side);
    const auto run = finishedRun(
        kId, {{"model", model.toStdString()}, {"input", side.toStdString()}, {"batch", "2"}}, 815);
    QVERIFY(!run->checks().empty());
    for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
  }

  void whatIsAddedUpEndsAtTheWholeNet() {
    const auto run = finishedRun(
        kId, {{"model", "resnet-18"}, {"compare", "mobilenet-v1"}, {"input", "64"}}, 815);
    const std::int64_t last = run->records().rows() - 1;
    QCOMPARE(last, 84);  // of the longer one, MobileNetV1
    QCOMPARE(at(*run, last, "parameters"), 11689512.0);
    QCOMPARE(at(*run, last, "compare/parameters"), 4231976.0);
    for (std::int64_t step = 1; step <= last; ++step)
      QVERIFY(at(*run, step, "macs") >= at(*run, step - 1, "macs"));
  }

  void bytesAreThoseOfTheBatchAndMultiplyAddsOfOneImage() {
    const auto one = finishedRun(kId, {{"batch", "1"}}, 12),
               four = finishedRun(kId, {{"batch", "4"}}, 12);
    QCOMPARE(at(*four, 12, "activation_bytes"), 4 * at(*one, 12, "activation_bytes"));
    QCOMPARE(at(*one, 12, "activation_bytes"), 4 * 14722.0);
    QCOMPARE(at(*four, 12, "macs"), 416520.0);
  }

  void timesAreMeasuredAndNeverRecorded() {
    const auto run = startedRun(kId, {}, 12);
    const auto rows = [&] { return std::get<TableData>(run->frame()->views.at("times")).rows; };
    QVERIFY(std::holds_alternative<std::monostate>(rows().front().cells.at(2)));
    run->advance(12);
    QCOMPARE(rows().size(), 12U);
    QVERIFY(cell(rows().front().cells.at(2)) > 0);
    QVERIFY(cell(rows().front().cells.at(3)) > 0);
    for (const std::string& name : run->records().names())
      QVERIFY(name.find("time") == std::string::npos);
  }

  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    const auto row = [](const char* preset, const char* name, const char* value) {
      QTest::newRow(preset) << preset << name << value;
    };
    row("five-parts", "model", "alexnet");
    row("eight-layers", "model", "vgg-11");
    row("where-parameters-live", "model", "resnet-18");
    row("where-macs-live", "model", "resnet-18");
    row("three-by-three", "compare", "vgg-16");
    row("zero-padding-or-projection", "shortcut", "projection");
    row("adds-or-concatenates", "compare", "densenet-121");
    row("depthwise-separable", "width", "0.25");
    row("fewer-macs-not-fewer-milliseconds", "compare", "mobilenet-v1");
    row("compound-scaling", "phi", "0");
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, preset);
    QFETCH(QString, name);
    QFETCH(QString, value);
    Settings settings{{name.toStdString(), value.toStdString()}};
    if (preset != "five-parts") settings.emplace_back("input", "64");
    const auto run = finishedRun(kId, settings, 815, 1, preset.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }

  // Convolutions of 3 x 3 ran three times as fast as the product of two matrices.
  void noLayerIsAboveTheRoof() {
    const auto run = finishedRun(kId, {{"model", "resnet-18"}, {"compare", "mobilenet-v1"}}, 815);
    const auto& plane = std::get<PlaneData>(run->frame()->views.at("roofline"));
    const auto& roof = std::get<PathLayer>(plane.layers.front());
    int points = 0;
    for (const PlaneLayer& layer : plane.layers)
      if (const auto* net = std::get_if<PointsLayer>(&layer))
        for (const Point& point : net->points) {
          ++points;
          QVERIFY(point.y <= roof.points.back().y + 1e-9);
        }
    QCOMPARE(points, 21 + 28);  // convolutions and dense layers
  }

  void aClaimThatIsAboutAnotherNetIsNotJudged() {
    const auto run = finishedRun(kId, {}, 12, 1, "inception-reduces-first");
    QCOMPARE(verdictOf(*run).mood, Mood::Open);
  }

  void whatIsTooLargeIsRefusedWithItsSize() {
    const Message message = fakes::refusalOf([&] {
      startedRun(kId, {{"model", "vgg-16"}, {"batch", "64"}, {"input", "1024"}}, 1);
    });
    QCOMPARE(message.key, std::string("error.backbone.too_large"));
  }
};

QTEST_GUILESS_MAIN(BackboneExplorerClaimsTest)
#include "backbone_explorer_test.moc"
