// SPDX-License-Identifier: GPL-3.0-or-later
// lr-valley and lr-schedules: when their claims do not show, and the PyTorch programs.
#include <torch/types.h>

#include "lessons/core/error.h"
#include "lessons/data/planar.h"
#include "lessons/step_size/sharpness.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/claims.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kValley = "lr-valley";
const char* const kSchedules = "lr-schedules";

}  // namespace

class LearningRateClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("settings");
    QTest::addColumn<int>("steps");
    const auto row = [](const char* experiment, const char* name, const char* settings, int steps) {
      QTest::newRow(name) << experiment << name << settings << steps;
    };
    row(kValley, "exactly-at-the-limit", "L=9", 60);
    row(kValley, "too-small-is-slow", "lr.1=0.0001", 1000);
    row(kValley, "two-valleys", "lr.4=0.1", 400);
    row(kValley, "noise-floor", "method=heavy-ball", 15000);
    row(kValley, "momentum-limit", "momentum=0.5", 600);
    row(kValley, "nesterov-limit", "momentum=0", 300);
    row(kValley, "eigenvalues", "lr=0.01", 200);
    row(kSchedules, "step-decay", "decay=1", 1400);
    row(kSchedules, "one-cycle", "horizon=20 lr=0.1", 1400);
    row(kSchedules, "cosine", "horizon=20 lr=0.1", 1500);
    row(kSchedules, "warm-up", "input_scale=1 lr=0.05", 900);
    row(kSchedules, "range-test", "lr_high=0.01", 400);
    row(kSchedules, "edge-of-stability", "lr=0.01", 1001);
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, experiment);
    QFETCH(QString, name);
    QFETCH(QString, settings);
    QFETCH(int, steps);
    const auto run = finishedRun(experiment.toStdString(), settingsIn(settings.toStdString()),
                                 steps, 1, name.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }

  void ballsMoveAsInPyTorch_data() {
    QTest::addColumn<QString>("function");
    QTest::addColumn<QString>("method");
    for (const QString function : {"quadratic", "two-valleys"})
      for (const QString method : {"gradient-descent", "heavy-ball", "nesterov"})
        QTest::newRow(qPrintable(function + " " + method)) << function << method;
  }
  void ballsMoveAsInPyTorch() {
    QFETCH(QString, function);
    QFETCH(QString, method);
    const QStringList rates{"0.003", "0.01", "0.03", "0.08", "0.1"};
    const QStringList program{lessonProgram("learning-rate/lr_valley.py")};
    const Printed printed =
        runPython(program + QStringList{function, method, "8", "0.7", "1.5", "100"} + rates);
    Settings settings{{"function", function.toStdString()},
                      {"method", method.toStdString()},
                      {"L", "8"},
                      {"momentum", "0.7"},
                      {"start", "1.5"}};
    for (int i = 0; i < 5; ++i)
      settings.emplace_back("lr." + std::to_string(i + 1), rates[i].toStdString());
    const auto run = finishedRun(kValley, settings, 100);
    int row = 0;
    for (const QByteArray& line : printed.lines) {
      ++row;
      const auto cells = line.split(',');
      for (int i = 0; i < 5; ++i)
        QVERIFY(std::abs(tests::at(*run, row, "ball-" + std::to_string(i + 1) + "/x") -
                         cells[i].toDouble()) < 1e-9);
    }
    QCOMPARE(row, 100);
  }

  void directionsShrinkAsInPyTorch() {
    const QStringList program{lessonProgram("learning-rate/lr_valley.py")};
    const Printed printed = runPython(
        program + QStringList{"eigenvalues=50", "heavy-ball", "8", "0.7", "1.5", "80", "0.2"});
    const auto run = finishedRun(kValley,
                                 {{"function", "eigenvalues"},
                                  {"method", "heavy-ball"},
                                  {"L", "8"},
                                  {"kappa", "50"},
                                  {"momentum", "0.7"},
                                  {"start", "1.5"},
                                  {"lr", "0.2"}},
                                 80);
    QCOMPARE(printed.lines.size(), qsizetype(80));
    for (int row = 1; row <= 80; ++row) {
      const auto cells = printed.lines[row - 1].split(',');
      for (int i = 0; i < 5; ++i)
        QVERIFY(std::abs(tests::at(*run, row, "direction-" + std::to_string(i + 1) + "/x") -
                         cells[i].toDouble()) < 1e-9);
    }
  }

  /// 1 - rate * eigenvalue, for each of them.
  void everyDirectionHasItsOwnFactor() {
    const auto run = finishedRun(
        kValley, {{"function", "eigenvalues"}, {"L", "100"}, {"kappa", "100"}, {"lr", "0.0198"}},
        50);
    for (int i = 0; i < 5; ++i) {
      const double eigenvalue = std::pow(10, 0.5 * i);
      const double expected = std::pow(1 - 0.0198 * eigenvalue, 50);
      const double found = tests::at(*run, 50, "direction-" + std::to_string(i + 1) + "/x");
      QVERIFY(std::abs(found - expected) <= 1e-9 * std::abs(expected));
    }
    const auto table = std::get<TableData>(run->frame()->views.at("balls"));
    QVERIFY(std::abs(std::get<double>(table.rows[2].cells[1]) - 10) < 1e-9);
    QVERIFY(std::abs(std::get<double>(table.rows[2].cells[2]) - 0.802) < 1e-9);
    const auto spectrum = std::get<SeriesData>(run->frame()->views.at("spectrum"));
    QCOMPARE(spectrum.curves.size(), std::size_t{7});  // theory, limit, five directions
  }

  void schedulesRaceAsInPyTorch() {
    constexpr std::int64_t kSteps = 60;
    const auto run = startedRun(kSchedules,
                                {{"horizon", "60"},
                                 {"warmup", "12"},
                                 {"decay_every", "20"},
                                 {"lr", "0.3"},
                                 {"hidden", "8"},
                                 {"samples", "80"}},
                                kSteps, 2);
    Task task = emptyTask();
    for (const auto& [name, tensor] : weightTensors(*run))
      if (name.rfind("constant.", 0) == 0) task.insert(name.substr(9), tensor);
    run->advance(kSteps);
    const auto generator = generatorFor(2, 0);
    Split data = split(moons(80, 0.2, generator), 0.25, generator);
    standardize(data);
    Batches batches(data.training, 16, generatorFor(2, 2));
    std::vector<torch::Tensor> inputs, labels;
    for (int i = 0; i < kSteps; ++i) {
      const auto batch = batches.next();
      inputs.push_back(batch.inputs.clone());
      labels.push_back(batch.labels.clone());
    }
    task.insert("inputs", torch::stack(inputs));
    task.insert("labels", torch::stack(labels));
    task.insert("lr", 0.3);
    task.insert("horizon", std::int64_t{60});
    task.insert("warmup", std::int64_t{12});
    task.insert("decay_every", std::int64_t{20});
    task.insert("decay", 0.1);
    const auto rows = printedBy("learning-rate/lr_schedules.py", task);
    QCOMPARE(rows.size(), std::size_t(kSteps));
    const char* const names[]{"constant", "step", "cosine", "warm-up", "one-cycle"};
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (std::size_t i = 0; i < 5; ++i) {
        const std::string name = names[i];
        const auto step = static_cast<std::int64_t>(row) + 1;
        const double rate = tests::at(*run, step, name + "/lr");
        QVERIFY2(std::abs(rate - rows[row][2 * i]) < 1e-6, qPrintable(QString("%1 %2: %3 %4")
                                                                          .arg(name.c_str())
                                                                          .arg(step)
                                                                          .arg(rate)
                                                                          .arg(rows[row][2 * i])));
        QVERIFY2(agree(tests::at(*run, step, name + "/train_loss"), rows[row][2 * i + 1], 1e-3),
                 qPrintable(QString("%1 %2").arg(name.c_str()).arg(step)));
      }
  }

  void theSharpnessOfAQuadraticIsItsLargestEigenvalue() {
    const auto matrix = torch::tensor({{2.0, 0.5, 0.0}, {0.5, 3.0, 0.0}, {0.0, 0.0, 7.0}});
    const std::vector<torch::Tensor> weights{torch::randn({3}).requires_grad_()};
    Sharpness sharpness(weights, generatorFor(1, 0));
    const double found = sharpness.measure(
        [&] { return 0.5 * weights[0].dot(torch::mv(matrix, weights[0])); }, weights, 100);
    QVERIFY(std::abs(found - 7) < 1e-4);
  }

  void nonsenseIsRefusedInOneSentence() {
    const auto refused = [](const Settings& settings) {
      return fakes::refusalOf([&] { startedRun(kSchedules, settings, 1); }).key;
    };
    QCOMPARE(refused({{"constant.on", "false"},
                      {"step.on", "false"},
                      {"cosine.on", "false"},
                      {"warm-up.on", "false"},
                      {"one-cycle.on", "false"}}),
             std::string("error.schedules.none"));
    QCOMPARE(refused({{"task", "range-test"}, {"lr_low", "1"}, {"lr_high", "0.1"}}),
             std::string("error.schedules.range"));
  }
};

QTEST_GUILESS_MAIN(LearningRateClaimsTest)
#include "learning_rate_test.moc"
