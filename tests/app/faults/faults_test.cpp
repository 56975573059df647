// SPDX-License-Identifier: GPL-3.0-or-later
// Every writer on a disk that fills up, becomes read-only, or under a program that is killed at any
// moment: what is there afterwards is the old or the new, whole, and opens. VIVA_KILLS=200 tries
// that many moments of each writer.
#include <QProcess>
#include <QRandomGenerator>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <functional>

#include "app/export/zip.h"
#include "app/phases/phase_store.h"
#include "app/study/card_exchange.h"
#include "app/study/record_archive.h"
#include "app/study/schema.h"
#include "app/study/study_store.h"
#include "app/sweep/kept_sweeps.h"
#include "tests/app/faults/what_is_written.h"
#include "tests/app/program.h"

using namespace viva;
using namespace viva::faults;
namespace fs = std::filesystem;

namespace {

const QString kOld = "old", kNew = "new";

/// A writer and how what it left is read. `value` answers which one is there, or what is wrong.
struct Writer {
  std::function<void(const QString& folder)> prepare;  ///< with the old value
  QString program;
  std::function<QStringList(const QString& folder)> arguments;  ///< that write the new one
  std::function<QString(const QString& folder)> value;
};

Outcome run(const QString& program, const QStringList& arguments,
            const QProcessEnvironment& environment) {
  QProcess process;
  process.setProcessEnvironment(environment);
  process.start(program, arguments);
  process.closeWriteChannel();
  return Program::finish(process);
}

QProcessEnvironment quiet() {
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert("LC_ALL", "C.UTF-8");
  environment.insert("VIVA_LESSONS_LIBRARY", VIVA_FAKE_LESSONS);
  return environment;
}

QProcessEnvironment withFaults(const QString& folder, const QMap<QString, long>& faults) {
  QProcessEnvironment environment = quiet();
  environment.insert("LD_PRELOAD", VIVA_FAULTS);
  environment.insert("VIVA_FAULT_FOLDER", folder + "/");
  for (auto fault = faults.begin(); fault != faults.end(); ++fault)
    environment.insert(fault.key(), QString::number(fault.value()));
  return environment;
}

/// Which of the two all of `values` are; else what was found.
template <class Values>
QString theOneOf(const Values& values) {
  QString one;
  for (const QString& value : values) {
    if (!one.isEmpty() && value != one) return "mixed: " + one + " and " + value;
    one = value;
  }
  return one;
}

QString valueOfPlan(const QString& folder) {
  const LessonPlan plan = readPlan(folder + "/lesson.viva-plan");
  QStringList values{plan.title};
  for (const PlanStep& step : plan.steps) values << step.title;
  return plan.steps.size() == kMany ? theOneOf(values) : "not all steps";
}

/// Old: without the step that is added.
QString valueOfLongerPlan(const QString& folder) {
  const LessonPlan plan = readPlan(folder + "/lesson.viva-plan");
  return plan.steps.size() == kMany ? kOld : plan.steps.back().title;
}

QString valueOfCards(const QString& folder) {
  const auto cards = readCards(folder + "/own.tsv", nullptr);
  if (cards.size() != kMany) return "not all cards";
  QStringList values;
  for (const OwnCard& card : cards) values << card.question << card.answer << card.explanation;
  return theOneOf(values);
}

QString valueOfSettings(const QString& folder) {
  const QSettings settings(folder + "/viva/viva.ini", QSettings::IniFormat);
  const QByteArray geometry = settings.value("geometry").toByteArray();
  const QString value = theOneOf(
      QStringList{settings.value("experiment").toString(), settings.value("tab").toString()});
  return geometry == QByteArray(kLong, value.front().toLatin1()) ? value : "another geometry";
}

QString valueOfPhase(const QString& folder) {
  const auto state = PhaseStore(folder.toStdString()).find(kPhase);
  if (!state) return "nothing";
  const QString value = QString::fromStdString(state->arrays.at(0).name);
  return *state == phaseOf(value) ? value : "another phase";
}

QString valueOfText(const QByteArray& text) {
  for (const QString& value : {kOld, kNew})
    if (text == longTextOf(value).toUtf8()) return value;
  return "another text";
}

QString valueOfStudy(const QString& path, const std::function<QString(StudyStore&)>& value) {
  StudyStore store(path);
  return store.problems().empty() ? value(store) : QString("a study with problems");
}

/// Old: one run; new: another one too. Both with their records.
QString valueOfKeptRuns(StudyStore& store) {
  const auto runs = store.runsOf("experiment");
  QStringList values;
  for (const RecentRun& run : runs) {
    const auto kept = store.recordsOf(run.id);
    if (!kept || kept->records.rows() != 1000) return "a run without its records";
    const QString value = QString::fromStdString(kept->records.names().at(0));
    if (run.file != longTextOf(value).toUtf8()) return "a run with another file";
    values << value;
  }
  values.sort();
  return values == QStringList{kOld} ? kOld : values == QStringList{kNew, kOld} ? kNew : "others";
}

void writeStudyOfVersionOne(const QString& folder) {
  Database database(folder + "/study.db");
  migrate(database, 1);
  database.run(
      "INSERT INTO own_cards (id, lesson, question, answer, explanation) "
      "VALUES ('own-1', 'a', 'q', ?, '')",
      {longTextOf(kOld)});
}

QString valueOfMigrated(StudyStore& store) {
  const auto cards = store.ownCards();
  return cards.size() == 1 ? valueOfText(cards[0].answer.toUtf8()) : QString("no card");
}

void makeSweepToCopy(const QString& folder) {
  fs::create_directories((folder + "/sweep/points").toStdString());
  for (int point = 0; point < 20; ++point) {
    QFile file(QString("%1/sweep/points/%2.viva").arg(folder).arg(point));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(longTextOf(kNew).toUtf8()) > 0);
  }
}

