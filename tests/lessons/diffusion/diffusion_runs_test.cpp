// SPDX-License-Identifier: GPL-3.0-or-later
// Short runs of the experiments of this lesson: the slider, live changes, refusals.
#include <QTest>
#include <cmath>

#include "lessons/diffusion/diffusion_plane.h"
#include "lessons/diffusion/sampler_race.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using fakes::argumentOf;
using fakes::refusalOf;

namespace {

const char* const kPlane = "diffusion-plane";
const Settings kSmallPlane{
    {"timesteps", "20"}, {"sampling_steps", "5"}, {"hidden", "8"}, {"evaluate_every", "10"}};

Settings with(Settings settings, const Settings& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

/// The points of a layer of the plane.
std::vector<Point> layerOf(Run& run, const std::string& name) {
  const auto plane = std::get<PlaneData>(run.frame()->views.at("plane"));
  for (const PlaneLayer& layer : plane.layers)
    if (const auto* points = std::get_if<PointsLayer>(&layer))
      if (points->name == name) return points->points;
  return {};
}

double distanceOf(const std::vector<Point>& a, const std::vector<Point>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    sum += std::hypot(a[i].x - b[i].x, a[i].y - b[i].y);
  return a.size() == b.size() && !a.empty() ? sum / static_cast<double>(a.size()) : 1e9;
}

}  // namespace

class DiffusionRunsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theSliderBeginsAtTheDataAndEndsAtTheSamples() {
    const auto at = [](const char* time, const char* layer) {
      const auto run = finishedRun(kPlane, with(kSmallPlane, {{"time", time}}), 30);
      return layerOf(*run, layer);
    };
    QVERIFY(distanceOf(at("0", "particles"), at("0", "real")) < 1e-6);
    QVERIFY(distanceOf(at("2", "particles"), at("2", "generated")) < 1e-6);
    // One place in the middle: the noise that both halves share; and what the sampler ends with
    // does not depend on where the slider stands.
    QVERIFY(distanceOf(at("1", "particles"), at("1.05", "particles")) < 1e-6);
    QVERIFY(distanceOf(at("0.3", "generated"), at("1.7", "generated")) < 1e-6);
    // Of deviation 1 over the scale of the data in each direction: Rayleigh's mean times a half.
    double length = 0;
    const auto noise = at("1", "particles");
    for (const Point& point : noise) length += std::hypot(point.x, point.y);
    QVERIFY(std::abs(length / static_cast<double>(noise.size()) - 1.2533 / 2) < 0.05);
  }

  void lookingAtARunDoesNotChangeIt() {
    for (const char* sampler : {"ddpm", "heun"}) {
      const auto settings = with(kSmallPlane, {{"sampler", sampler}});
      const auto plain = finishedRun(kPlane, settings, 20);
      const auto watched = startedRun(kPlane, settings, 20);
      for (int i = 0; i < 20; ++i) {
        watched->frame();
        watched->advance(std::int64_t{1});
      }
      for (const char* record : {"loss", "wasserstein", "score_error"})
        QCOMPARE(tests::at(*plain, 20, record), tests::at(*watched, 20, record));
    }
  }

  void ddimEndsInOnePointAndDdpmInTwo() {
    const auto run = finishedRun(kPlane, with(kSmallPlane, {{"beside", "same-start"}}), 20);
    QCOMPARE(tests::at(*run, 20, "ddim/redraw"), 0.0);
    QVERIFY(tests::at(*run, 20, "ddpm/redraw") > 0.1);
  }

  void theExactAnswerHasTheLeastLoss_data() {
    QTest::addColumn<QString>("settings");
    QTest::newRow("epsilon") << "objective=epsilon";
    QTest::newRow("x0") << "objective=x0 target=grid";
    QTest::newRow("velocity") << "objective=velocity schedule=linear";
    QTest::newRow("flow") << "objective=flow";
    QTest::newRow("points") << "target=moons training_points=12";
    QTest::newRow("classes") << "classes=true sigma=0.2 beside=guidance guidance=2";
  }
  void theExactAnswerHasTheLeastLoss() {
    QFETCH(QString, settings);
    const auto run = finishedRun(kPlane, with(kSmallPlane, settingsIn(settings.toStdString())), 40);
    QVERIFY(run->status() != RunStatus::Failed);
    QVERIFY(run->nonFinite().empty());
    QVERIFY(tests::at(*run, 40, "least_loss") > 0);
    QVERIFY(tests::at(*run, 40, "least_loss") < tests::at(*run, 40, "probe_loss"));
    for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
    const auto bars = std::get<BarsData>(run->frame()->views.at("loss_by_time"));
    QCOMPARE(bars.categories.size(), std::size_t{kTimeBins});
    QCOMPARE(bars.overlays.size(), std::size_t{1});
  }

