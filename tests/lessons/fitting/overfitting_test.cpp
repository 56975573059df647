// SPDX-License-Identifier: GPL-3.0-or-later
// capacity-lab and double-descent: when a claim does not show, bad input, and the PyTorch programs.
#include <torch/types.h>

#include <QFile>
#include <QTemporaryDir>

#include "lessons/core/error.h"
#include "lessons/fitting/capacity_lab.h"
#include "lessons/fitting/random_features.h"
#include "lessons/fitting/sample_sets.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/claims.h"
#include "tests/lessons/own_table.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kLab = "capacity-lab";
const char* const kDescent = "double-descent";

}  // namespace

class OverfittingClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("settings");
    QTest::addColumn<int>("steps");
    const auto row = [](const char* name, const char* settings, int steps) {
      QTest::newRow(name) << name << settings << steps;
    };
    row("little-data", "train_size=300", 500);
    row("complex-model", "degree=3", 20);
    row("weak-regularisation", "l2=0.01", 1500);
    row("too-many-epochs", "epochs=10", 1500);
    row("shifted-distribution", "test_shift=0.01", 1000);
    row("augmentation", "augmentation=0", 1000);
    row("l1", "l1=0", 3000);
    row("l2", "l2=0", 20);
    row("dropout", "dropout=0", 1500);
    row("early-stopping", "early_stopping=false", 2500);
    row("smaller-model", "degree=9", 1500);
    row("more-data", "train_size=10", 20);
    row("simple-model", "depth=2", 1000);
    row("poor-features", "features=raw", 1000);
    row("low-learning-rate", "lr=0.05", 800);
    row("short-training", "epochs=1000", 800);
    row("too-much-regularisation", "l2=0.001", 20);
    row("label-noise", "label_noise=0", 3000);
    row("more-capacity", "width=2", 2500);
    row("higher-learning-rate", "lr=0.0005", 800);
    row("longer-training", "epochs=20", 2500);
    row("less-regularisation", "l2=0.1", 1000);
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, name);
    QFETCH(QString, settings);
    QFETCH(int, steps);
    const auto run =
        finishedRun(kLab, settingsIn(settings.toStdString()), steps, 1, name.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }
  void aRidgeOfZeroLeavesThePeak() {
    const auto run = finishedRun(kDescent, {{"ridge", "0"}}, 60, 1, "ridge-flattens-the-peak");
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }
  void aRidgeTakesThePeakAway() {
    const auto run = finishedRun(kDescent, {{"ridge", "0.02"}}, 60, 1, "peak-at-interpolation");
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }

  void withoutAClaimTheNumbersAreDiagnosed_data() {
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("key");
    QTest::newRow("overfit") << ""
                             << "overfit";
    QTest::newRow("underfit") << "dataset=circles depth=0 train_size=200"
                              << "underfit";
    QTest::newRow("good") << "train_size=300 noise=0.1"
                          << "good";
    QTest::newRow("shift") << "train_size=300 noise=0.1 test_shift=1"
                           << "shift";
    // What noise leaves to the best of all models is not held against this one.
    QTest::newRow("noise alone") << "train_size=500 label_noise=0.3 noise=0.1"
                                 << "good";
  }
  void withoutAClaimTheNumbersAreDiagnosed() {
    QFETCH(QString, settings);
    QFETCH(QString, key);
    const auto run = finishedRun(kLab, settingsIn(settings.toStdString()), 600);
    const VerdictData verdict = verdictOf(*run);
    QCOMPARE(verdict.mood, Mood::Open);
    QCOMPARE(QString::fromStdString(verdict.sentence.key), "capacity-lab.verdict.standing." + key);
    sayVerdict(verdict, key.toStdString());
  }

  void learnsAndStopsAsInPyTorch_data() {
    QTest::addColumn<QString>("settings");
    QTest::newRow("plain") << "";
    QTest::newRow("penalties") << "l1=0.002 l2=0.003";
    QTest::newRow("early stopping") << "early_stopping=true patience=20 noise=0.4";
  }
  void learnsAndStopsAsInPyTorch() {
    QFETCH(QString, settings);
    constexpr std::int64_t kEpochs = 120;
    auto told = settingsIn(settings.toStdString());
    told.emplace_back("compare", "nothing");
    told.emplace_back("width", "16");
    const auto run = startedRun(kLab, told, kEpochs, 3);
    const Parameters& p = run->parameters();
    RunContext context;
    context.seed = 3;
    const LabData data = labData(p, context);
    Task task = emptyTask();
    for (const auto& [name, tensor] : weightTensors(*run)) task.insert(name.substr(5), tensor);
    const auto seen = [](const LabSamples& samples) {
      return labFeatures(LabFeatures::Raw, 1, samples.inputs).t().contiguous();
    };
    task.insert("training", seen(data.training));
    task.insert("training_classes", data.training.targets);
    task.insert("validation", seen(data.validation));
    task.insert("validation_classes", data.validation.targets);
    task.insert("epochs", kEpochs);
    task.insert("lr", p[kLabRate]);
    task.insert("l1", p[kLabL1]);
    task.insert("l2", p[kLabL2]);
    task.insert("patience", p[kLabEarlyStopping] ? p[kLabPatience] : std::int64_t{0});
    const auto rows = printedBy("overfitting/capacity_lab.py", task);
    run->advance(kEpochs);
    QVERIFY(rows.size() > 3);
    for (const auto& row : rows) {
      const auto epoch = static_cast<std::int64_t>(row[0]);
      const double train = tests::at(*run, epoch, "train_loss");
      const double validation = tests::at(*run, epoch, "validation_loss");
      QVERIFY2(agree(train, row[1], 2e-3) && agree(validation, row[2], 2e-3),
               qPrintable(QString("%1: %2 %3, %4 %5")
                              .arg(epoch)
                              .arg(train)
                              .arg(row[1])
                              .arg(validation)
                              .arg(row[2])));
    }
    // After it stopped nothing changes any more.
    if (p[kLabEarlyStopping]) {
      QVERIFY(rows.back()[0] < kEpochs);
      QVERIFY(agree(tests::at(*run, kEpochs, "validation_loss"), rows.back()[2], 2e-3));
    }
  }

  void descendsTwiceAsInPyTorch_data() {
    QTest::addColumn<double>("ridge");
    QTest::newRow("none") << 0.0;
    QTest::newRow("some") << 0.05;
  }
  void descendsTwiceAsInPyTorch() {
    QFETCH(double, ridge);
    const auto run = finishedRun(
        kDescent, {{"draws", "5"}, {"train_size", "20"}, {"ridge", std::to_string(ridge)}}, 60, 2);
    QCOMPARE(run->status(), RunStatus::Finished);
    std::vector<std::int64_t> widths;
    for (std::int64_t row = 1; row <= run->step(); ++row)
      widths.push_back(std::llround(tests::at(*run, row, "width")));
    const RegressionDraws draws(5, 20, widths.back(), 0.3, 2);
    Task task = emptyTask();
    task.insert("inputs", draws.inputs);
    task.insert("targets", draws.targets);
    task.insert("test_inputs", draws.test_inputs);
    task.insert("test_targets", draws.test_targets);
    task.insert("directions", draws.directions);
    task.insert("widths", torch::tensor(widths));
    task.insert("ridge", ridge);
    const auto rows = printedBy("overfitting/double_descent.py", task);
    QCOMPARE(rows.size(), widths.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i) + 1;
      QVERIFY(std::abs(tests::at(*run, row, "train_error") - rows[i][1]) < 1e-6);
      QVERIFY2(agree(tests::at(*run, row, "test_error"), rows[i][2], 1e-4),
               qPrintable(QString("p = %1").arg(widths[i])));
      QVERIFY(agree(tests::at(*run, row, "weight_norm"), rows[i][3], 1e-4));
    }
  }

  void thePeakLiesWhereFeaturesAreAsManyAsSamples_data() {
    QTest::addColumn<int>("samples");
    for (const int samples : {20, 40, 60}) QTest::addRow("%d", samples) << samples;
  }
  void thePeakLiesWhereFeaturesAreAsManyAsSamples() {
    QFETCH(int, samples);
    const auto run = finishedRun(kDescent, {{"train_size", std::to_string(samples)}}, 60);
    double peak = 0, width = 0;
    for (std::int64_t row = 1; row <= run->step(); ++row)
      if (tests::at(*run, row, "test_error") > peak) {
        peak = tests::at(*run, row, "test_error");
        width = tests::at(*run, row, "width");
      }
    QCOMPARE(std::lround(width), static_cast<long>(samples));
    // Beyond it the training error is nothing but rounding.
    QVERIFY(tests::at(*run, run->step(), "train_error") < 1e-20);
  }

  void badInputIsRefusedInOneSentence_data() {
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("key");
    QTest::newRow("exact classes") << "solver=exact depth=0"
                                   << "error.lab.exact_model";
    QTest::newRow("exact net") << "dataset=sine solver=exact"
                               << "error.lab.exact_model";
    QTest::newRow("exact with L1") << "dataset=sine depth=0 features=polynomial solver=exact l1=0.1"
                                   << "error.lab.exact_remedy";
    QTest::newRow("the other exact net")
        << "dataset=sine depth=0 solver=exact compare=depth other.depth=2"
        << "error.lab.exact_model";
    QTest::newRow("no file") << "dataset=file"
                             << "error.csv.no_file";
    QTest::newRow("outside the plane") << "class_points=9,0,1"
                                       << "";
  }
  void badInputIsRefusedInOneSentence() {
    QFETCH(QString, settings);
    QFETCH(QString, key);
    const Message said =
        fakes::refusalOf([&] { startedRun(kLab, settingsIn(settings.toStdString()), 1); });
    QVERIFY2(said.key != "nothing thrown", qPrintable(settings));
    if (!key.isEmpty()) QCOMPARE(QString::fromStdString(said.key), key);
  }
  void tooFewDrawnPointsAskForMore_data() {
    QTest::addColumn<QString>("points");
    QTest::newRow("none") << "";
    QTest::newRow("two") << "1,0,0;0,1,1";
  }
  void tooFewDrawnPointsAskForMore() {
    QFETCH(QString, points);
    const auto run = finishedRun(
        kLab, {{"dataset", "drawn-classes"}, {"class_points", points.toStdString()}}, 30);
    QCOMPARE(run->status(), RunStatus::Completed);
    QCOMPARE(verdictOf(*run).sentence.key, std::string("capacity-lab.verdict.few_points"));
    sayVerdict(verdictOf(*run), "few points");
  }
  void aFileOfThreeColumnsIsRefused() {
    QTemporaryDir folder;
    QFile file(folder.filePath("points.csv"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("x,y,z,label\n1,2,3,a\n3,4,5,b\n");
    file.close();
    const auto run =
        startedRun(kLab, {{"dataset", "file"}, {"data_file", file.fileName().toStdString()}}, 1);
    QCOMPARE(run->status(), RunStatus::Failed);
    QCOMPARE(run->message()->key, std::string("error.csv.not_planar"));
  }
  void aFileWithThreeClassesIsLearnt() {
    QTemporaryDir folder;
    QFile file(folder.filePath("points.csv"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("x,y,label\n");
    for (int i = 0; i < 90; ++i)
      file.write(
          QString("%1,%2,%3\n").arg(i % 3 + 0.01 * i).arg(0.01 * (i % 7)).arg(i % 3).toUtf8());
    file.close();
    const auto run = finishedRun(
        kLab,
        {{"dataset", "file"}, {"data_file", file.fileName().toStdString()}, {"train_size", "60"}},
        200);
    QCOMPARE(run->status(), RunStatus::Completed);
    QVERIFY(tests::at(*run, 200, "validation_accuracy") > 0.8);
    QVERIFY(run->frame() != nullptr);
  }

  /// Of 120 values of y a float keeps four.
  void coordinatesFarFromZeroAreLearntAsThoseNearIt() {
    const OwnTable near(moonsOfMetres(0)), far(moonsOfMetres(5'400'000));
    const auto runOf = [](const OwnTable& table) {
      return finishedRun(
          kLab, {{"dataset", "file"}, {"data_file", table.path()}, {"train_size", "120"}}, 300, 2);
    };
    const auto near_run = runOf(near), far_run = runOf(far);
    for (const char* record : {"train_loss", "validation_loss", "validation_accuracy"}) {
      const double expected = tests::at(*near_run, 300, record);
      const double found = tests::at(*far_run, 300, record);
      QVERIFY2(std::abs(found - expected) <= 1e-3 + 1e-2 * std::abs(expected),
               qPrintable(QString("%1: %2, %3").arg(record).arg(found).arg(expected)));
    }
  }

  void aTrainingSetThatCannotHaveAllClassesIsRefused() {
    const OwnTable table(withARareClass(4));
    const auto runOf = [&](const char* size) {
      return startedRun(
          kLab, {{"dataset", "file"}, {"data_file", table.path()}, {"train_size", size}}, 1);
    };
    const auto refused = runOf("2");
    QCOMPARE(refused->status(), RunStatus::Failed);
    QCOMPARE(refused->message()->key, std::string("error.lab.class_unseen"));
    QCOMPARE(fakes::argumentOf(*refused->message(), "classes"), std::string("3"));
    QVERIFY(!fakes::argumentOf(*refused->message(), "label").empty());
    const auto run = runOf("3");
    QVERIFY(run->status() != RunStatus::Failed);
    QCOMPARE(fakes::argumentOf(run->reading().value(), "training"), std::string("3"));
    QCOMPARE(fakes::argumentOf(run->reading().value(), "column"), std::string("kind"));
  }

  /// Two classes, whatever they are called: the numbers of the run depend on nothing else, and the
  /// points keep the colours that they were drawn with.
  void aLabelThatNobodyDrewIsNoClass() {
    const auto runOf = [](int second) {
      Points points;
      for (int i = 0; i < 30; ++i)
        points.points.push_back({i % 2 == 0 ? -1.0 : 1.0, 0.1 * (i % 5), i % 2 == 0 ? 0 : second});
      auto run = startedRun(kLab, {{"dataset", "drawn-classes"}}, 40);
      run->change("class_points", points);
      run->advance(40);
      return run;
    };
    const auto first = runOf(1), third = runOf(2);
    QCOMPARE(third->status(), RunStatus::Completed);
    for (const char* record : {"train_loss", "validation_loss", "validation_accuracy"})
      QCOMPARE(tests::at(*third, 40, record), tests::at(*first, 40, record));
    const auto frame = third->frame();
    const auto& plane = std::get<PlaneData>(frame->views.at("fit"));
    const auto* field = std::get_if<FieldLayer>(&plane.layers.front());
    QVERIFY(field && field->diverging);
    std::set<int> shown;
    for (const auto& layer : plane.layers)
      if (const auto* points = std::get_if<PointsLayer>(&layer))
        shown.insert(points->classes.begin(), points->classes.end());
    QCOMPARE(shown, (std::set<int>{0, 2}));
  }

  void pointsAreDrawnWhileItLearns_data() {
    QTest::addColumn<QString>("dataset");
    QTest::addColumn<QString>("parameter");
    QTest::newRow("classes") << "drawn-classes"
                             << "class_points";
    QTest::newRow("curve") << "drawn-curve"
                           << "curve_points";
  }
  void pointsAreDrawnWhileItLearns() {
    QFETCH(QString, dataset);
    QFETCH(QString, parameter);
    const auto run = startedRun(kLab, {{"dataset", dataset.toStdString()}}, 1000);
    run->advance(100);
    const double before = tests::at(*run, 100, "train_loss");
    Points points = std::get<Points>(run->parameters().value(parameter.toStdString()));
    points.points.push_back({0.9, 1.2, 1});
    run->change(parameter.toStdString(), points);
    run->advance(10);
    QVERIFY(tests::at(*run, 110, "train_loss") != before);
    // A third class, and then none at all.
    points.points.push_back({0.2, -1.2, 2});
    run->change(parameter.toStdString(), points);
    run->advance(20);
    run->change(parameter.toStdString(), Points{});
    run->advance(20);
    QVERIFY(isAbsent(tests::at(*run, 150, "train_loss")));
    run->change(parameter.toStdString(), points);
    run->advance(20);
    QCOMPARE(run->status(), RunStatus::Running);
    QVERIFY(std::isfinite(tests::at(*run, 170, "train_loss")));
    QVERIFY(run->frame() != nullptr);
  }
};

QTEST_GUILESS_MAIN(OverfittingClaimsTest)
#include "overfitting_test.moc"
