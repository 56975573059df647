// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/run_file.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <limits>

#include "tests/fakes/fake_experiment.h"
#include "tests/fakes/refusal.h"

using namespace viva;
using namespace viva::fakes;

namespace {

constexpr std::int64_t kToTheEnd = std::numeric_limits<std::int64_t>::max();

/// To be edited. JSON of Qt has no integers beyond 2^53, so the seed becomes a small one.
QJsonObject objectOf(const std::string& json) {
  QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
  object["seed"] = 7;
  return object;
}
std::string textOf(const QJsonObject& object) {
  return QJsonDocument(object).toJson().toStdString();
}

}  // namespace

class RunFileTest : public QObject {
  Q_OBJECT
  FakeRuntime runtime_;
  Catalog catalog_ = fakeCatalog(runtime_);
  RunFile file_;
  std::string json_;

  std::string refusedAsFile(const std::string& json) {
    return refusalOf<FileError>([&] { runFileFromJson(json, catalog_); }).key;
  }
  std::string refusedAsRequest(const std::string& json) {
    return refusalOf([&] { runFileFromJson(json, catalog_); }).key;
  }
  std::string with(const char* key, const QJsonValue& value) {
    QJsonObject object = objectOf(json_);
    object[key] = value;
    return textOf(object);
  }
  std::string withParameter(const char* name, const QJsonValue& value) {
    QJsonObject object = objectOf(json_), parameters = object["parameters"].toObject();
    parameters[name] = value;
    object["parameters"] = parameters;
    return textOf(object);
  }

 private Q_SLOTS:
  /// A run with a value of every kind, live changes of several kinds, and a digest.
  void init() {
    RunSettings settings{fakeParameters({{"rate", "0.1"},
                                         {"noise", "0.30000000000000004"},
                                         {"second", "true"},
                                         {"shape", "saddle"},
                                         {"start", "0.1,-2.5e-7"},
                                         {"weights", "0.2,0.3,0.5"},
                                         {"title", "a \"quoted\" line\nand 中文 \\ {x}"},
                                         {"data_file", "folder/数据 1.csv"},
                                         {"drawn", "1,2,0;0.1,-3,4"}})};
    settings.seed = 18446744073709551615u;
    settings.steps = 40;
    settings.preset = "calm";
    settings.threads = 2;
    Run run(fakeSpec(), settings, runtime_);
    run.advance(std::int64_t{10});
    run.change("rate", 1.0 / 3);
    run.change("shape", Choice{"plateau"});
    run.change("drawn", Points{{{1, 1, 1}}});
    run.advance(kToTheEnd);
    file_ = viva::describe(run, runtime_);
    json_ = toJson(file_);
  }

  void everyThingSurvivesTheFile() {
    const RunFile again = runFileFromJson(json_, catalog_);
    QCOMPARE(again.experiment, std::string("fake-descent"));
    QVERIFY(again.parameters == file_.parameters);
    QVERIFY(again.events == file_.events);
    QCOMPARE(again.events.size(), std::size_t{3});
    QCOMPARE(again.seed, 18446744073709551615u);
    QCOMPARE(again.steps, std::int64_t{40});
    QCOMPARE(again.preset, std::string("calm"));
    QCOMPARE(again.threads, 2);
    QCOMPARE(again.device, std::string("cpu"));
    QCOMPARE(again.digest, file_.digest);
    QVERIFY(again.record_digests == file_.record_digests);
    QCOMPARE(again.record_digests.size(), std::size_t{5});
    QCOMPARE(again.build, buildName());
    QCOMPARE(again.blas, std::string("fake"));
    QCOMPARE(again.library, std::string("fake 1.0"));
    QCOMPARE(toJson(again), json_);
  }