  void whatCannotBeSampledIsRefused_data() {
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("fault");
    QTest::newRow("strides") << "timesteps=10 sampling_steps=11"
                             << "too_many_strides";
    QTest::newRow("one point") << "training_points=1"
                               << "one_point";
    QTest::newRow("classes") << "target=moons classes=true"
                             << "no_classes";
    QTest::newRow("guidance") << "beside=guidance"
                              << "guidance_without_classes";
    QTest::newRow("schedule") << "objective=flow beside=other-schedule"
                              << "flow_has_no_schedule";
  }
  void whatCannotBeSampledIsRefused() {
    QFETCH(QString, settings);
    QFETCH(QString, fault);
    const Message message =
        refusalOf([&] { startedRun(kPlane, settingsIn(settings.toStdString()), 1); });
    QCOMPARE(message.key, "error.diffusion." + fault.toStdString());
  }

  void aTargetWithoutModesHasNoneToCover() {
    const auto run = finishedRun(kPlane, with(kSmallPlane, {{"target", "swiss-roll"}}), 20);
    QCOMPARE(run->records().find("modes_covered"), -1);
    QCOMPARE(verdictOf(*run).sentence.key, std::string("diffusion-plane.verdict.distance"));
    QVERIFY(std::get<SeriesData>(run->frame()->views.at("losses")).curves.empty());
  }

  void theOtherScheduleLearnsFromTheSameDraws() {
    const auto settings = with(kSmallPlane, {{"schedule", "cosine"}});
    const auto alone = finishedRun(kPlane, settings, 20);
    const auto both = finishedRun(kPlane, with(settings, {{"beside", "other-schedule"}}), 20);
    QVERIFY(std::abs(tests::at(*alone, 20, "loss") - tests::at(*both, 20, "loss")) < 1e-5);
    const auto linear = finishedRun(kPlane, with(kSmallPlane, {{"schedule", "linear"}}), 20);
    QVERIFY(std::abs(tests::at(*linear, 20, "wasserstein") -
                     tests::at(*both, 20, "other/wasserstein")) < 1e-3);
  }

  void theRaceAsksAsOftenAsItSaysAndEnds() {
    const Settings small{{"updates", "100"}, {"hidden", "8"}, {"batch_size", "32"}};
    const auto run = startedRun("sampler-race", small, 200);
    run->advance(std::int64_t{200});
    QCOMPARE(run->step(), std::int64_t{108});
    for (std::size_t i = 0; i < kEvaluations.size(); ++i)
      QCOMPARE(tests::at(*run, static_cast<std::int64_t>(i) + 101, "evaluations"),
               static_cast<double>(kEvaluations[i]));
    // With one evaluation there is no second look, and with one stride no way but the straight one.
    QCOMPARE(tests::at(*run, 101, "euler/wasserstein"), tests::at(*run, 101, "heun/wasserstein"));
    QVERIFY(std::abs(tests::at(*run, 101, "euler/length") - 1) < 1e-5);
    QCOMPARE(tests::at(*run, 101, "ddim/wasserstein"), tests::at(*run, 101, "ddpm/wasserstein"));
    for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
  }

  void digitsAreDrawnInRowsOfTheirClass() {
    const Settings small{{"samples", "500"},   {"width", "16"},         {"timesteps", "20"},
                         {"batch_size", "16"}, {"sampling_steps", "4"}, {"evaluate_every", "10"}};
    const auto run = finishedRun("diffusion-digits", small, 10);
    QVERIFY(run->status() != RunStatus::Failed);
    const auto images = [&](const char* view) {
      return std::get<ImagesData>(run->frame()->views.at(view)).images.size();
    };
    QCOMPARE(images("samples"), std::size_t{80});
    QCOMPARE(images("denoising"), std::size_t{60});
    QCOMPARE(images("by_weight"), std::size_t{30});
    QVERIFY(tests::at(*run, 10, "w1/agreement") >= 0 && tests::at(*run, 10, "w1/agreement") <= 1);
    for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
    QCOMPARE(refusalOf([&] {
               startedRun("diffusion-digits", {{"timesteps", "20"}, {"sampling_steps", "21"}}, 1);
             }).key,
             std::string("error.diffusion.too_many_strides"));
  }
};

QTEST_GUILESS_MAIN(DiffusionRunsTest)
#include "diffusion_runs_test.moc"
