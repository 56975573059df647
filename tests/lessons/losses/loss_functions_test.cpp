// SPDX-License-Identifier: GPL-3.0-or-later
// loss-race and loss-shapes: when their claims do not show, and the PyTorch programs.
#include <torch/types.h>

#include "lessons/data/planar.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/claims.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

class LossFunctionsClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("settings");
    const auto row = [](const char* experiment, const char* name, const char* settings) {
      QTest::newRow(name) << experiment << name << settings;
    };
    row("loss-race", "mse-saturates", "bias=0");
    row("loss-race", "cross-entropy-recovers", "bias=0");
    row("loss-race", "focal-rare-class", "gamma=0");
    row("loss-race", "label-smoothing", "lr=0.001");
    row("loss-shapes", "outliers", "points=-5,-1,0;0,1,0;5,3,0");
    row("loss-shapes", "huber", "delta=10");
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, experiment);
    QFETCH(QString, name);
    QFETCH(QString, settings);
    const auto run = finishedRun(experiment.toStdString(), settingsIn(settings.toStdString()), 2000,
                                 1, name.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }

  void netsLearnAsInPyTorch() {
    constexpr std::int64_t kSteps = 60;
    constexpr std::uint64_t kSeed = 3;
    const auto run = startedRun(
        "loss-race", {{"samples", "100"}, {"bias", "-2"}, {"batch_size", "16"}}, kSteps, kSeed);
    Task task = emptyTask();
    for (const auto& [name, tensor] : weightTensors(*run))
      if (name.rfind("hinge.", 0) == 0) task.insert(name.substr(6), tensor);
    run->advance(kSteps);
    const auto generator = generatorFor(kSeed, 0);
    const Dataset all = moons(200, 0.2, generator);
    const auto of = [&](int label) {
      return (all.labels == label).nonzero().flatten().slice(0, 0, 50);
    };
    Split data = split(all.at(torch::cat({of(0), of(1)})), 0.3, generator);
    standardize(data);
    Batches batches(data.training, 16, generatorFor(kSeed, 2));
    std::vector<torch::Tensor> inputs, labels;
    for (int i = 0; i < kSteps; ++i) {
      const auto batch = batches.next();
      inputs.push_back(batch.inputs.clone());
      labels.push_back(batch.labels.clone());
    }
    task.insert("inputs", torch::stack(inputs));
    task.insert("labels", torch::stack(labels));
    task.insert("lr", 0.3);
    task.insert("gamma", 2.0);
    task.insert("smoothing", 0.1);
    const auto rows = printedBy("loss-functions/loss_race.py", task);
    QCOMPARE(rows.size(), std::size_t(kSteps));
    const char* const names[]{"squared", "cross-entropy", "focal", "hinge", "smoothed"};
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (std::size_t i = 0; i < 5; ++i)
        QVERIFY2(agree(tests::at(*run, static_cast<std::int64_t>(row) + 1,
                                 std::string(names[i]) + "/loss"),
                       rows[row][i], 1e-3),
                 qPrintable(QString("%1 %2").arg(names[i]).arg(row)));
  }

  void linesAreFittedAsInPyTorch() {
    const Printed printed = runPython({lessonProgram("loss-functions/loss_shapes.py"), "300"});
    const auto run = finishedRun("loss-shapes", {}, 300);
    const char* const names[]{"squared/slope",   "squared/offset", "absolute/slope",
                              "absolute/offset", "huber/slope",    "huber/offset"};
    std::int64_t row = 0;
    for (const QByteArray& line : printed.lines) {
      ++row;
      const auto cells = line.split(',');
      for (int i = 0; i < 6; ++i)
        QVERIFY2(std::abs(tests::at(*run, row, names[i]) - cells[i].toDouble()) < 1e-9, names[i]);
    }
    QCOMPARE(row, std::int64_t{300});
  }

  void aPointThatIsDraggedMovesTheLineAtOnce() {
    const ExperimentSpec& spec = viva_catalog()->experiment("loss-shapes");
    RunSettings settings{Parameters(spec.parameters)};
    settings.steps = 4000;
    Run run(spec, settings, viva_catalog()->runtime());
    run.advance(3000);
    const double before = tests::at(run, 3000, "squared/offset");
    Points moved = std::get<Points>(settings.parameters.value("points"));
    moved.points.back().y = 9;
    run.change("points", moved);
    run.advance(100);
    QVERIFY(tests::at(run, 3100, "squared/offset") > before + 0.5);
  }

  void withoutPointsThereIsASentence() {
    const auto run = finishedRun("loss-shapes", {{"points", ""}}, 5);
    QCOMPARE(verdictOf(*run).sentence.key, std::string("loss-shapes.verdict.no_points"));
    sayVerdict(verdictOf(*run), "no points");
  }

  void nonsenseIsRefusedInOneSentence() {
    const auto refused = [](const char* experiment, const Settings& settings) {
      return fakes::refusalOf([&] { startedRun(experiment, settings, 1); }).key;
    };
    QCOMPARE(refused("loss-race", {{"squared.on", "false"},
                                   {"cross-entropy.on", "false"},
                                   {"focal.on", "false"},
                                   {"hinge.on", "false"},
                                   {"smoothed.on", "false"}}),
             std::string("error.losses.none"));
    QVERIFY(refused("loss-shapes", {{"points", "50,0,0"}}) != "nothing thrown");
  }
};

QTEST_GUILESS_MAIN(LossFunctionsClaimsTest)
#include "loss_functions_test.moc"