  void theFilesThatARunReadAreInItWithSizeAndDigest() {
    QVERIFY(file_.inputs.empty());  // the file is not there
    QTemporaryDir folder;
    const std::string path = folder.filePath("abc").toStdString();
    const auto runOf = [&](const QByteArray& content) {
      QFile data(QString::fromStdString(path));
      [&] { QVERIFY(data.open(QIODevice::WriteOnly)); }();
      data.write(content);
      data.close();
      Run run(fakeSpec(), RunSettings{fakeParameters({{"data_file", path}})}, runtime_);
      return viva::describe(run, runtime_);
    };
    const RunFile file = runFileFromJson(toJson(runOf("abc")), catalog_);
    // The digest of "abc" is that of FIPS 180-4.
    QVERIFY(
        file.inputs ==
        (std::vector<InputFile>{
            {"data_file", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}}));
    QVERIFY(changedInputs(file, runOf("abc").inputs).empty());
    QCOMPARE(changedInputs(file, runOf("abd").inputs), std::vector<std::string>{"data_file"});
    QVERIFY(changedInputs(file_, file.inputs).empty());  // it says nothing of its own
    QCOMPARE(refusedAsFile(with("inputs", QJsonArray{})), std::string("error.run_file_damaged"));
    QCOMPARE(refusedAsFile(with("inputs", QJsonObject{{"data_file", 3}})),
             std::string("error.run_file_damaged"));
    QCOMPARE(refusedAsRequest(with("inputs", QJsonObject{{"nothing", QJsonObject{}}})),
             std::string("error.unknown_parameter"));
  }

  void replayFromTheFileGivesTheSameDigest() {
    const RunFile file = runFileFromJson(json_, catalog_);
    Run replay(fakeSpec(), settingsOf(file, fakeSpec()), runtime_);
    replay.advance(kToTheEnd);
    QCOMPARE(replay.records().digest(), file.digest);
    for (std::size_t column = 0; column < replay.records().names().size(); ++column)
      QCOMPARE(replay.records().digest(column),
               file.record_digests.at(replay.records().names()[column]));
  }

  void theFirstRecordThatDiffersIsNamed() {
    RunFile file = runFileFromJson(json_, catalog_);
    Run replay(fakeSpec(), settingsOf(file, fakeSpec()), runtime_);
    replay.advance(kToTheEnd);
    const Records& records = replay.records();
    QVERIFY(!firstDifference(file, records));

    file.digest = "another";
    QCOMPARE(firstDifference(file, records), std::optional<std::string>(""));
    file.record_digests["zz_lost"] = "a record that is no longer there";
    QCOMPARE(firstDifference(file, records), std::optional<std::string>("zz_lost"));
    file.record_digests.erase("zz_lost");
    file.record_digests.at(records.names().at(1)) = "another";
    QCOMPARE(firstDifference(file, records), std::optional(records.names().at(1)));
    file.record_digests.clear();
    QCOMPARE(firstDifference(file, records), std::optional<std::string>(""));
  }

  void recordsThatTheFileDoesNotNameAreNoDifference() {
    RunFile file = runFileFromJson(json_, catalog_);
    Run replay(fakeSpec(), settingsOf(file, fakeSpec()), runtime_);
    replay.advance(kToTheEnd);
    const Records& records = replay.records();
    file.digest = "of the records that there were";
    file.record_digests.erase(records.names().at(3));
    QVERIFY(!firstDifference(file, records));
    file.record_digests.at(records.names().at(4)) = "another";
    QCOMPARE(firstDifference(file, records), std::optional(records.names().at(4)));
    file.record_digests.erase(records.names().at(4));
    file.record_digests["zz_lost"] = "a record that is no longer there";
    QCOMPARE(firstDifference(file, records), std::optional<std::string>("zz_lost"));
  }

  void digestMayBeMissing() {
    QJsonObject object = objectOf(json_);
    object.remove("digest");
    object.remove("record_digests");
    QVERIFY(runFileFromJson(textOf(object), catalog_).digest.empty());
  }

  void parametersThatAreMissingHaveTheirDefaults() {
    QJsonObject object = objectOf(json_);
    object["parameters"] = QJsonObject{{"rate", 0.5}};
    const RunFile file = runFileFromJson(textOf(object), catalog_);
    const RunSettings settings = settingsOf(file, fakeSpec());
    QVERIFY(settings.parameters == fakeParameters({{"rate", "0.5"}}));
  }

