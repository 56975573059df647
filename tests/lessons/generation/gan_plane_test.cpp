// SPDX-License-Identifier: GPL-3.0-or-later
// gan-plane as an experiment: what it records, refuses and shows.
#include <QTest>
#include <cmath>

#include "lessons/core/error.h"
#include "lessons/core/words.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using fakes::argumentOf;
using fakes::refusalOf;

namespace {

const char* const kPlane = "gan-plane";
const Settings kSmall{{"hidden", "16"}, {"batch_size", "32"}};

std::unique_ptr<Run> small(Settings settings, std::int64_t steps, std::uint64_t seed = 1) {
  settings.insert(settings.begin(), kSmall.begin(), kSmall.end());
  return finishedRun(kPlane, settings, steps, seed);
}

template <typename Layer>
const Layer* layerOf(const PlaneData& plane, const std::string& name) {
  for (const PlaneLayer& layer : plane.layers)
    if (const auto* found = std::get_if<Layer>(&layer); found && found->name == name) return found;
  return nullptr;
}

PlaneData planeOf(Run& run) { return std::get<PlaneData>(run.frame()->views.at("plane")); }

/// Whether any weight of the net differs.
bool learnt(const Run& before, const Run& after, const std::string& net) {
  const auto then = weightsOf(before), now = weightsOf(after);
  for (const auto& [name, array] : then)
    if (name.starts_with(net) && !(array == now.at(name))) return true;
  return false;
}

}  // namespace

class GanPlaneTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void lossesBelongToUpdatesAndCoverageToStates() {
    const auto run = small({{"evaluate_every", "5"}}, 10);
    for (const char* record : {"d_loss", "g_loss"}) {
      QVERIFY(isAbsent(at(*run, 0, record)));
      for (int row = 1; row <= 10; ++row) QVERIFY(std::isfinite(at(*run, row, record)));
    }
    for (const char* record : {"modes_covered", "high_quality", "kl_to_uniform", "top3_share",
                               "wasserstein", "d_real", "d_fake", "sample_gradient", "d_slope"})
      for (int row = 0; row <= 10; ++row) QCOMPARE(isAbsent(at(*run, row, record)), row % 5 != 0);
  }

  void aTargetWithoutModesHasNoCoverage() {
    for (const char* target : {"moons", "swiss-roll", "line"}) {
      const auto run = small({{"target", target}}, 0);
      QVERIFY(isAbsent(at(*run, 0, "modes_covered")));
      QVERIFY(isAbsent(at(*run, 0, "high_quality")));
      QVERIFY(std::isfinite(at(*run, 0, "wasserstein")));
    }
  }

  void onlyTheNetThatIsTrainedLearns() {
    const auto start = small({}, 0);
    for (const auto& [train, d, g] :
         {std::tuple{"both", true, true}, {"d-only", true, false}, {"g-only", false, true}}) {
      const auto run = small({{"train", train}}, 3);
      QCOMPARE(learnt(*start, *run, "discriminator."), d);
      QCOMPARE(learnt(*start, *run, "generator."), g);
      QCOMPARE(isAbsent(at(*run, 3, "d_loss")), !d);
      QCOMPARE(isAbsent(at(*run, 3, "g_loss")), !g);
    }
  }

  void theHeadStartIsTheDiscriminatorsAlone() {
    const auto start = small({}, 0);
    const auto run =
        startedRun(kPlane, {{"hidden", "16"}, {"batch_size", "32"}, {"d_warmup", "4"}}, 10);
    run->advance(4);
    QVERIFY(learnt(*start, *run, "discriminator."));
    QVERIFY(!learnt(*start, *run, "generator."));
    run->advance(1);
    QVERIFY(learnt(*start, *run, "generator."));
  }

  void clippedWeightsStayWithinTheirBound() {
    const auto run = small({{"loss", "wasserstein-clip"}, {"clip", "0.02"}}, 5);
    for (const auto& [name, array] : weightsOf(*run)) {
      if (!name.starts_with("discriminator.")) continue;
      const auto& bytes = array.bytes;
      const auto* values = reinterpret_cast<const float*>(bytes.data());
      for (std::size_t i = 0; i < bytes.size() / sizeof(float); ++i)
        QVERIFY(std::abs(values[i]) <= 0.02f);
    }
  }

  void publishedSettingsReplaceTheOnesOfThePanel() {
    const Settings published{{"loss", "wasserstein-gp"}, {"settings", "published"}};
    Settings own{{"loss", "wasserstein-gp"}, {"d_steps", "5"}, {"d.lr", "1e-4"},  {"g.lr", "1e-4"},
                 {"beta2", "0.9"},           {"lr_end", "1"},  {"penalty", "0.1"}};
    const auto a = small(published, 5), b = small(own, 5);
    QCOMPARE(a->records().digest(), b->records().digest());
  }

  void slowMotionPlaysTheSameTurnsInThreePartsEach() {
    const auto whole = small({{"evaluate_every", "1"}}, 4);
    const auto parts = small({{"evaluate_every", "1"}, {"slow_motion", "true"}}, 12);
    for (int turn = 1; turn <= 4; ++turn) {
      QCOMPARE(at(*parts, 3 * turn - 2, "d_loss"), at(*whole, turn, "d_loss"));
      QVERIFY(isAbsent(at(*parts, 3 * turn - 1, "d_loss")));
      QCOMPARE(at(*parts, 3 * turn, "g_loss"), at(*whole, turn, "g_loss"));
      QCOMPARE(at(*parts, 3 * turn, "wasserstein"), at(*whole, turn, "wasserstein"));
    }
    QVERIFY(weightsOf(*whole) == weightsOf(*parts));
  }

  void eachPartShowsWhatItIsAbout() {
    const auto run =
        startedRun(kPlane, {{"hidden", "16"}, {"batch_size", "32"}, {"slow_motion", "true"}}, 9);
    run->advance(1);
    QVERIFY(!layerOf<ArrowsLayer>(planeOf(*run), "push"));
    QVERIFY(!layerOf<ArrowsLayer>(planeOf(*run), "moves"));
    run->advance(1);
    QVERIFY(layerOf<ArrowsLayer>(planeOf(*run), "push"));
    run->advance(1);
    const PlaneData plane = planeOf(*run);
    QVERIFY(!layerOf<ArrowsLayer>(plane, "push"));
    QVERIFY(layerOf<MeshLayer>(plane, "mesh"));
    const auto* moves = layerOf<ArrowsLayer>(plane, "moves");
    QVERIFY(moves && moves->from.size() == moves->to.size());
    QVERIFY(moves->from.front().x != moves->to.front().x);
  }

  void thePlaneShowsFieldMeshPointsAndPush() {
    const auto run = small({}, 2);
    const PlaneData plane = planeOf(*run);
    QVERIFY(layerOf<FieldLayer>(plane, "discriminator"));
    QVERIFY(layerOf<MeshLayer>(plane, "mesh"));
    QCOMPARE(layerOf<PointsLayer>(plane, "real")->points.size(), 500u);
    QCOMPARE(layerOf<PointsLayer>(plane, "generated")->points.size(), 500u);
    QVERIFY(layerOf<ArrowsLayer>(plane, "push")->from.size() > 20);
  }

  void aDrawingOfTooFewPointsIsRefusedWithTheirNumber() {
    for (const auto& [drawn, count] :
         {std::pair{"0.5,0.5,0", 1}, {"0,0,0;0,0,0;1,1,0;1,0,0;0,1,0;-1,0,0;0,-1,0;-1,-1,0", 7}}) {
      const Message refusal = refusalOf([drawn = drawn] {
        startedRun(kPlane, {{"target", "drawn"}, {"drawn", drawn}}, 1);
      });
      QCOMPARE(refusal.key, std::string("error.gan.drawing_too_small"));
      QCOMPARE(argumentOf(refusal, "points"), std::to_string(count));
    }
  }

  void theTargetCanBeChangedWhileItIsLearnt() {
    const auto run = startedRun(kPlane, kSmall, 200);
    run->advance(100);
    QVERIFY(!isAbsent(at(*run, 100, "modes_covered")));
    run->change("target", Choice{"moons"});
    run->advance(100);
    QVERIFY(isAbsent(at(*run, 200, "modes_covered")));
    QVERIFY(std::isfinite(at(*run, 200, "wasserstein")));
  }

  void divergenceInTheFirstStepsEndsTheRunWithAWord() {
    const auto run = small(
        {{"loss", "wasserstein-gp"}, {"optimizer", "sgd"}, {"d.lr", "1"}, {"penalty", "100"}}, 300);
    QCOMPARE(run->status(), RunStatus::Diverged);
    QVERIFY(run->frame());
  }

  void oneNoiseDimensionMakesACurve() {
    const auto run = small({{"noise_dim", "1"}}, 2);
    const PlaneData plane = planeOf(*run);
    const auto* mesh = layerOf<MeshLayer>(plane, "mesh");
    QCOMPARE(mesh->rows, 1);
  }
};

QTEST_GUILESS_MAIN(GanPlaneTest)
#include "gan_plane_test.moc"