QString valueOfCopy(const QString& folder) {
  if (!QFile::exists(folder + "/copy")) return kOld;
  QStringList values;
  for (int point = 0; point < 20; ++point)
    values << valueOfText(contentOf(QString("%1/copy/points/%2.viva").arg(folder).arg(point)));
  return theOneOf(values);
}

QStringList runOf(const QString& folder, int steps) {
  return {"run",     "fake-descent",  "--steps",  QString::number(steps),
          "--out",   folder + "/out", "--export", "csv,json,weights,safetensors,tikz,bundle",
          "--force", "--quiet"};
}

/// The summary is the last to be renamed: where it is new, all is.
QString valueOfRunFolder(const QString& folder) {
  const QString out = folder + "/out";
  const auto stepsOf = [](const QByteArray& json) {
    const int steps = QJsonDocument::fromJson(json).object()["steps"].toInt();
    return steps == 500 ? kOld : steps == 800 ? kNew : "a file of " + QString::number(steps);
  };
  const qsizetype rows = Outcome::rows(contentOf(out + "/records.csv")).size();
  const auto bundled = fileInZip((out + "/bundle.zip").toStdString(), "run.viva", 1 << 20);
  if (!bundled) return "an empty bundle";
  const QStringList values{stepsOf(contentOf(out + "/run.viva")),
                           rows == 502   ? kOld
                           : rows == 802 ? kNew
                                         : QString("other records"),
                           stepsOf(QByteArray::fromStdString(*bundled))};
  for (const QString& value : values)
    if (value != kOld && value != kNew) return value;
  const QString summary = stepsOf(contentOf(out + "/summary.json"));
  return summary == kNew ? theOneOf(values) : summary;
}

Program& program() {
  static Program one;
  return one;
}

/// Of one of the writers in writer.cpp.
Writer writerOf(const QString& what, std::function<QString(const QString&)> value) {
  return {[what](const QString& folder) {
            const Outcome made = run(VIVA_WRITER, {what, folder, kOld}, quiet());
            QVERIFY2(made.status == 0, made.errors);
          },
          VIVA_WRITER,
          [what](const QString& folder) {
            return QStringList{what, folder, kNew};
          },
          std::move(value)};
}

Writer writerOfStudy(const QString& what, QString (*value)(StudyStore&),
                     const QString& file = "study.db") {
  return writerOf(what,
                  [=](const QString& folder) { return valueOfStudy(folder + "/" + file, value); });
}

QString valueOfNote(StudyStore& store) { return valueOfText(store.note("lesson").toUtf8()); }

