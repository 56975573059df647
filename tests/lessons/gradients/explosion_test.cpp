// SPDX-License-Identifier: GPL-3.0-or-later
// recurrent-explosion and loss-scaling: their verdicts, known numbers, and the PyTorch programs.
#include <limits>

#include "lessons/data/dataset.h"
#include "lessons/data/sequence_tasks.h"
#include "lessons/gradients/elman_net.h"
#include "lessons/gradients/half_gradients.h"
#include "lessons/gradients/loss_scaling.h"
#include "lessons/nn/grad_scaler.h"
#include "tests/lessons/claims.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kExplosion = "recurrent-explosion";
const char* const kScalingId = "loss-scaling";

/// By steps back, relative to the last step, before the first update.
std::vector<double> growthOf(const Settings& settings, const std::string& preset = "") {
  const auto run = startedRun(kExplosion, settings, 1, 1, preset);
  const auto series = std::get<SeriesData>(run->frame()->views.at("state_gradient"));
  return series.curves.front().y;
}

}  // namespace

class ExplodingGradientsClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void verdictsSayWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("experiment");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("parameter");
    QTest::addColumn<QString>("value");
    const auto row = [](const char* experiment, const char* name, const char* parameter,
                        const char* value) {
      QTest::newRow(name) << experiment << name << parameter << value;
    };
    row(kExplosion, "spectral-radius-above-one", "spectral_radius", "0.9");
    row(kExplosion, "rate-too-high", "lr", "0.001");
    row(kExplosion, "long-recurrence", "spectral_radius", "1");
    row(kExplosion, "non-normal-growth", "matrix", "orthogonal");
    row(kExplosion, "clipping-saves-it", "spectral_radius", "0.9");
    row(kExplosion, "clip-by-value-turns-the-direction", "clip", "norm");
    row(kExplosion, "orthogonal", "spectral_radius", "1.1");
    row(kScalingId, "dynamic-scaling", "scaling", "none");
    row(kScalingId, "fp16-underflow", "scaling", "dynamic");
    row(kScalingId, "clip-before-unscale", "clip", "after-unscaling");
  }
  void verdictsSayWhenTheClaimDoesNotShow() {
    QFETCH(QString, experiment);
    QFETCH(QString, name);
    QFETCH(QString, parameter);
    QFETCH(QString, value);
    const std::string id = experiment.toStdString();
    const auto run = finishedRun(
        id, {{parameter.toStdString(), value.toStdString()}},
        std::max<std::int64_t>(id == kScalingId ? 400 : 60, patienceOf(id, name.toStdString())), 1,
        name.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }

  void whereNothingIsClippedClippingIsNotJudged() {
    for (const char* preset : {"clipping-saves-it", "clip-by-value-turns-the-direction"}) {
      const auto run =
          finishedRun(kExplosion, {{"clip", "none"}, {"length", "10"}, {"spectral_radius", "0.9"}},
                      patienceOf(kExplosion, preset), 1, preset);
      QCOMPARE(verdictOf(*run).mood, Mood::Open);
      QCOMPARE(verdictOf(*run).sentence.key,
               std::string("recurrent-explosion.verdict.standing.finite"));
      sayVerdict(verdictOf(*run), preset);
    }
  }

  void aGradientThatOverflowsAtOnceIsToldInWords() {
    // 3^199 is 3e94, beyond the largest float32.
    for (const char* preset : {"", "rate-too-high", "orthogonal"}) {
      const auto run = finishedRun(
          kExplosion, {{"length", "200"}, {"spectral_radius", "3"}, {"activation", "linear"}}, 60,
          1, preset);
      const VerdictData verdict = verdictOf(*run);
      QCOMPARE(verdict.sentence.key, std::string("recurrent-explosion.verdict.at_once"));
      QCOMPARE(verdict.mood, *preset ? Mood::Fails : Mood::Open);
      sayVerdict(verdict, preset);
      const std::string english = Words::in(Language::English)(verdict.sentence);
      QVERIFY(english.find("NaN") == std::string::npos && english.find("inf") == std::string::npos);
    }
  }

  void beforeTheFirstUpdateThereIsNoLossToTell() {
    const auto run = startedRun(kScalingId, {}, 1);
    const auto lossOf = [&](std::size_t net) {
      return std::get<TableData>(run->frame()->views.at("precision")).rows.at(net).cells.at(1);
    };
    for (const std::size_t net : {0, 1})
      QVERIFY(std::holds_alternative<std::monostate>(lossOf(net)));
    run->advance(1);
    for (const std::size_t net : {0, 1}) QVERIFY(std::get<double>(lossOf(net)) > 0);
  }

  void orthogonalMatricesGrowByTheirRadius() {
    // 100 steps of an orthogonal matrix times rho: rho^100.
    for (const auto& [radius, power] : std::vector<std::pair<const char*, double>>{
             {"0.9", 2.656e-5}, {"1", 1}, {"1.1", 13780.6}}) {
      const auto growth = growthOf({{"length", "101"}, {"spectral_radius", radius}});
      QVERIFY(agree(growth.at(100), power, 1e-3));
    }
  }

  void aNonNormalMatrixGrowsBeforeItVanishes() {
    const auto growth = growthOf({{"length", "101"}, {"matrix", "non-normal"}});
    const std::vector<std::pair<std::size_t, double>> known{
        {1, 10.04}, {5, 32.81}, {9, 38.74}, {20, 27.02}, {50, 2.863}, {100, 0.0295}};
    for (const auto& [step, value] : known) QVERIFY(agree(growth.at(step), value, 2e-3));
  }

  void clippingByNormKeepsTheDirection() {
    auto gradient = torch::tensor({3.0f, 4.0f, 12.0f});
    const auto before = gradient.clone();
    QCOMPARE(clipByNorm(gradient, 1), 13.0);
    QVERIFY(
        (gradient - torch::tensor({.2307692f, .3076923f, .9230769f})).abs().max().item<double>() <
        1e-6);
    QVERIFY(angleBetween(before, gradient) < 1e-4);
    QVERIFY(angleBetween(before, before.clamp(-1, 1)) > 30);
    auto small = before / 100;
    clipByNorm(small, 1);
    QVERIFY(torch::equal(small, before / 100));
  }

  void clippingDoesNotRepairWhatIsNotANumber() {
    auto lost = torch::tensor({1.0f, std::numeric_limits<float>::quiet_NaN()});
    clipByNorm(lost, 1);
    QVERIFY(lost.isnan().all().item<bool>());
    auto infinite = torch::tensor({1.0f, std::numeric_limits<float>::infinity()});
    clipByNorm(infinite, 1);
    QCOMPARE(infinite[0].item<float>(), 0.0f);
    QVERIFY(std::isnan(infinite[1].item<float>()));
  }

  void theFirstTensorThatIsNotFiniteIsNamed() {
    const auto run = finishedRun(kExplosion, {{"clip", "none"}}, 5);
    const auto table = std::get<TableData>(run->frame()->views.at("tensors"));
    int named = 0;
    for (const auto& row : table.rows)
      if (const auto* step = std::get_if<double>(&row.cells[3])) {
        ++named;
        QVERIFY(*step >= 1);
        QCOMPARE(run->nonFinite().begin()->second, std::int64_t(*step));
      }
    QCOMPARE(named, 1);
  }

  void aTensorOfBothNetsStandsInNeighbouringRows() {
    const auto run = finishedRun(kExplosion, {{"clip", "norm"}}, 5);
    const auto table = std::get<TableData>(run->frame()->views.at("tensors"));
    QVERIFY(table.rows.size() >= 8);
    for (std::size_t i = 0; i + 1 < table.rows.size(); i += 2) {
      QCOMPARE(std::get<Word>(table.rows[i].cells[1]).key,
               std::get<Word>(table.rows[i + 1].cells[1]).key);
      QVERIFY(std::get<Word>(table.rows[i].cells[0]).key !=
              std::get<Word>(table.rows[i + 1].cells[0]).key);
    }
  }

  void scaleFollowsTheDocumentedSequence() {
    GradScaler scaler;
    const GradScaler::Settings usual;
    QCOMPARE(scaler.scale(), 65536.0);
    QVERIFY(!scaler.update(true, usual));
    QCOMPARE(scaler.scale(), 32768.0);
    QVERIFY(!scaler.update(true, usual));
    QCOMPARE(scaler.scale(), 16384.0);
    QVERIFY(scaler.update(false, usual));
    QCOMPARE(scaler.scale(), 16384.0);
    QCOMPARE(scaler.skipped(), std::int64_t(2));
    for (int i = 1; i < 2000; ++i) scaler.update(false, usual);
    QCOMPARE(scaler.scale(), 32768.0);
    for (int i = 0; i < 1999; ++i) scaler.update(false, usual);
    scaler.update(true, usual);  // the count starts over
    QCOMPARE(scaler.scale(), 16384.0);
    for (int i = 0; i < 1999; ++i) scaler.update(false, usual);
    QCOMPARE(scaler.scale(), 16384.0);
  }

  void halvesRoundAsTheirFormatSays() {
    const auto halved = [](float value) {
      return throughHalf(torch::tensor({value})).item<float>();
    };
    QCOMPARE(halved(65504), 65504.0f);
    QCOMPARE(halved(65519), 65504.0f);
    QVERIFY(std::isinf(halved(65520)));
    QCOMPARE(halved(0x1p-24f), 0x1p-24f);
    QCOMPARE(halved(0x1p-25f), 0.0f);
    QCOMPARE(halved(0x1.1p-25f), 0x1p-24f);
    QCOMPARE(halved(2049), 2048.0f);
    const auto before = torch::tensor({0.0f, 1e-9f, 1e-6f, 1.0f, 1e6f});
    const HalfLosses losses = halfLosses(before, throughHalf(before));
    QCOMPARE(losses.underflow, 0.25);
    QCOMPARE(losses.overflow, 0.25);
    QCOMPARE(losses.coarse, 0.25);
  }

  void everyGradientIsCountedOnce() {
    const auto run = finishedRun(kScalingId, {{"scaling", "none"}}, 3);
    const auto data = std::get<HistogramData>(run->frame()->views.at("gradients"));
    const double parameters = 144 * 64 + 64 + 64 * 64 + 64 + 64 * 10 + 10;
    for (const auto& group : data.groups) {
      double total = group.below + group.above;
      for (double count : group.counts) total += count;
      QCOMPARE(total, parameters);
    }
    QCOMPARE(data.marks.size(), std::size_t(3));
  }

  void anInfiniteGradientSkipsTheUpdate() {
    const auto run = finishedRun(kScalingId, {{"init_scale", "1e12"}}, 1);
    QCOMPARE(tests::at(*run, 1, "skipped"), 1.0);
    QCOMPARE(tests::at(*run, 1, "scale"), 5e11);
    const auto before = weightTensors(*startedRun(kScalingId, {{"init_scale", "1e12"}}, 1)),
               after = weightTensors(*run);
    QVERIFY(torch::equal(before.at("float16.2.weight"), after.at("float16.2.weight")));
    QVERIFY(!torch::equal(before.at("float32.2.weight"), after.at("float32.2.weight")));
  }

  void pythonProgramGivesTheSameExplosion() {
    constexpr std::uint64_t kSeed = 3;
    constexpr std::int64_t kSteps = 20, kLength = 50;
    const auto run = finishedRun(kExplosion, {}, kSteps, kSeed, "clipping-saves-it");
    const auto initial =
        weightTensors(*startedRun(kExplosion, {}, kSteps, kSeed, "clipping-saves-it"));
    const SequenceSource source(SequenceTask::Adding, kLength);
    Task task = emptyTask();
    addSequences(task, source, kSteps, 32, generatorFor(kSeed, 0));
    task.insert("lr", run->parameters().real("lr"));
    task.insert("max_norm", run->parameters().real("max_norm"));
    for (const std::string& name : ElmanNet::kNames)
      task.insert(name, initial.at("clipped." + name));
    const auto rows = printedBy("exploding-gradients/recurrent_explosion.py", task);
    QCOMPARE(rows.size(), std::size_t(kSteps));
    const std::vector<std::string> columns{"unclipped/loss", "clipped/loss", "clipped/grad_norm",
                                           "clipped/far_to_near"};
    for (std::int64_t step = 1; step <= kSteps; ++step)
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const double ours = tests::at(*run, step, columns[i]),
                     theirs = rows[std::size_t(step - 1)][i];
        // The net that is lost amplifies every rounding.
        QVERIFY2(
            agree(ours, theirs, i == 0 && step > 1 ? 1e300 : 5e-3),
            qPrintable(
                QString("%1 %2: %3, %4").arg(columns[i].c_str()).arg(step).arg(ours).arg(theirs)));
      }
  }

  void pythonProgramScalesTheSame() {
    constexpr std::uint64_t kSeed = 3;
    constexpr std::int64_t kSteps = 60;
    const Settings settings{{"init_scale", "1e9"}, {"growth_interval", "10"}};
    const auto run = finishedRun(kScalingId, settings, kSteps, kSeed);
    const auto initial = weightTensors(*startedRun(kScalingId, settings, kSteps, kSeed));
    Task task = emptyTask();
    for (const auto& [name, tensor] : initial)
      if (name.starts_with("float32.")) task.insert(name.substr(8), tensor);
    std::vector<torch::Tensor> inputs, labels;
    Batches batches(digitsForScaling(kSeed).training, 64, generatorFor(kSeed, 2));
    for (std::int64_t i = 0; i < kSteps; ++i) {
      const auto batch = batches.next();
      inputs.push_back(batch.inputs);
      labels.push_back(batch.labels);
    }
    task.insert("inputs", torch::stack(inputs));
    task.insert("labels", torch::stack(labels));
    task.insert("loss_factor", run->parameters().real("loss_factor"));
    task.insert("lr", run->parameters().real("lr"));
    task.insert("init_scale", 1e9);
    task.insert("growth_interval", std::int64_t(10));
    const auto rows = printedBy("exploding-gradients/loss_scaling.py", task);
    QCOMPARE(rows.size(), std::size_t(kSteps));
    for (std::int64_t step = 1; step <= kSteps; ++step) {
      const auto& row = rows[std::size_t(step - 1)];
      QVERIFY(agree(tests::at(*run, step, "float32/loss"), row[0], 1e-3));
      QVERIFY(agree(tests::at(*run, step, "float16/loss"), row[1], 1e-3));
      QCOMPARE(tests::at(*run, step, "scale"), row[2]);
    }
    QVERIFY(tests::at(*run, kSteps, "skipped") > 1);
  }
};

QTEST_GUILESS_MAIN(ExplodingGradientsClaimsTest)
#include "explosion_test.moc"