  void fileCutAtAnyByteIsRefused() {
    for (std::size_t length = 0; length + 2 < json_.size(); ++length)
      QVERIFY2(refusedAsFile(json_.substr(0, length)).starts_with("error."),
               json_.substr(0, length).c_str());
  }

  void whatIsNotARunFileIsRefused() {
    const std::string png = "\x89PNG\r\n\x1a\n";
    for (const std::string& text :
         {std::string(), std::string("hello"), std::string("[]"), std::string("{}"),
          std::string("null"), std::string("5"), std::string("{\"viva_run\": \"1\"}"), png,
          std::string("{\"viva_run\": 0}"), std::string("{\"viva_run\": -1}"),
          std::string("{\"viva_run\": 1}"), std::string(1000, '\0')})
      QVERIFY2(refusedAsFile(text).starts_with("error."), text.c_str());
  }

  void hugeNestedOrRepetitiveTextIsRefusedQuickly() {
    QVERIFY(refusedAsFile(std::string(5000000, '[')).starts_with("error."));
    QVERIFY(refusedAsFile(std::string(20000000, ' ')).starts_with("error."));
    std::string deep = json_;
    deep.insert(deep.rfind('}'),
                ",\"more\":" + std::string(300000, '[') + std::string(300000, ']'));
    QCOMPARE(runFileFromJson(deep, catalog_).steps, std::int64_t{40});
  }

  void newerVersionsAreRefusedAndNamed() {
    const Message refusal =
        refusalOf<FileError>([&] { runFileFromJson(with("viva_run", 2), catalog_); });
    QCOMPARE(refusal.key, std::string("error.run_file_newer"));
    QCOMPARE(argumentOf(refusal, "version"), std::string("2"));
    QCOMPARE(refusedAsFile(with("experiment_version", 2)), std::string("error.run_file_newer"));
    // A newer file may have a shape that this version cannot know.
    QCOMPARE(refusedAsFile("{\"viva_run\": 7}"), std::string("error.run_file_newer"));
  }

  void everyKeyOfAnotherKindIsRefused() {
    for (const char* key :
         {"experiment", "experiment_version", "parameters", "seed", "device", "threads", "events",
          "steps", "digest", "record_digests", "preset", "build", "blas", "library"}) {
      const QList<QJsonValue> wrong =
          QList<QByteArray>{"experiment", "device", "digest", "preset", "build", "blas", "library"}
                  .contains(key)
              ? QList<QJsonValue>{5, QJsonArray{}, true, QJsonValue::Null}
              : QList<QJsonValue>{"text", QJsonArray{1}, true, QJsonValue::Null};
      for (const QJsonValue& value : wrong) {
        const std::string text = with(key, value);
        bool refused = false;
        try {
          runFileFromJson(text, catalog_);
        } catch (const Error&) {
          refused = true;
        }
        QVERIFY2(refused, qPrintable(QString("%1: %2").arg(key, value.toVariant().toString())));
      }
    }
  }

  void numbersThatCannotBeAreRefused() {
    QVERIFY(refusedAsFile(with("steps", -1)).starts_with("error."));
    QVERIFY(refusedAsFile(with("steps", 1.5)).starts_with("error."));
    QVERIFY(refusedAsFile(with("steps", 1e300)).starts_with("error."));
    QVERIFY(refusedAsFile(with("threads", 0)).starts_with("error."));
    QVERIFY(refusedAsFile(with("threads", 1000000)).starts_with("error."));
    QVERIFY(refusedAsFile(with("threads", 4294967297.0)).starts_with("error."));
    QVERIFY(refusedAsFile(with("seed", -1)).starts_with("error."));
    QVERIFY(refusedAsFile(with("seed", 1.5)).starts_with("error."));
    QJsonObject event{{"step", -3}, {"name", "rate"}, {"value", 0.5}};
    QVERIFY(refusedAsFile(with("events", QJsonArray{event})).starts_with("error."));
    event["step"] = 2.5;
    QVERIFY(refusedAsFile(with("events", QJsonArray{event})).starts_with("error."));
  }