std::map<QString, Writer> writers() {
  std::map<QString, Writer> all{
      {"plan", writerOf("plan", valueOfPlan)},
      {"cards", writerOf("cards", valueOfCards)},
      {"settings", writerOf("settings", valueOfSettings)},
      {"phase", writerOf("phase", valueOfPhase)},
      {"file",
       writerOf("file", [](const QString& to) { return valueOfText(contentOf(to + "/file")); })},
      {"note", writerOfStudy("note", valueOfNote)},
      {"kept run", writerOfStudy("kept run", valueOfKeptRuns)},
      {"progress", writerOfStudy("progress", valueOfNote, "progress.db")},
  };
  Writer step = writerOf("step of a plan", valueOfLongerPlan);
  step.prepare = all.at("plan").prepare;
  all.emplace("step of a plan", step);
  // Both versions have the same content.
  Writer migration = writerOfStudy("migration", valueOfMigrated);
  migration.prepare = writeStudyOfVersionOne;
  all.emplace("migration", migration);
  Writer copy = writerOf("copy of a sweep", valueOfCopy);
  copy.prepare = makeSweepToCopy;
  all.emplace("copy of a sweep", copy);
  all.emplace("run folder",
              Writer{[](const QString& folder) {
                       const Outcome made = program().run(runOf(folder, 500));
                       QVERIFY2(made.status == 0, made.errors);
                     },
                     VIVA_BINARY_DIR "/viva", [](const QString& to) { return runOf(to, 800); },
                     valueOfRunFolder});
  return all;
}

/// QSettings complains of the lock that it cannot remove.
Outcome withoutQt(Outcome outcome) {
  QByteArray errors;
  for (const QByteArray& line : outcome.errors.split('\n'))
    if (!line.isEmpty() && !line.contains("remove our own lock file")) errors += line + '\n';
  outcome.errors = errors;
  return outcome;
}

int triesOf(int usual) {
  return qEnvironmentVariableIsSet("VIVA_KILLS") ? qEnvironmentVariableIntValue("VIVA_KILLS")
                                                 : usual;
}

}  // namespace

class FaultsTest : public QObject {
  Q_OBJECT

 private:
  const std::map<QString, Writer> writers_ = writers();
  QTemporaryDir home_;
  QRandomGenerator random_{20260601};

  QString folder() const { return home_.filePath("disk"); }
  /// As it is before the new value is written.
  void restore() const {
    fs::remove_all(folder().toStdString());
    fs::copy(home_.filePath("before").toStdString(), folder().toStdString(),
             fs::copy_options::recursive);
  }
  QString valueIn(const Writer& writer) const {
    try {
      return writer.value(folder());
    } catch (const Error& error) {
      return QString("does not open: ") + error.what();
    }
  }
  Outcome write(const Writer& writer, const QMap<QString, long>& faults) const {
    return run(writer.program, writer.arguments(folder()), withFaults(folder(), faults));
  }
  /// How many times the writer asks for a change; everything is new then.
  long changesOf(const Writer& writer) const {
    QProcessEnvironment environment = withFaults(folder(), {});
    environment.insert("VIVA_FAULT_COUNT", home_.filePath("count"));
    const Outcome outcome = run(writer.program, writer.arguments(folder()), environment);
    return outcome.status == 0 ? contentOf(home_.filePath("count")).trimmed().toLong() : 0;
  }
  long anyOf(long changes) { return 1 + random_.bounded(static_cast<int>(changes)); }

  void addWriters() const {
    QTest::addColumn<QString>("name");
    for (const auto& [name, writer] : writers_) QTest::newRow(qPrintable(name)) << name;
  }
  /// The old value in `before`; answers the number of changes.
  long begin(const Writer& writer) {
    fs::remove_all(home_.filePath("before").toStdString());
    fs::remove_all(folder().toStdString());
    fs::create_directory(folder().toStdString());
    writer.prepare(folder());
    if (QTest::currentTestFailed()) return 0;
    fs::copy(folder().toStdString(), home_.filePath("before").toStdString(),
             fs::copy_options::recursive);
    // Reading a study brings it up to date.
    if (valueIn(writer) != kOld) return 0;
    restore();
    const long changes = changesOf(writer);
    return valueIn(writer) == (isMigration() ? kOld : kNew) ? changes : 0;
  }
  static bool isMigration() { return QTest::currentDataTag() == QByteArray("migration"); }

