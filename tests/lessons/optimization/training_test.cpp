// SPDX-License-Identifier: GPL-3.0-or-later
// optimizer-training as a run: its records, live changes, files and refusals.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "lessons/core/words.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"
#include "tests/lessons/own_table.h"

using namespace viva;
using namespace viva::tests;

namespace {

const char* const kTraining = "optimizer-training";

Message refused(const Settings& settings) {
  return fakes::refusalOf([&] { startedRun(kTraining, settings, 1); });
}

Settings only(const std::string& chosen, Settings further = {}) {
  for (const char* name : {"sgd", "momentum", "adagrad", "rmsprop", "adam", "adamw", "adabelief"})
    further.insert(further.begin(), {std::string(name) + ".on", chosen == name ? "true" : "false"});
  return further;
}

}  // namespace

class TrainingTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void rowsHoldWhatBelongsToThem() {
    const auto run = finishedRun(kTraining, {{"evaluate_every", "5"}}, 10);
    for (const char* name : {"sgd/", "adabelief/"}) {
      const std::string prefix = name;
      QVERIFY(isAbsent(at(*run, 0, prefix + "train_loss")));
      QVERIFY(isAbsent(at(*run, 0, prefix + "update_ratio")));
      QVERIFY(at(*run, 0, prefix + "weight_norm") > 0);
      QVERIFY(at(*run, 0, prefix + "validation_accuracy") >= 0);
      for (int row = 1; row <= 10; ++row) {
        QVERIFY(at(*run, row, prefix + "train_loss") > 0);
        QCOMPARE(isAbsent(at(*run, row, prefix + "weight_norm")), row % 5 != 0);
        QCOMPARE(isAbsent(at(*run, row, prefix + "update_ratio")), row % 5 != 0);
      }
    }
    QCOMPARE(at(*run, 0, "sgd/weight_norm"), at(*run, 0, "adam/weight_norm"));
    QCOMPARE(at(*run, 1, "sgd/train_loss"), at(*run, 1, "adam/train_loss"));
    QVERIFY(at(*run, 10, "sgd/train_loss") != at(*run, 10, "adam/train_loss"));
  }

  void lossStartsNearTheLogarithmOfTheNumberOfClasses() {
    QVERIFY(std::abs(at(*finishedRun(kTraining, {}, 1), 1, "sgd/train_loss") - std::log(2)) < 0.1);
    const auto digits = finishedRun(kTraining, {{"dataset", "digits"}}, 1);
    QVERIFY(std::abs(at(*digits, 1, "sgd/train_loss") - std::log(10)) < 0.1);
  }

  void anOptimizerLearnsTheSameAloneAsAmongSeven() {
    const auto alone = finishedRun(kTraining, only("adam"), 50);
    const auto among = finishedRun(kTraining, {}, 50);
    for (int row = 1; row <= 50; ++row)
      QVERIFY(std::abs(at(*alone, row, "adam/train_loss") - at(*among, row, "adam/train_loss")) <
              1e-5);
  }

  void snapshotsAndChecksDoNotChangeTheRun() {
    const auto quiet = finishedRun(kTraining, {}, 40);
    const auto watched = startedRun(kTraining, {}, 40);
    for (int i = 0; i < 40; ++i) {
      watched->advance(1);
      QVERIFY(watched->frame());
    }
    QCOMPARE(watched->records().digest(), quiet->records().digest());
    QCOMPARE(watched->checks().size(), std::size_t(2));
    for (const CheckResult& check : watched->checks())
      QVERIFY2(!check.failed(),
               qPrintable(QString("%1 %2").arg(check.id.c_str()).arg(check.difference)));
  }

  void checksHoldForEveryModel_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("dataset");
    QTest::newRow("mlp on images") << "mlp"
                                   << "digits";
    QTest::newRow("mlp on words") << "mlp"
                                  << "sparse-words";
    QTest::newRow("convnet") << "convnet"
                             << "digits";
    QTest::newRow("embedding") << "embedding"
                               << "sparse-words";
  }
  void checksHoldForEveryModel() {
    QFETCH(QString, model);
    QFETCH(QString, dataset);
    const auto run = finishedRun(
        kTraining, {{"model", model.toStdString()}, {"dataset", dataset.toStdString()}}, 20);
    QCOMPARE(run->status(), RunStatus::Completed);
    QCOMPARE(run->checks().size(), std::size_t(2));
    for (const CheckResult& check : run->checks()) QVERIFY(!check.failed());
    QVERIFY(run->nonFinite().empty());
  }

  void aRateOfZeroDecayAndALiveChangeActAtTheNextStep() {
    const auto run = startedRun(kTraining, only("sgd", {{"evaluate_every", "1"}}), 20);
    run->advance(10);
    run->change("sgd.lr", 1e-6);
    run->advance(1);
    QVERIFY(at(*run, 10, "sgd/update_ratio") > 1e3 * at(*run, 11, "sgd/update_ratio"));
    run->change("weight_decay", 1.0);
    run->change("sgd.lr", 0.01);
    run->advance(1);
    // Decay shrinks the weights by lr * weight_decay; the loss's own gradient adds less.
    const double shrink = at(*run, 12, "sgd/weight_norm") / at(*run, 11, "sgd/weight_norm");
    QVERIFY(std::abs(shrink - 0.99) < 0.003);
  }

  void adamwDecaysByItsOwnParameterAlone() {
    const Settings still{{"evaluate_every", "1"}, {"adamw.lr", "0.01"}, {"weight_decay", "1"}};
    Settings decaying = still;
    decaying.emplace_back("adamw.decay", "1");
    Settings free = still;
    free.emplace_back("adamw.decay", "0");
    const double with =
        at(*finishedRun(kTraining, only("adamw", decaying), 1), 1, "adamw/weight_norm");
    const double without =
        at(*finishedRun(kTraining, only("adamw", free), 1), 1, "adamw/weight_norm");
    const auto plain = finishedRun(
        kTraining,
        only("adamw", {{"evaluate_every", "1"}, {"adamw.lr", "0.01"}, {"adamw.decay", "0"}}), 1);
    QCOMPARE(without, at(*plain, 1, "adamw/weight_norm"));
    QVERIFY(std::abs(with / without - 0.99) < 0.002);
  }

  void divergenceOfOneLeavesTheOthersAlone() {
    const auto run = finishedRun(kTraining, {{"sgd.lr", "10"}, {"weight_decay", "1"}}, 200);
    QCOMPARE(run->status(), RunStatus::Completed);
    QVERIFY(run->nonFinite().contains("sgd/train_loss"));
    for (const auto& [record, step] : run->nonFinite())
      QVERIFY2(record.starts_with("sgd/") || record.starts_with("momentum/"), record.c_str());
    QVERIFY(run->frame());
  }

  void whatDoesNotFitIsRefusedInOneSentence_data() {
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("key");
    QTest::newRow("convnet on points") << "model=convnet"
                                       << "error.training.convnet_needs_images";
    QTest::newRow("convnet on words") << "model=convnet dataset=sparse-words"
                                      << "error.training.convnet_needs_images";
    QTest::newRow("embedding of points") << "model=embedding"
                                         << "error.training.embedding_needs_words";
    QTest::newRow("no file") << "dataset=file"
                             << "error.csv.no_file";
    QTest::newRow("batch") << "samples=200 batch_size=161"
                           << "error.training.batch_too_large";
    QTest::newRow("nobody")
        << "sgd.on=false momentum.on=false adagrad.on=false rmsprop.on=false adam.on=false "
           "adamw.on=false adabelief.on=false"
        << "error.training.no_optimizer";
  }
  void whatDoesNotFitIsRefusedInOneSentence() {
    QFETCH(QString, settings);
    QFETCH(QString, key);
    const Settings chosen = settingsIn(settings.toStdString());
    const Message message = refused(chosen);
    QCOMPARE(QString::fromStdString(message.key), key);
    for (Language language : {Language::English, Language::Chinese}) {
      const std::string sentence = Words::in(language)(message);
      QVERIFY2(sentence != message.key && sentence.find('{') == std::string::npos &&
                   sentence.find("choice.") == std::string::npos,
               sentence.c_str());
    }
  }

  void aFileOfOnesOwnIsLearned() {
    QTemporaryDir folder;
    QFile file(folder.filePath("own.csv"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("height,weight,label\n");
    for (int i = 0; i < 200; ++i) {  // two separate clusters, far from zero
      const int kind = i % 2;
      file.write(QString("%1,%2,%3\n")
                     .arg(1000 + 10 * kind + i % 7)
                     .arg(-5 * kind - i % 3)
                     .arg(kind ? "tall" : "small")
                     .toUtf8());
    }
    file.close();
    const Settings own{
        {"dataset", "file"}, {"data_file", file.fileName().toStdString()}, {"batch_size", "32"}};
    const auto run = finishedRun(kTraining, only("adam", own), 200);
    QCOMPARE(run->status(), RunStatus::Completed);
    QVERIFY(at(*run, 200, "adam/validation_accuracy") > 0.95);
    const auto plane = std::get<PlaneData>(run->frame()->views.at("boundary"));
    QCOMPARE(plane.layers.size(), std::size_t(2));
  }

  void coordinatesFarFromZeroAreLearntAsThoseNearIt() {
    const OwnTable near(moonsOfMetres(0)), far(moonsOfMetres(5'400'000));
    const auto runOf = [](const OwnTable& table) {
      return finishedRun(
          kTraining,
          only("adam", {{"dataset", "file"}, {"data_file", table.path()}, {"batch_size", "32"}}),
          200, 4);
    };
    const auto near_run = runOf(near), far_run = runOf(far);
    for (const char* record : {"adam/train_loss", "adam/validation_accuracy"}) {
      const double expected = at(*near_run, 200, record), found = at(*far_run, 200, record);
      QVERIFY2(std::abs(found - expected) <= 1e-3 + 1e-2 * std::abs(expected),
               qPrintable(QString("%1: %2, %3").arg(record).arg(found).arg(expected)));
    }
  }

  void aFileSaysWhatIsPredictedAndAClassOfOneIsRefused() {
    for (const char* standardized : {"true", "false"}) {
      const auto settingsOf = [&](const OwnTable& table) {
        return only("adam", {{"dataset", "file"},
                             {"data_file", table.path()},
                             {"batch_size", "16"},
                             {"standardize", standardized}});
      };
      const OwnTable table(withARareClass(2));
      const auto run = finishedRun(kTraining, settingsOf(table), 5);
      QCOMPARE(run->status(), RunStatus::Completed);
      QCOMPARE(fakes::argumentOf(run->reading().value(), "column"), std::string("kind"));
      const OwnTable lonely(withARareClass(1));
      const auto refused = startedRun(kTraining, settingsOf(lonely), 1);
      QCOMPARE(refused->message()->key, std::string("error.csv.small_class"));
    }
  }

  void theBoundaryIsThatOfTheShownOptimizer() {
    const auto run = startedRun(kTraining, {}, 100);
    run->advance(100);
    const auto valuesNow = [&] {
      const auto plane = std::get<PlaneData>(run->frame()->views.at("boundary"));
      const auto& field = std::get<FieldLayer>(plane.layers.front());
      return *field.values;
    };
    const auto adam = valuesNow();
    QCOMPARE(adam.size(), std::size_t(10000));
    for (float value : adam) QVERIFY(value >= -1 && value <= 1);
    run->change("shown", Choice{"sgd"});
    QVERIFY(valuesNow() != adam);
    run->change("shown", Choice{"adam"});
    QCOMPARE(valuesNow(), adam);
  }

  void imagesAndDocumentsAreShownOnTheirPrincipalPlane_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("dataset");
    QTest::newRow("mlp") << "mlp"
                         << "digits";
    QTest::newRow("convnet") << "convnet"
                             << "digits";
    QTest::newRow("embedding") << "embedding"
                               << "sparse-words";
  }
  void imagesAndDocumentsAreShownOnTheirPrincipalPlane() {
    QFETCH(QString, model);
    QFETCH(QString, dataset);
    const auto run = finishedRun(
        kTraining, {{"model", model.toStdString()}, {"dataset", dataset.toStdString()}}, 1);
    const auto plane = std::get<PlaneData>(run->frame()->views.at("boundary"));
    QCOMPARE(plane.layers.size(), std::size_t(2));
    const auto& field = std::get<FieldLayer>(plane.layers.front());
    QCOMPARE(field.values->size(), std::size_t(field.rows * field.columns));
    QCOMPARE(field.diverging, dataset == "sparse-words");
    const auto& samples = std::get<PointsLayer>(plane.layers.back());
    QCOMPARE(samples.points.size(), std::size_t(400));
    // Principal components: centred, uncorrelated, the first the wider one.
    double xx = 0, yy = 0, xy = 0, x = 0;
    for (const Point& point : samples.points) {
      xx += point.x * point.x, yy += point.y * point.y, xy += point.x * point.y, x += point.x;
    }
    QVERIFY(std::abs(x) < 1e-3 * 400);
    QVERIFY(xx > yy);
    QVERIFY(std::abs(xy) < 0.1 * std::sqrt(xx * yy));
  }

  void weightsAreNamedAsInAStateDictionary() {
    const auto weights = weightsOf(*finishedRun(kTraining, {{"hidden", "8"}}, 1));
    for (const auto& [name, array] : weights) {
      std::size_t bytes = sizeof(float);
      for (std::int64_t size : array.shape) bytes *= static_cast<std::size_t>(size);
      QCOMPARE(array.bytes.size(), bytes);
    }
    QCOMPARE(weights.size(), std::size_t(7 * 6));
    QCOMPARE(weights.at("adam.0.weight").shape, (std::vector<std::int64_t>{8, 2}));
    QCOMPARE(weights.at("adam.2.weight").shape, (std::vector<std::int64_t>{8, 8}));
    QCOMPARE(weights.at("sgd.4.weight").shape, (std::vector<std::int64_t>{2, 8}));
    QCOMPARE(weights.at("sgd.4.bias").shape, (std::vector<std::int64_t>{2}));
  }
};

QTEST_GUILESS_MAIN(TrainingTest)
#include "training_test.moc"