  void missingKeysAreRefused() {
    for (const char* key :
         {"experiment", "experiment_version", "parameters", "seed", "steps", "events"}) {
      QJsonObject object = objectOf(json_);
      object.remove(key);
      QCOMPARE(refusedAsFile(textOf(object)), std::string("error.run_file_damaged"));
    }
  }

  void unknownNamesAreRefusedWithTheAllowedOnes() {
    QCOMPARE(refusedAsRequest(with("experiment", "fake-ascent")),
             std::string("error.unknown_experiment"));
    QCOMPARE(refusedAsRequest(withParameter("lr", 0.1)), std::string("error.unknown_parameter"));
    QCOMPARE(refusedAsRequest(with("preset", "loud")), std::string("error.unknown_preset"));
    const QJsonObject event{{"step", 3}, {"name", "lr"}, {"value", 0.5}};
    QCOMPARE(refusedAsRequest(with("events", QJsonArray{event})),
             std::string("error.unknown_parameter"));
  }

  void wrongValuesAreRefused_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QJsonValue>("value");
    const auto row = [](const char* name, const QJsonValue& value) {
      QTest::addRow("%s %s", name, qPrintable(value.toVariant().toString())) << name << value;
    };
    row("rate", 5);
    row("rate", "0.1");
    row("rate", true);
    row("rate", QJsonValue::Null);
    row("rate", QJsonArray{0.1});
    row("finish_at", 1.5);
    row("finish_at", -1);
    row("second", 1);
    row("shape", "cup");
    row("shape", 0);
    row("start", QJsonArray{1});
    row("start", QJsonArray{1, 2, 3});
    row("start", QJsonArray{1, 11});
    row("start", 1);
    row("weights", QJsonArray{0.5, 0.6});
    row("weights", QJsonArray{"a"});
    row("title", 5);
    row("data_file", QJsonArray{});
    row("drawn", QJsonArray{QJsonArray{1, 2}});
    row("drawn", QJsonArray{QJsonArray{1, 2, -1}});
    row("drawn", QJsonArray{QJsonArray{1, 200, 1}});
    row("drawn", 3);
  }
  void wrongValuesAreRefused() {
    QFETCH(QString, name);
    QFETCH(QJsonValue, value);
    const Message refusal = refusalOf(
        [&] { runFileFromJson(withParameter(name.toLatin1().constData(), value), catalog_); });
    QVERIFY2(refusal.key.starts_with("error."), refusal.key.c_str());
    QCOMPARE(QString::fromStdString(argumentOf(refusal, "name")), name);
  }

  void textThatIsNotUtf8DoesNotLoseTheRun() {
    RunSettings settings{fakeParameters()};
    settings.parameters.set("data_file", File{"caf\xe9.csv"});
    Run run(fakeSpec(), settings, runtime_);
    const std::string json = toJson(viva::describe(run, runtime_));
    QCOMPARE(runFileFromJson(json, catalog_).experiment, std::string("fake-descent"));
  }

  void keysThatThisVersionDoesNotKnowAreIgnored() {
    QCOMPARE(runFileFromJson(with("comment", "by hand"), catalog_).steps, std::int64_t{40});
  }

  void restartParameterAsAnEventIsRefusedByTheRun() {
    const QJsonObject event{{"step", 3}, {"name", "second"}, {"value", true}};
    const RunFile file = runFileFromJson(with("events", QJsonArray{event}), catalog_);
    QCOMPARE(refusalOf([&] { Run(fakeSpec(), settingsOf(file, fakeSpec()), runtime_); }).key,
             std::string("error.not_live"));
  }
};

QTEST_APPLESS_MAIN(RunFileTest)
#include "run_file_test.moc"