 private Q_SLOTS:
  void whoIsKilledLeavesTheOldOrTheNewWhole_data() { addWriters(); }
  void whoIsKilledLeavesTheOldOrTheNewWhole() {
    QFETCH(QString, name);
    const Writer& writer = writers_.at(name);
    const long changes = begin(writer);
    QVERIFY(changes > 2);
    for (int kill = 0; kill < triesOf(4); ++kill) {
      restore();
      const long moment = anyOf(changes);
      const Outcome killed = write(writer, {{"VIVA_KILL_AT", moment}});
      const QString found = valueIn(writer);
      // Threads may ask for less this time.
      QVERIFY2(killed.status == -2 || (killed.status == 0 && found != kOld) || isMigration(),
               killed.errors);
      QVERIFY2(found == kOld || found == kNew,
               qPrintable(QString("at %1 of %2: %3").arg(moment).arg(changes).arg(found)));
      // What was left behind is in nobody's way.
      if (found == kNew && (name == "copy of a sweep" || name == "step of a plan")) continue;
      const Outcome again = write(writer, {});
      QVERIFY2(again.status == 0, again.errors);
      QCOMPARE(valueIn(writer), isMigration() ? kOld : kNew);
      QCOMPARE(QDir(folder() + "/out").entryList({".viva-part-*"}, QDir::Files | QDir::Hidden),
               QStringList());
    }
  }

  void aDiskThatFillsUpLeavesTheOldAndIsSaidInALine_data() { addWriters(); }
  void aDiskThatFillsUpLeavesTheOldAndIsSaidInALine() { fail(ENOSPC); }

  void aDiskThatBecomesReadOnlyLeavesTheOldAndIsSaidInALine_data() { addWriters(); }
  void aDiskThatBecomesReadOnlyLeavesTheOldAndIsSaidInALine() { fail(EROFS); }

  /// A sweep goes on where it was, whoever of its processes was killed.
  void aSweepThatIsKilledGoesOn() {
    const auto arguments = [](const QString& to) {
      return QStringList{"sweep",    "fake-descent",
                         "--grid",   "rate=0.1,0.2,0.3,0.4",
                         "--repeat", "2",
                         "--metric", "a/x",
                         "--jobs",   "2",
                         "--quiet",  "--out",
                         to};
    };
    const Outcome undisturbed = program().run(arguments(home_.filePath("undisturbed")));
    QVERIFY2(undisturbed.status == 0, undisturbed.errors);
    const QByteArray results = contentOf(home_.filePath("undisturbed/sweep.csv"));
    QVERIFY(results.count('\n') == 9);
    for (int kill = 0; kill < triesOf(4); ++kill) {
      // What it has started may still be at work in an earlier one.
      const QString sweep = home_.filePath("sweep") + QString::number(kill);
      run(VIVA_BINARY_DIR "/viva", arguments(sweep),
          withFaults(sweep, {{"VIVA_KILL_AT", anyOf(40)}}));
      const Outcome again = program().run(arguments(sweep));
      QVERIFY2(again.status == 0, again.errors);
      QCOMPARE(contentOf(sweep + "/sweep.csv"), results);
    }
  }

 private:
  void fail(int reason) {
    QFETCH(QString, name);
    const Writer& writer = writers_.at(name);
    const long changes = begin(writer);
    QVERIFY(changes > 2);
    for (int time = 0; time < triesOf(3); ++time) {
      restore();
      const long moment = anyOf(changes);
      const Outcome outcome = write(writer, {{"VIVA_FAIL_AT", moment}, {"VIVA_FAIL_WITH", reason}});
      const QString found = valueIn(writer);
      const QString where = QString("from %1 of %2: %3; %4")
                                .arg(moment)
                                .arg(changes)
                                .arg(found, QString::fromUtf8(outcome.errors));
      QVERIFY2(found == kOld || found == kNew, qPrintable(where));
      // A cache keeps what it can, and says nothing. Whoever has said that it is kept has kept it.
      if (outcome.status == 0)
        QVERIFY2(withoutQt(outcome).errors.isEmpty() &&
                     (found == kNew || isMigration() || name == "phase"),
                 qPrintable(where));
      else
        QVERIFY2(outcome.status == 3 && withoutQt(outcome).isOneLine(), qPrintable(where));
      if (reason == ENOSPC)
        QCOMPARE(QDir(folder()).entryList({".viva-*"}, QDir::AllEntries | QDir::Hidden),
                 QStringList());
    }
  }
};

QTEST_GUILESS_MAIN(FaultsTest)
#include "faults_test.moc"
