// SPDX-License-Identifier: GPL-3.0-or-later
// What users have lives on: everything that earlier versions wrote (tests/earlier_versions) opens
// and replays.
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include "app/catalog_loader.h"
#include "app/study/card_exchange.h"
#include "app/study/study_store.h"
#include "app/window/lab_link.h"
#include "app/window/lesson_plan.h"
#include "lessons/core/error.h"
#include "lessons/core/run_file.h"
#include "tests/app/program.h"
#include "tests/app/study_content.h"
#include "widgets/study/demo_text.h"

namespace viva {
namespace {

const QString kHome = VIVA_SOURCE_DIR "/tests/earlier_versions";

/// With its words in English, and the real lessons.
Program program() {
  Program program;
  program.unset("VIVA_LESSONS_LIBRARY");
  return program;
}

QStringList versions() { return QDir(kHome).entryList(QDir::Dirs | QDir::NoDotAndDotDot); }

/// Paths of every version's files of a pattern in a folder, relative to kHome.
QStringList filesOf(const QString& folder, const QStringList& patterns) {
  QStringList files;
  for (const QString& version : versions())
    for (const QString& name :
         QDir(kHome + "/" + version + "/" + folder).entryList(patterns, QDir::Files, QDir::Name))
      files << QDir::cleanPath(version + "/" + folder + "/" + name);
  return files;
}

void rowsOf(const QStringList& files) {
  if (files.isEmpty()) QSKIP("no version wrote any");
  QTest::addColumn<QString>("path");
  for (const QString& file : files) QTest::newRow(qPrintable(file)) << kHome + "/" + file;
}

/// Empty: everything in `then` is in `now` too; keys may have been added. Else where not.
QString lost(const QJsonValue& then, const QJsonValue& now, const QString& place = {}) {
  if (then.isObject()) {
    const QJsonObject before = then.toObject();
    for (auto item = before.begin(); item != before.end(); ++item)
      if (const QString at = lost(item.value(), now[item.key()], place + "/" + item.key());
          !at.isEmpty())
        return at;
    return {};
  }
  if (then.isArray()) {
    const QJsonArray before = then.toArray(), after = now.toArray();
    if (before.size() != after.size()) return place + " has another length";
    for (qsizetype i = 0; i < before.size(); ++i)
      if (const QString at = lost(before[i], after[i], place + "/" + QString::number(i));
          !at.isEmpty())
        return at;
    return {};
  }
  return then == now ? QString() : place;
}

/// A run file is JSON whose seed may be beyond 2^53, which QJson has not.
RunFile runIn(const QString& path) {
  return runFileFromJson(contentOf(path).toStdString(), loadCatalog());
}

/// The compiler of `0.1.0 g++ 13.3.0`: Viva's version is no reason for other numbers.
std::string compilerOf(const RunFile& file) { return file.build.substr(file.build.find(' ') + 1); }

/// Where the bits are promised to be the same.
bool haveTheSameCircumstances(const RunFile& then, const RunFile& now) {
  return compilerOf(then) == compilerOf(now) && then.blas == now.blas &&
         then.library == now.library && then.device == now.device &&
         then.experiment_version == now.experiment_version;
}

const Value* valueOf(const RunFile& file, const std::string& name) {
  for (const auto& [known, value] : file.parameters)
    if (known == name) return &value;
  return nullptr;
}

/// A copy in which a file of the user's lies beside the run file; else the path itself.
QString withFilesBeside(const QString& path, const QTemporaryDir& folder) {
  QByteArray text = contentOf(path);
  bool changed = false;
  for (const auto& [name, value] : runIn(path).parameters) {
    const auto* file = std::get_if<File>(&value);
    if (!file || file->path.empty()) continue;
    const QString was = QString::fromStdString(file->path);
    const QString is = QFileInfo(path).path() + "/" + QFileInfo(was).fileName();
    [&] { QVERIFY2(QFile::exists(is), qPrintable(is)); }();
    text.replace("\"" + was.toUtf8() + "\"", "\"" + is.toUtf8() + "\"");
    changed = true;
  }
  if (!changed) return path;
  QFile copy(folder.filePath("moved.viva"));
  [&] { QVERIFY(copy.open(QIODevice::WriteOnly)); }();
  copy.write(text);
  return copy.fileName();
}

/// Copies a folder with everything in it, to be written to.
void copyFolder(const QString& from, const QString& to) {
  QDir().mkpath(to);
  for (const QFileInfo& entry : QDir(from).entryInfoList(QDir::AllEntries | QDir::NoDotAndDotDot)) {
    const QString target = to + "/" + entry.fileName();
    if (entry.isDir()) {
      copyFolder(entry.filePath(), target);
      continue;
    }
    QFile copy(target);
    [&] { QVERIFY(copy.open(QIODevice::WriteOnly)); }();
    copy.write(contentOf(entry.filePath()));
  }
}

QStringList namesIn(const QJsonValue& list, const QString& key) {
  QStringList names;
  for (const QJsonValue& item : list.toArray())
    names << (key.isEmpty() ? item : item[key]).toString();
  return names;
}

/// Empty, or the first that is gone.
QString firstGone(const QStringList& then, const QStringList& now) {
  for (const QString& name : then)
    if (!now.contains(name)) return name;
  return {};
}

QString presetIn(const QJsonObject& described, const QString& experiment, const QString& preset) {
  return namesIn(described[experiment]["presets"], "name").contains(preset) ? preset : QString();
}

}  // namespace

class EarlierVersionsTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  QJsonObject described_;  ///< experiment -> `viva describe --json`

