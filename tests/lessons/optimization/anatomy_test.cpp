// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kAnatomy = "optimizer-anatomy";

const std::vector<std::string>& optimizers() {
  return viva_catalog()->experiment(kAnatomy).parameters[0].choices;
}

}  // namespace

class AnatomyTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void itWalksTheRoadOfTheRace() {
    for (const std::string& name : optimizers()) {
      const auto race = finishedRun("optimizer-race", {{name + ".lr", "0.02"}}, 60);
      const auto anatomy = finishedRun(
          kAnatomy, {{"optimizer", name}, {"lr", "0.02"}, {"kappa", "25"}, {"start", "-1.8,1.2"}},
          60);
      for (std::int64_t row = 0; row <= 60; ++row) {
        QVERIFY(std::abs(at(*anatomy, row, "x") - at(*race, row, name + "/x")) < 1e-12);
        QVERIFY(std::abs(at(*anatomy, row, "y") - at(*race, row, name + "/y")) < 1e-12);
      }
    }
  }

  void recordsAreTheQuantitiesThatTheOptimizerHas() {
    const auto has = [](const char* optimizer, const char* record) {
      return startedRun(kAnatomy, {{"optimizer", optimizer}}, 1)->records().find(record) >= 0;
    };
    QVERIFY(!has("sgd", "first_moment/x") && !has("sgd", "second_moment/x"));
    QVERIFY(has("momentum", "first_moment/x") && !has("momentum", "second_moment/x"));
    QVERIFY(!has("adagrad", "first_moment/x") && has("adagrad", "second_moment/x"));
    QVERIFY(!has("rmsprop", "first_moment/x") && has("rmsprop", "second_moment/x"));
    QVERIFY(has("adam", "first_moment/x") && has("adam", "second_moment/x"));
    QVERIFY(has("adabelief", "effective_rate/y"));
  }

  void rowZeroHasNoStep() {
    const auto run = finishedRun(kAnatomy, {}, 1);
    QVERIFY(isAbsent(at(*run, 0, "gradient/x")));
    QVERIFY(isAbsent(at(*run, 0, "step/x")));
    QCOMPARE(at(*run, 1, "gradient/x"), -1.5);
    QCOMPARE(at(*run, 1, "gradient/y"), 4.8);
  }

  void adamsFirstStepIsItsRateInEachCoordinate() {
    const auto run = finishedRun(kAnatomy, {{"lr", "0.1"}}, 1);
    QVERIFY(std::abs(at(*run, 1, "step/x") - 0.1) < 1e-8);
    QVERIFY(std::abs(at(*run, 1, "step/y") + 0.1) < 1e-8);
    QCOMPARE(at(*run, 1, "first_moment/x"), -1.5);  // corrected: the mean of one gradient is itself
    QVERIFY(std::abs(at(*run, 1, "second_moment/y") - 4.8 * 4.8) < 1e-10);
  }

  void theStepIsTheRateTimesTheDirection() {
    for (const char* name : {"momentum", "adam", "adabelief"}) {
      const auto run = finishedRun(kAnatomy, {{"optimizer", name}}, 30);
      for (std::int64_t row = 1; row <= 30; ++row)
        for (const std::string axis : {"/x", "/y"}) {
          const double expected =
              -at(*run, row, "effective_rate" + axis) * at(*run, row, "first_moment" + axis);
          QVERIFY(std::abs(at(*run, row, "step" + axis) - expected) <
                  1e-12 * (1 + std::abs(expected)));
        }
    }
  }

  void adagradsEffectiveRateNeverRises() {
    const auto run = finishedRun(kAnatomy, {{"optimizer", "adagrad"}}, 60);
    for (std::int64_t row = 2; row <= 60; ++row)
      QVERIFY(at(*run, row, "effective_rate/x") <= at(*run, row - 1, "effective_rate/x"));
  }

  void theFormulaComesToTheStepForEveryOptimizerOnEverySurface() {
    const ExperimentSpec& spec = viva_catalog()->experiment(kAnatomy);
    const Parameters defaults(spec.parameters);
    for (const std::string& name : optimizers())
      for (const std::string& surface : defaults.spec("surface").choices) {
        const auto run = finishedRun(
            kAnatomy, {{"optimizer", name}, {"surface", surface}, {"weight_decay", "0.01"}}, 40);
        for (const CheckResult& check : run->checks())
          QVERIFY2(!check.failed(), (name + " on " + surface + ": " + check.id).c_str());
      }
  }

  void arrowsAndFormulaShowTheNewestStep() {
    const auto run = startedRun(kAnatomy, {}, 2);
    const auto arrowsIn = [&run] {
      const auto frame = run->frame();
      std::vector<std::string> names;
      for (const PlaneLayer& layer : std::get<PlaneData>(frame->views.at("plane")).layers)
        if (const auto* arrows = std::get_if<ArrowsLayer>(&layer)) names.push_back(arrows->name);
      return names;
    };
    QCOMPARE(arrowsIn(), (std::vector<std::string>{"gradient"}));
    run->advance(2);
    QCOMPARE(arrowsIn(),
             (std::vector<std::string>{"gradient", "first_moment", "second_moment", "step"}));

    const auto frame = run->frame();
    const auto& table = std::get<TableData>(frame->views.at("formula"));
    QCOMPARE(table.rows.size(), std::size_t{8});  // theta, g, m, v, both corrected, step, theta
    QCOMPARE(std::get<double>(table.rows.back().cells[2]), at(*run, 2, "x"));
    QCOMPARE(std::get<double>(table.rows[1].cells[3]), at(*run, 2, "gradient/y"));
  }
};

QTEST_GUILESS_MAIN(AnatomyTest)
#include "anatomy_test.moc"
