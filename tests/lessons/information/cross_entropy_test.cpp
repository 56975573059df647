// SPDX-License-Identifier: GPL-3.0-or-later
// The lesson's four experiments: when their claims do not show, and the programs of the Code tab.
#include <torch/utils.h>

#include <limits>

#include "lessons/data/planar.h"
#include "lessons/nn/stacked_net.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/claims.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

std::vector<std::vector<double>> printed(const char* program, const QStringList& arguments) {
  const QStringList command{lessonProgram(QString("cross-entropy-kl/") + program)};
  return numbersIn(runPython(command + arguments).lines);
}

}  // namespace

class CrossEntropyClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("settings");
    const auto row = [](const char* experiment, const char* name, const char* settings) {
      QTest::newRow(name) << experiment << name << settings;
    };
    row("distribution-match", "asymmetry", "p=0.5,0.25,0.25 q=0.25,0.25,0.5");
    row("distribution-match", "cross-entropy-can-be-zero", "p=0.9,0.1,0");
    row("distribution-match", "depends-on-entropy", "q=0.34,0.33,0.33");
    row("distribution-match", "same-gradient", "objective=js");
    row("distribution-match", "triangle-fails", "via=0.9,0.1");
    row("mode-seeking", "mode-covering", "distance=0");
    row("mode-seeking", "mode-seeking", "lr=0.001");
    row("distillation", "temperature", "classes=2 spread=0.4");
    row("kl-constrained-policy", "kl-leash", "beta=100");
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, experiment);
    QFETCH(QString, name);
    QFETCH(QString, settings);
    const auto run = finishedRun(experiment.toStdString(), settingsIn(settings.toStdString()), 500,
                                 1, name.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }

  void descentIsThatOfNumPy_data() {
    QTest::addColumn<QString>("objective");
    for (const char* objective : {"cross-entropy", "forward-kl", "reverse-kl", "js"})
      QTest::newRow(objective) << objective;
  }
  void descentIsThatOfNumPy() {
    QFETCH(QString, objective);
    const auto rows = printed("distribution_match.py",
                              {objective, "0.6,0.25,0.1,0.05", "0.1,0.2,0.3,0.4", "0.3", "1000"});
    QCOMPARE(rows.size(), std::size_t{1000});
    const auto run = finishedRun("distribution-match",
                                 {{"p", "0.6,0.25,0.1,0.05"},
                                  {"q", "0.1,0.2,0.3,0.4"},
                                  {"objective", objective.toStdString()},
                                  {"optimizer.lr", "0.3"}},
                                 1000);
    const char* const names[]{"entropy", "cross_entropy", "kl_forward", "kl_reverse", "js"};
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (std::size_t i = 0; i < 5; ++i)
        QVERIFY2(std::abs(tests::at(*run, static_cast<std::int64_t>(row) + 1, names[i]) -
                          rows[row][i]) < 1e-9,
                 names[i]);
  }

  void fitsAreThoseOfPyTorch() {
    const auto rows = printed("mode_seeking.py", {"120"});
    QCOMPARE(rows.size(), std::size_t{120});
    const auto run = finishedRun("mode-seeking", {}, 120);
    const char* const names[]{"forward/mean", "forward/sigma", "forward/kl_forward",
                              "reverse/mean", "reverse/sigma", "reverse/kl_reverse"};
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (std::size_t i = 0; i < 6; ++i)
        QVERIFY2(std::abs(tests::at(*run, static_cast<std::int64_t>(row) + 1, names[i]) -
                          rows[row][i]) < 1e-6,
                 qPrintable(QString("%1 at %2").arg(names[i]).arg(row)));
  }

  void thePolicyIsThatOfPyTorch() {
    const auto rows = printed("kl_policy.py", {"0.7", "0.4", "200"});
    QCOMPARE(rows.size(), std::size_t{200});
    const auto run = finishedRun("kl-constrained-policy", {{"beta", "0.7"}, {"lr", "0.4"}}, 200);
    const char* const names[]{"reward", "kl", "objective", "distance"};
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (std::size_t i = 0; i < 4; ++i)
        QVERIFY2(std::abs(tests::at(*run, static_cast<std::int64_t>(row) + 1, names[i]) -
                          rows[row][i]) < 1e-9,
                 names[i]);
  }

  void studentsLearnAsInPyTorch() {
    constexpr std::int64_t kSteps = 80;
    constexpr std::uint64_t kSeed = 4;
    const auto run =
        startedRun("distillation", {{"labels", "20"}, {"hidden", "16"}}, kSteps, kSeed);
    Task task = emptyTask();
    for (const auto& [name, tensor] : weightTensors(*run))
      if (name.rfind("hard.", 0) == 0) task.insert(name.substr(5), tensor);
    run->advance(kSteps);
    // The same data and teacher once more.
    const auto generator = generatorFor(kSeed, 0);
    const Split data = split(blobs(600, 6, 0.3, generator), 0.5, generator);
    const Architecture net = mlp(2, 64, 6);
    StackedNet teacher(net, 1, initialWeights(net.weights, generatorFor(kSeed, 1)));
    for (int i = 0; i < 300; ++i) {
      const auto& gradients = teacher.gradients(
          crossEntropy(teacher.forward(data.training.inputs), data.training.labels));
      const torch::NoGradGuard no_grad;
      torch::Tensor weights = teacher.weights();
      weights.sub_(gradients, 0.5);
    }
    const auto order =
        torch::randperm(data.training.samples(), generatorFor(kSeed, 3), torch::kInt64);
    const Dataset few = data.training.at(order.slice(0, 0, 20));
    const torch::NoGradGuard no_grad;
    task.insert("inputs", few.inputs);
    task.insert("labels", few.labels);
    task.insert("taught", teacher.forward(few.inputs)[0].t().contiguous());
    task.insert("temperature", 4.0);
    task.insert("alpha", 0.9);
    task.insert("lr", 0.1);
    task.insert("steps", kSteps);
    const auto rows = printedBy("cross-entropy-kl/distillation.py", task);
    QCOMPARE(rows.size(), std::size_t(kSteps));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto step = static_cast<std::int64_t>(row) + 1;
      QVERIFY(agree(tests::at(*run, step, "hard/loss"), rows[row][0], 1e-3));
      QVERIFY(agree(tests::at(*run, step, "soft/loss"), rows[row][1], 1e-3));
    }
  }

  void zeroWhereDataAreIsInfiniteAndExplained() {
    const auto run =
        finishedRun("distribution-match", {{"p", "0.5,0.3,0.2"}, {"q", "0.5,0.5,0"}}, 50);
    for (const char* name : {"cross_entropy", "kl_forward"})
      QCOMPARE(tests::at(*run, 50, name), std::numeric_limits<double>::infinity());
    QVERIFY(std::isfinite(tests::at(*run, 50, "js")));
    QCOMPARE(verdictOf(*run).sentence.key, std::string("distribution-match.verdict.infinite"));
    sayVerdict(verdictOf(*run), "infinite");
  }

  void reverseKlThatIsInfiniteStandsStillAndSaysWhy() {
    const auto run =
        finishedRun("distribution-match",
                    {{"p", "0.5,0.5,0"}, {"q", "0.2,0.3,0.5"}, {"objective", "reverse-kl"}}, 50, 1,
                    "asymmetry");
    QCOMPARE(tests::at(*run, 50, "kl_reverse"), std::numeric_limits<double>::infinity());
    QCOMPARE(tests::at(*run, 50, "kl_forward"), tests::at(*run, 0, "kl_forward"));
    QCOMPARE(verdictOf(*run).sentence.key,
             std::string("distribution-match.verdict.infinite_reverse"));
    sayVerdict(verdictOf(*run), "infinite");
  }

  void draggingQBeginsAnewAndDraggingPGoesOn() {
    const ExperimentSpec& spec = viva_catalog()->experiment("distribution-match");
    RunSettings settings{Parameters(spec.parameters)};
    settings.steps = 20;
    Run run(spec, settings, viva_catalog()->runtime());
    run.advance(10);
    const double before = tests::at(run, 10, "kl_forward");
    run.change("p", Distribution{{0.2, 0.2, 0.6}});
    run.advance(1);
    QVERIFY(tests::at(run, 11, "kl_forward") > before);
    run.change("q", Distribution{{0.2, 0.2, 0.6}});
    run.advance(1);
    QVERIFY(tests::at(run, 12, "kl_forward") < 1e-12);
  }

  void anyNumberOfClassesNeedsOnlyPAndQ() {
    const auto run = finishedRun("distribution-match", {{"p", "0.5,0.5"}, {"q", "0.1,0.9"}}, 1);
    QVERIFY(std::abs(tests::at(*run, 0, "kl_forward") - 0.5108256238) < 1e-9);
    const auto triangle = std::get<TableData>(run->frame()->views.at("triangle"));
    QVERIFY(std::get<double>(triangle.rows.back().cells[1]) > 0);
  }

  void distributionsOfUnequalLengthAreRefused() {
    const auto refused = [](const char* experiment, const Settings& settings) {
      return fakes::refusalOf([&] { startedRun(experiment, settings, 1); });
    };
    const Message length = refused("distribution-match", {{"q", "0.5,0.5"}});
    QCOMPARE(length.key, std::string("error.match.length"));
    QCOMPARE(fakes::argumentOf(length, "name"), std::string("q"));
    for (const char* wrong : {"0.5,0.6", "1.5,-0.5", "0.5,nan", ""})
      QVERIFY(refused("distribution-match", {{"p", wrong}}).key != "nothing thrown");
    QCOMPARE(refused("kl-constrained-policy", {{"reference", "0.2,0.2,0.2,0.2,0.1,0.1"}}).key,
             std::string("error.policy.actions"));
  }
};

QTEST_GUILESS_MAIN(CrossEntropyClaimsTest)
#include "cross_entropy_test.moc"