  /// Replays a run file, figure or bundle and holds the result against `then`.
  void replay(const QString& path, const RunFile& then, bool* same_bits) {
    const QString out = folder_.filePath(QString("out %1").arg(qHash(path)));
    const Outcome outcome = program().run({"replay", path, "--export", "csv", "--out", out});
    const QByteArray said = outcome.output + outcome.errors;
    QVERIFY2(outcome.status == 0 || outcome.status == 4, said);
    const RunFile now = runIn(out + "/run.viva");
    QCOMPARE(now.experiment, then.experiment);
    QCOMPARE(now.steps, then.steps);
    QCOMPARE(now.seed, then.seed);
    QCOMPARE(now.preset, then.preset);
    QCOMPARE(now.threads, then.threads);
    QCOMPARE(now.device, then.device);
    QVERIFY(now.events == then.events);
    for (const auto& [name, value] : then.parameters) {
      const Value* again = valueOf(now, name);
      QVERIFY2(again && *again == value, name.c_str());
    }
    QVERIFY(!then.record_digests.empty());
    for (const auto& [name, digest] : then.record_digests)
      QVERIFY2(now.record_digests.count(name), name.c_str());
    const auto rows = Outcome::rows(contentOf(out + "/records.csv"));
    QCOMPARE(rows.size(), then.steps + 2);
    *same_bits = haveTheSameCircumstances(then, now);
    if (!*same_bits) return;
    QVERIFY2(outcome.status == 0, said);
    QVERIFY2(said.contains(QByteArray::fromStdString(then.digest)), said);
    for (const auto& [name, digest] : then.record_digests)
      QVERIFY2(now.record_digests.at(name) == digest, name.c_str());
  }

  /// The study files of a version, in a folder of their own.
  QString copyOfStudy(const QString& path) {
    const QString copy = folder_.filePath("study " + QFileInfo(path).path().section('/', -2, -2));
    copyFolder(QFileInfo(path).path(), copy);
    return copy;
  }

  void isTheContent(StudyStore& store, const QString& folder) {
    QVERIFY2(store.problems().empty(), "the study does not open");
    const QJsonObject then = jsonOf(folder + "/content.json");
    const QDateTime now = QDateTime::fromString(then["now"].toString(), Qt::ISODateWithMs);
    QVERIFY(then["cards"].toObject().size() > 20 && then["runs"].toArray().size() > 2);
    QJsonObject expected = then;
    expected.remove("now");
    const QString gone = lost(expected, contentOf(store, now));
    QVERIFY2(gone.isEmpty(), qPrintable(gone));
  }

 private Q_SLOTS:
  void initTestCase() {
    QVERIFY(!versions().isEmpty());
    for (const Lesson& lesson : loadCatalog().lessons())
      for (const ExperimentSpec* spec : lesson.experiments) {
        const QString id = QString::fromStdString(spec->id);
        const Outcome outcome = program().run({"describe", id, "--json"});
        QVERIFY2(outcome.status == 0, outcome.errors);
        described_[id] = QJsonDocument::fromJson(outcome.output).object();
      }
  }

