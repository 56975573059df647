// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cstring>

#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kRace = "optimizer-race";

/// Rates at which all seven come down Rosenbrock from (-1.5, 2).
const Settings kGentle{{"surface", "rosenbrock"}, {"start", "-1.5,2"},   {"sgd.lr", "1e-3"},
                       {"momentum.lr", "5e-4"},   {"adagrad.lr", "0.5"}, {"rmsprop.lr", "1e-3"},
                       {"adam.lr", "1e-2"},       {"adamw.lr", "1e-2"},  {"adabelief.lr", "1e-2"}};

Settings with(Settings settings, const Settings& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

}  // namespace

class RaceTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void thousandStepsDownRosenbrockEndWhereTorchEnds() {
    const auto run = finishedRun(kRace, kGentle, 1000);
    const std::pair<const char*, double> ends[] = {
        {"sgd/f", 2.762908},      {"momentum/f", 5.635529e-3}, {"adagrad/f", 1.612765},
        {"rmsprop/f", 4.675742},  {"adam/f", 0.869835},        {"adamw/f", 0.741668},
        {"adabelief/f", 0.489254}};
    for (const auto& [record, value] : ends)
      QVERIFY2(std::abs(at(*run, 1000, record) - value) < 1e-6, record);
  }

  void rowKIsTheStateAfterKUpdates() {
    const auto run = finishedRun(kRace, {{"kappa", "4"}, {"start", "1,2"}, {"sgd.lr", "0.1"}}, 2);
    QCOMPARE(run->records().rows(), std::int64_t{3});
    QCOMPARE(at(*run, 0, "sgd/x"), 1.0);
    QCOMPARE(at(*run, 0, "sgd/f"), 0.5 * (1 + 4 * 4));
    QVERIFY(isAbsent(at(*run, 0, "sgd/step_size")));
    QCOMPARE(at(*run, 1, "sgd/x"), 0.9);
    QCOMPARE(at(*run, 1, "sgd/y"), 1.2);
    QCOMPARE(at(*run, 1, "sgd/f"), 0.5 * (0.9 * 0.9 + 4 * 1.2 * 1.2));
    QCOMPARE(at(*run, 1, "sgd/step_size"), std::hypot(0.1, 0.8));
  }

  void onlyThoseSwitchedOnAreRecorded() {
    const auto run = finishedRun(kRace, {{"adam.on", "false"}, {"sgd.on", "false"}}, 3);
    QCOMPARE(run->records().names().size(), std::size_t{5 * 4});
    QCOMPARE(run->records().find("adam/x"), -1);
    QVERIFY(run->records().find("adamw/x") >= 0);
  }

  void nobodyAtAllIsARaceToo() {
    Settings settings;
    for (const char* name : {"sgd", "momentum", "adagrad", "rmsprop", "adam", "adamw", "adabelief"})
      settings.emplace_back(std::string(name) + ".on", "false");
    const auto run = finishedRun(kRace, settings, 3);
    QCOMPARE(run->status(), RunStatus::Completed);
    QVERIFY(run->frame() != nullptr);
  }

  void whoElseRacesChangesNothing() {
    const auto all = finishedRun(kRace, kGentle, 200);
    const auto alone = finishedRun(
        kRace, with(kGentle, {{"sgd.on", "false"}, {"momentum.on", "false"}, {"adam.on", "false"}}),
        200);
    for (std::int64_t row = 0; row <= 200; ++row)
      QCOMPARE(at(*alone, row, "adabelief/x"), at(*all, row, "adabelief/x"));
  }

  void whoRunsAwayIsMarkedAndTheOthersGoOn() {
    const auto run = finishedRun(kRace, with(kGentle, {{"sgd.lr", "0.1"}}), 300);
    QCOMPARE(run->status(), RunStatus::Completed);
    QVERIFY(run->nonFinite().count("sgd/f"));
    QVERIFY(!run->nonFinite().count("adam/f"));
    QVERIFY(std::abs(at(*run, 300, "adam/f")) < 10);

    const auto frame = run->frame();
    const auto& table = std::get<TableData>(frame->views.at("standings"));
    const auto& since = table.rows.front().cells.back();
    QCOMPARE(std::get<double>(since), static_cast<double>(run->nonFinite().at("sgd/f")));
    QVERIFY(std::holds_alternative<std::monostate>(table.rows.back().cells.back()));
  }

  void sameSeedGivesTheSameRecords() {
    const Settings noisy{{"noise", "0.5"}};
    QCOMPARE(finishedRun(kRace, noisy, 50, 7)->records().digest(),
             finishedRun(kRace, noisy, 50, 7)->records().digest());
    QVERIFY(finishedRun(kRace, noisy, 50, 7)->records().digest() !=
            finishedRun(kRace, noisy, 50, 8)->records().digest());
  }

  void withoutNoiseTheSeedIsNotUsed() {
    const ExperimentSpec& spec = viva_catalog()->experiment(kRace);
    Parameters p(spec.parameters);
    QVERIFY(!spec.uses_randomness(p));
    p.setFromText("noise", "0.1");
    QVERIFY(spec.uses_randomness(p));
    QCOMPARE(finishedRun(kRace, {}, 50, 1)->records().digest(),
             finishedRun(kRace, {}, 50, 2)->records().digest());
  }

  void everybodyGetsTheSameNoise() {
    // At a flat place the gradient is the noise alone.
    const auto run = finishedRun(
        kRace, {{"start", "0,0"}, {"noise", "1"}, {"sgd.lr", "0.1"}, {"momentum.lr", "0.1"}}, 1);
    QVERIFY(at(*run, 1, "sgd/x") != 0);
    QCOMPARE(at(*run, 1, "momentum/x"), at(*run, 1, "sgd/x"));
    QCOMPARE(at(*run, 1, "momentum/y"), at(*run, 1, "sgd/y"));
  }

  void noiseHasItsStandardDeviation() {
    const auto run =
        finishedRun(kRace, {{"start", "0,0"}, {"noise", "2"}, {"sgd.lr", "1e-6"}}, 4000);
    double squares = 0;
    for (std::int64_t row = 1; row <= 4000; ++row) {
      const double x = at(*run, row, "sgd/x") - at(*run, row - 1, "sgd/x");
      const double y = at(*run, row, "sgd/y") - at(*run, row - 1, "sgd/y");
      squares += (x * x + y * y) / 1e-12;
    }
    QVERIFY(std::abs(std::sqrt(squares / 8000) - 2) < 0.06);  // 3.8 standard errors
  }

  void driftMovesTheSurfaceAfterEachStep() {
    const auto run = finishedRun(
        kRace, {{"kappa", "1"}, {"start", "1,0"}, {"drift", "0.1"}, {"sgd.lr", "0.5"}}, 2);
    QCOMPARE(at(*run, 0, "sgd/f"), 0.5);
    QCOMPARE(at(*run, 1, "sgd/x"), 0.5);                                  // slope 1 at 1 - 0
    QVERIFY(std::abs(at(*run, 1, "sgd/f") - 0.5 * 0.4 * 0.4) < 1e-15);    // the minimum is at 0.1
    QVERIFY(std::abs(at(*run, 2, "sgd/x") - (0.5 - 0.5 * 0.4)) < 1e-15);  // slope 0.4
  }

  void aDriftingMinimumIsFollowedAtDriftOverRate() {
    const auto run = finishedRun(
        kRace, {{"kappa", "1"}, {"start", "0,0"}, {"drift", "0.01"}, {"sgd.lr", "0.1"}}, 400);
    QVERIFY(std::abs((4.0 - at(*run, 400, "sgd/x")) - 0.01 / 0.1) < 1e-9);
  }

  void liveChangesActAtTheNextStep() {
    const auto run = startedRun(kRace, {{"kappa", "1"}, {"start", "1,0"}, {"sgd.lr", "0.1"}}, 4);
    run->advance(2);
    run->change("sgd.lr", 0.5);
    run->advance(2);
    QCOMPARE(at(*run, 2, "sgd/x"), 0.9 * 0.9);
    QCOMPARE(at(*run, 3, "sgd/x"), 0.9 * 0.9 * 0.5);
    QCOMPARE(run->events().size(), std::size_t{1});
  }

  void autogradAgreesWithTheClosedFormOnEverySurface() {
    for (const std::string& surface : viva_catalog()->experiment(kRace).parameters[0].choices) {
      const auto run = finishedRun(kRace, {{"surface", surface}}, 200);
      QCOMPARE(run->checks().size(), std::size_t{1});
      QVERIFY2(!run->checks()[0].failed(), surface.c_str());
    }
  }

  void weightsAreThePositions() {
    struct Sink : WeightSink {
      std::vector<NamedArray> arrays;
      void add(NamedArray array) override { arrays.push_back(std::move(array)); }
    } sink;
    const auto run = finishedRun(kRace, {{"sgd.on", "false"}}, 5);
    run->save(sink);
    QCOMPARE(sink.arrays.size(), std::size_t{6});
    QCOMPARE(sink.arrays[0].name, std::string("momentum"));
    double place[2];
    QCOMPARE(sink.arrays[0].bytes.size(), sizeof place);
    std::memcpy(place, sink.arrays[0].bytes.data(), sizeof place);
    QCOMPARE(place[1], at(*run, 5, "momentum/y"));
  }

  void watchingDoesNotChangeTheRace() {
    const auto watched = startedRun(kRace, {{"noise", "0.1"}, {"drift", "0.01"}}, 40);
    for (int i = 0; i < 40; ++i) {
      watched->advance(1);
      QVERIFY(watched->frame() != nullptr);
    }
    QCOMPARE(watched->records().digest(),
             finishedRun(kRace, {{"noise", "0.1"}, {"drift", "0.01"}}, 40)->records().digest());
  }

  void theFieldIsSharedUntilTheSurfaceMoves() {
    const auto heightsIn = [](const std::shared_ptr<const Frame>& frame) {
      const auto& plane = std::get<PlaneData>(frame->views.at("plane"));
      return std::get<FieldLayer>(plane.layers.front()).values;
    };
    const auto still = startedRun(kRace, {}, 2);
    const auto first = heightsIn(still->frame());
    still->advance(1);
    QCOMPARE(heightsIn(still->frame()), first);

    const auto moving = startedRun(kRace, {{"drift", "0.1"}}, 2);
    const auto before = heightsIn(moving->frame());
    moving->advance(1);
    QVERIFY(heightsIn(moving->frame()) != before);
  }
};

QTEST_GUILESS_MAIN(RaceTest)
#include "race_test.moc"
