// SPDX-License-Identifier: GPL-3.0-or-later
// gradient-flow as a run: its records, live changes, pictures and refusals.
#include <QTest>
#include <cmath>
#include <map>

#include "lessons/core/words.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kFlow = "gradient-flow";

Settings shallow(Settings further = {}) {
  Settings settings{{"a.depth", "4"}, {"b.depth", "6"}, {"evaluate_every", "5"}};
  settings.insert(settings.end(), further.begin(), further.end());
  return settings;
}

}  // namespace

class GradientFlowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void thereIsARecordForEveryLayer_data() {
    QTest::addColumn<int>("depth");
    for (int depth : {2, 3, 50, 100}) QTest::addRow("%d", depth) << depth;
  }
  void thereIsARecordForEveryLayer() {
    QFETCH(int, depth);
    const auto run = finishedRun(kFlow, {{"a.depth", std::to_string(depth)}, {"b.depth", "2"}}, 1);
    int layers = 0;
    for (const std::string& name : run->records().names())
      layers += name.starts_with("a/grad_norm/layer_");
    QCOMPARE(layers, depth);
    QVERIFY(run->records().find("a/weight_grad_norm/layer_00") >= 0);
    QVERIFY(run->records().find("b/grad_norm/layer_01") >= 0);
    QVERIFY(run->records().find("b/grad_norm/layer_02") < 0);
  }

  void rowsHoldWhatBelongsToThem() {
    const auto run = finishedRun(kFlow, shallow(), 10);
    for (const std::string side : {"a/", "b/"}) {
      for (const char* of_a_batch :
           {"loss", "first_to_last", "grad_norm/layer_00", "weight_grad_norm/layer_03"}) {
        QVERIFY(isAbsent(at(*run, 0, side + of_a_batch)));
        QVERIFY(at(*run, 1, side + of_a_batch) > 0);
      }
      for (int row = 0; row <= 10; ++row)
        QCOMPARE(isAbsent(at(*run, row, side + "accuracy")), row % 5 != 0);
    }
    for (int row = 1; row <= 10; ++row)
      QCOMPARE(at(*run, row, "a/first_to_last"),
               at(*run, row, "a/grad_norm/layer_00") / at(*run, row, "a/grad_norm/layer_03"));
  }

  void equalNetsStayEqual() {
    const auto run =
        finishedRun(kFlow, {{"a.depth", "5"}, {"b.depth", "5"}, {"b.residual", "false"}}, 20);
    for (int row = 1; row <= 20; ++row)
      QCOMPARE(at(*run, row, "a/grad_norm/layer_00"), at(*run, row, "b/grad_norm/layer_00"));
  }

  void anUnderflowIsAnExactZeroAndTheRatioOfZerosIsAbsent() {
    // 0.01 sqrt(32) / 4 a layer: 1e-180 in all, far below float32.
    const auto run =
        finishedRun(kFlow, {{"a.depth", "100"}, {"a.init", "small-normal"}, {"b.depth", "2"}}, 2);
    QCOMPARE(at(*run, 1, "a/grad_norm/layer_00"), 0.0);
    QCOMPARE(at(*run, 1, "a/first_to_last"), 0.0);
    QVERIFY(at(*run, 1, "a/grad_norm/layer_99") > 0);
    // Between the smallest square root of a float32 and the smallest float32 there is still a norm.
    bool tiny = false;
    for (int layer = 0; layer < 100; ++layer) {
      const std::string number = (layer < 10 ? "0" : "") + std::to_string(layer);
      const double norm = at(*run, 1, "a/grad_norm/layer_" + number);
      tiny = tiny || (norm > 0 && norm < 1e-25);
    }
    QVERIFY(tiny);
  }

  void warmUpRaisesTheRateOfThoseThatTakePartInIt() {
    const auto moved = [](const Settings& further) {
      const auto run = finishedRun(kFlow, shallow(further), 2);
      return std::abs(at(*run, 2, "a/loss") - at(*run, 2, "b/loss"));
    };
    const Settings alike{{"b.depth", "4"},
                         {"b.residual", "false"},
                         {"optimizer", "sgd"},
                         {"lr", "1"},
                         {"warmup", "1000"}};
    Settings apart = alike;
    apart.emplace_back("b.warms_up", "false");
    QCOMPARE(moved(alike), 0.0);
    QVERIFY(moved(apart) > 1e-3);
  }

  void everyLiveParameterActsAtTheNextStep_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    for (const auto& [name, value] : std::map<QString, QString>{{"a.activation", "relu"},
                                                                {"a.norm", "layer"},
                                                                {"a.norm ", "batch"},
                                                                {"a.residual", "true"},
                                                                {"lr", "0.5"},
                                                                {"optimizer", "sgd"},
                                                                {"a.rate_factor", "100"}})
      QTest::newRow(qPrintable(name + value)) << name.trimmed() << value;
  }
  void everyLiveParameterActsAtTheNextStep() {
    QFETCH(QString, name);
    QFETCH(QString, value);
    const auto plain = finishedRun(kFlow, shallow(), 12);
    const auto run = startedRun(kFlow, shallow(), 12);
    run->advance(10);
    run->change(name.toStdString(),
                parseValue(run->parameters().spec(name.toStdString()), value.toStdString()));
    run->advance(2);
    QCOMPARE(at(*run, 10, "a/loss"), at(*plain, 10, "a/loss"));
    QVERIFY(at(*run, 12, "a/loss") != at(*plain, 12, "a/loss"));
    QVERIFY(run->frame());
  }

  void whatDoesNotFitIsRefusedInOneSentence_data() {
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("key");
    QTest::newRow("one sample") << "a.norm=batch batch_size=1"
                                << "batch_of_one";
    QTest::newRow("one unit") << "b.norm=layer b.width=1"
                              << "layer_of_one";
    QTest::newRow("batch") << "samples=100 batch_size=81"
                           << "batch_too_large";
  }
  void whatDoesNotFitIsRefusedInOneSentence() {
    QFETCH(QString, settings);
    QFETCH(QString, key);
    const Settings chosen = settingsIn(settings.toStdString());
    const Message message = fakes::refusalOf([&] { startedRun(kFlow, chosen, 1); });
    QCOMPARE(QString::fromStdString(message.key), "error.flow." + key);
    for (Language language : {Language::English, Language::Chinese})
      QVERIFY(Words::in(language)(message).find('{') == std::string::npos);
  }

  void aHundredLayersOfOneUnitRun_data() {
    QTest::addColumn<QString>("activation");
    for (const char* name : {"sigmoid", "tanh", "relu", "leaky-relu", "gelu"})
      QTest::newRow(name) << name;
  }
  void aHundredLayersOfOneUnitRun() {
    QFETCH(QString, activation);
    Settings settings;
    for (const std::string side : {"a", "b"}) {
      settings.emplace_back(side + ".depth", "100");
      settings.emplace_back(side + ".width", "1");
      settings.emplace_back(side + ".activation", activation.toStdString());
      settings.emplace_back(side + ".init", side == "a" ? "orthogonal" : "large-normal");
    }
    const auto run = finishedRun(kFlow, settings, 3);
    QCOMPARE(run->status(), RunStatus::Completed);
    QVERIFY(run->frame());
    for (const CheckResult& check : run->checks()) QVERIFY(!check.failed());
  }

  void theMatrixKeepsABoundedNumberOfSteps() {
    const auto run = finishedRun(kFlow, shallow(), 700);
    const auto matrix = std::get<MatrixData>(run->frame()->views.at("grad_history_b"));
    QCOMPARE(matrix.rows, 6);
    QVERIFY(matrix.columns >= 120 && matrix.columns <= 240);
    QCOMPARE(std::size_t(matrix.columns), matrix.column_labels.size());
    QCOMPARE(matrix.column_labels.front(), std::string("1"));
    const int column = matrix.columns / 2;
    const auto step = std::stoll(matrix.column_labels[column]);
    QCOMPARE((*matrix.values)[5 * matrix.columns + column],
             float(at(*run, step, "b/grad_norm/layer_05")));
  }

  void thereIsAPictureBeforeTheFirstUpdate() {
    const auto run = startedRun(kFlow, {}, 1);
    const auto bars = std::get<BarsData>(run->frame()->views.at("grad_norm"));
    QCOMPARE(bars.groups.size(), std::size_t(2));
    QCOMPARE(bars.overlays.size(), std::size_t(2));
    for (double value : bars.groups[0].values) QVERIFY(value > 0);
  }
};

QTEST_GUILESS_MAIN(GradientFlowTest)
#include "flow_test.moc"