  void aRunFileReplays_data() { rowsOf(filesOf("runs", {"*.viva"})); }
  void aRunFileReplays() {
    QFETCH(QString, path);
    const QString file = withFilesBeside(path, folder_);
    bool same_bits = false;
    replay(file, runIn(file), &same_bits);
    if (!same_bits) qInfo("recorded elsewhere: the bits were not compared");
  }

  /// So that nothing is left out of what follows.
  void aRunFileOfEveryExperimentIsThere() {
    for (const QString& version : versions()) {
      QSet<QString> there;
      for (const QString& file : filesOf("runs", {"*.viva"}))
        if (file.startsWith(version + "/"))
          there.insert(QString::fromStdString(runIn(kHome + "/" + file).experiment));
      const QStringList then = jsonOf(kHome + "/" + version + "/described.json").keys();
      QCOMPARE(there, QSet<QString>(then.begin(), then.end()));
    }
  }

  void aFigureReplays_data() { rowsOf(filesOf("figures", {"*.png", "*.svg", "*.pdf"})); }
  void aFigureReplays() {
    QFETCH(QString, path);
    bool same_bits = false;
    replay(path, runIn(QFileInfo(path).path() + "/run.viva"), &same_bits);
  }

  void aBundleReplays_data() { rowsOf(filesOf("bundle", {"*.zip"})); }
  void aBundleReplays() {
    QFETCH(QString, path);
    bool same_bits = false;
    replay(path, runIn(QFileInfo(path).path() + "/run.viva"), &same_bits);
  }

  /// A line: the name of a run file, and the link that the window copied when it was shown.
  void aLinkMeansTheRunItWasCopiedFrom_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("link");
    const QStringList files = filesOf(".", {"links.tsv"});
    if (files.isEmpty()) QSKIP("no version wrote any");
    for (const QString& file : files)
      for (const QByteArray& line : contentOf(kHome + "/" + file).trimmed().split('\n')) {
        const QString run = file.section('/', 0, 0) + "/runs/" + line.split('\t')[0];
        QTest::newRow(qPrintable(run))
            << kHome + "/" + run << QString::fromUtf8(line.split('\t')[1]);
      }
  }
  void aLinkMeansTheRunItWasCopiedFrom() {
    QFETCH(QString, path);
    QFETCH(QString, link);
    const RunFile then = runIn(path);
    const LabLink read = labLinkFrom(link);
    const RunSettings now = settingsOf(read, loadCatalog());
    QCOMPARE(read.experiment, then.experiment);
    QCOMPARE(read.step, then.steps);
    QCOMPARE(now.seed, then.seed);
    QCOMPARE(now.preset, then.preset);
    QVERIFY(now.events == then.events);
    QVERIFY(now.steps >= then.steps);
    for (const auto& [name, value] : then.parameters)
      QVERIFY2(now.parameters.value(name) == value, name.c_str());
  }

  void aPlanOpensStepByStep_data() { rowsOf(filesOf(".", {"*.viva-plan"})); }
  void aPlanOpensStepByStep() {
    QFETCH(QString, path);
    const LessonPlan plan = readPlan(path);
    const QJsonArray steps = jsonOf(path)["steps"].toArray();
    QVERIFY(!plan.title.isEmpty() && plan.steps.size() > 5);
    QCOMPARE(qsizetype(plan.steps.size()), steps.size());
    bool locked = false;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const QJsonValue step = steps[qsizetype(i)];
      QCOMPARE(plan.steps[i].title, step["title"].toString());
      const LabLink& link = plan.steps[i].link;
      QVERIFY(link == labLinkFrom(step["link"].toString()));
      try {
        settingsOf(link, loadCatalog());
      } catch (const Error& error) {
        QFAIL(Words::in(Language::English)(error.message()).c_str());
      }
      locked = locked || (link.locked && link.play && link.length > 0 && !link.hidden.empty());
    }
    QVERIFY(locked);
  }

  /// sweep.json beside the folder has the arguments that it was begun with.
  void aSweepIsDoneAndComputesNothingAnew_data() { rowsOf(filesOf("sweep", {"sweep.csv"})); }
  void aSweepIsDoneAndComputesNothingAnew() {
    QFETCH(QString, path);
    const QTemporaryDir folder;
    const QString sweep = QFileInfo(path).path(), out = folder.filePath("sweep");
    copyFolder(sweep, out);
    QStringList command{"sweep"};
    for (const QJsonValue& argument : QJsonDocument::fromJson(contentOf(sweep + ".json")).array())
      command << argument.toString();
    command << "--out" << out;
    const QStringList points = QDir(out + "/points").entryList(QDir::Files);
    QVERIFY(points.size() > 5);
    const auto contents = [&] {
      QList<QByteArray> all;
      for (const QString& point : points) all << contentOf(out + "/points/" + point);
      return all;
    };
    const auto written = [&] {
      QList<QDateTime> all;
      for (const QString& point : points) all << QFileInfo(out + "/points/" + point).lastModified();
      return all;
    };
    const QList<QByteArray> before = contents();
    const QList<QDateTime> times = written();
    const QJsonObject summary = jsonOf(out + "/summary.json");

    const Outcome again = program().run(command);
    QVERIFY2(again.status == 0, again.errors);
    QVERIFY2(again.errors.contains(QByteArray::number(points.size()) + " points"), again.errors);
    QVERIFY(contents() == before && written() == times);
    const auto then = Outcome::rows(contentOf(path)),
               now = Outcome::rows(contentOf(out + "/sweep.csv"));
    QCOMPARE(now.size(), then.size());
    for (qsizetype column = 0; column < then[0].size(); ++column) {
      const qsizetype at = now[0].indexOf(then[0][column]);
      QVERIFY2(at >= 0, then[0][column]);
      for (qsizetype row = 0; row < then.size(); ++row) QCOMPARE(now[row][at], then[row][column]);
    }
    QJsonObject results = summary;
    for (const char* own : {"viva", "build", "blas", "torch", "best_in_words"}) results.remove(own);
    const QString gone = lost(results, jsonOf(out + "/summary.json"));
    QVERIFY2(gone.isEmpty(), qPrintable(gone));

    // What is missing is computed, and nothing else.
    QVERIFY(QFile::remove(out + "/points/" + points.first()));
    const Outcome rest = program().run(command);
    QVERIFY2(rest.status == 0, rest.errors);
    QVERIFY(contents().mid(1) == before.mid(1) && written().mid(1) == times.mid(1));
    const RunFile one = runIn(out + "/points/" + points.first()),
                  was = runIn(sweep + "/points/" + points.first());
    QCOMPARE(one.steps, was.steps);
    if (haveTheSameCircumstances(was, one)) QVERIFY(one.record_digests == was.record_digests);
  }

  void aPointOfASweepReplays_data() {
    QStringList last;
    for (const QString& version : versions())
      for (const QString& file : filesOf("sweep/points", {"*.viva"}))
        if (file.startsWith(version + "/") && file.endsWith("3.viva")) last << file;
    rowsOf(last);
  }
  void aPointOfASweepReplays() {
    QFETCH(QString, path);
    bool same_bits = false;
    replay(path, runIn(path), &same_bits);
  }

  void aStudyHasEverythingThatWasLearned_data() { rowsOf(filesOf("study", {"study.db"})); }
  void aStudyHasEverythingThatWasLearned() {
    QFETCH(QString, path);
    const QString copy = copyOfStudy(path);
    StudyStore store(copy + "/study.db");
    isTheContent(store, copy);
  }

  void exportedProgressIsImported_data() { rowsOf(filesOf("study", {"viva-progress.db"})); }
  void exportedProgressIsImported() {
    QFETCH(QString, path);
    const QTemporaryDir folder;
    StudyStore store(folder.filePath("study.db"));
    store.importFrom(path);
    isTheContent(store, QFileInfo(path).path());
  }

  void exportedCardsAreImported_data() { rowsOf(filesOf("study", {"viva-cards.*"})); }
  void exportedCardsAreImported() {
    QFETCH(QString, path);
    QJsonArray cards;
    for (const OwnCard& card : readCards(path))
      cards.append(QJsonArray{card.id, card.lesson, card.question, card.answer, card.explanation});
    QCOMPARE(cards, jsonOf(QFileInfo(path).path() + "/content.json")["own_cards"].toArray());
  }

  void whatWasStudiedIsStillThere_data() { rowsOf(filesOf("study", {"content.json"})); }
  void whatWasStudiedIsStillThere() {
    QFETCH(QString, path);
    const QJsonObject content = jsonOf(path);
    for (const QJsonValue& prediction : content["predictions"].toArray()) {
      const QString preset = prediction["preset"].toString();
      QCOMPARE(presetIn(described_, prediction["experiment"].toString(), preset), preset);
      QCOMPARE(described_.value(prediction["experiment"].toString())["lesson"],
               prediction["lesson"]);
    }
    for (const QJsonValue& run : content["runs"].toArray()) {
      const RunFile file = runFileFromJson(run["file"].toString().toStdString(), loadCatalog());
      QCOMPARE(file.steps, run["steps"].toInteger());
      if (!run["digest"].toString().isEmpty())
        QCOMPARE(QString::fromStdString(file.digest), run["digest"].toString());
    }
  }

  /// described.json: `viva describe --json` of every experiment, without the words.
  void noIdIsGoneAndNoRangeIsNarrower_data() {
    QTest::addColumn<QJsonObject>("then");
    for (const QString& file : filesOf(".", {"described.json"})) {
      const QJsonObject all = jsonOf(kHome + "/" + file);
      for (const QString& id : all.keys())
        QTest::newRow(qPrintable(file.section('/', 0, 0) + " " + id)) << all[id].toObject();
    }
  }
  void noIdIsGoneAndNoRangeIsNarrower() {
    QFETCH(QJsonObject, then);
    const QJsonObject now = described_[then["experiment"].toString()].toObject();
    QVERIFY2(!now.isEmpty(), "the experiment is gone");
    QCOMPARE(now["lesson"], then["lesson"]);
    for (const char* list : {"records", "presets"})
      QCOMPARE(firstGone(namesIn(then[list], "name"), namesIn(now[list], "name")), QString());
    QCOMPARE(firstGone(namesIn(then["views"], "id"), namesIn(now["views"], "id")), QString());
    QCOMPARE(firstGone(namesIn(then["checks"], {}), namesIn(now["checks"], {})), QString());
    const QStringList names = namesIn(now["parameters"], "name");
    for (const QJsonValue& was : then["parameters"].toArray()) {
      const QByteArray name = was["name"].toString().toUtf8();
      QVERIFY2(names.contains(name), name);
      const QJsonValue is = now["parameters"][names.indexOf(name)];
      QVERIFY2(is["kind"] == was["kind"] && is["default"] == was["default"], name);
      QVERIFY2(was["effect"] != "live" || is["effect"] == "live", name);
      QVERIFY2(firstGone(namesIn(was["choices"], {}), namesIn(is["choices"], {})).isEmpty(), name);
      if (was["minimum"].isDouble())
        QVERIFY2(is["minimum"].toDouble() <= was["minimum"].toDouble(), name);
      if (was["maximum"].isDouble())
        QVERIFY2(is["maximum"].toDouble() >= was["maximum"].toDouble(), name);
    }
  }

  /// texts.json: lesson -> the ids of its cards, and of its demos with their options.
  void noCardAndNoDemoIsGone_data() {
    QTest::addColumn<QString>("lesson");
    QTest::addColumn<QJsonObject>("then");
    const QStringList files = filesOf(".", {"texts.json"});
    if (files.isEmpty()) QSKIP("no version wrote any");
    for (const QString& file : files) {
      const QJsonObject all = jsonOf(kHome + "/" + file);
      for (const QString& id : all.keys())
        QTest::newRow(qPrintable(file.section('/', 0, 0) + " " + id)) << id << all[id].toObject();
    }
  }
  void noCardAndNoDemoIsGone() {
    QFETCH(QString, lesson);
    QFETCH(QJsonObject, then);
    QStringList cards;
    for (const CardText& card : cardTexts(lesson, Language::English)) cards << card.id;
    QCOMPARE(firstGone(namesIn(then["cards"], {}), cards), QString());
    QJsonObject demos;
    for (const DemoText& demo : demoTexts(lesson, Language::English)) {
      QJsonArray options;
      for (const DemoOption& option : demo.options) options.append(option.key);
      demos[demo.preset] = options;
    }
    for (const QString& preset : then["demos"].toObject().keys()) {
      QVERIFY2(demos.contains(preset), qPrintable(preset));
      QCOMPARE(firstGone(namesIn(then["demos"][preset], {}), namesIn(demos[preset], {})),
               QString());
    }
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::EarlierVersionsTest)
#include "earlier_versions_test.moc"
