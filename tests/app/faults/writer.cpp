// SPDX-License-Identifier: GPL-3.0-or-later
// writer WHAT FOLDER VALUE: writes VALUE with one of Viva's writers, for a test that disturbs it.
// What goes wrong is one line and status 3, as in viva itself.
#include <QCoreApplication>
#include <cstdio>
#include <functional>
#include <map>

#include "app/export/whole_file.h"
#include "app/phases/phase_store.h"
#include "app/study/card_exchange.h"
#include "app/study/record_archive.h"
#include "app/study/study_store.h"
#include "app/sweep/kept_sweeps.h"
#include "app/window/lesson_plan.h"
#include "app/window/preferences.h"
#include "lessons/core/error.h"
#include "lessons/core/words.h"
#include "tests/app/faults/what_is_written.h"

using namespace viva;
using namespace viva::faults;

namespace {

void writeOwnCards(const QString& folder, const QString& value) {
  std::vector<OwnCard> cards(kMany, cardOf(value));
  for (int card = 0; card < kMany; ++card) cards[card].id += QString::number(card);
  writeCards(folder + "/own.tsv", cards);
}

void writeSettings(const QString&, const QString& value) {
  Preferences preferences;
  preferences.experiment = preferences.tab = value;
  preferences.geometry = QByteArray(kLong, value.front().toLatin1());
  if (!preferences.save())
    throw FileError({"window.preferences_not_kept", {{"file", Preferences::path().toStdString()}}});
}

void writePhase(const QString& folder, const QString& value) {
  PhaseStore(folder.toStdString()).keep(kPhase, phaseOf(value));
}

void writeFile(const QString& folder, const QString& value) {
  writeWhole(folder.toStdString() + "/file",
             [&](FileWriter& file) { file.write(longTextOf(value).toStdString()); });
}

/// What a store could not keep is what goes wrong here.
void withStudy(const QString& folder, const std::function<void(StudyStore&)>& work) {
  StudyStore store(folder + "/study.db");
  const auto refuse = [](const Message& message) { throw FileError(message); };
  for (const Message& problem : store.problems()) refuse(problem);
  std::optional<Message> failed;
  QObject::connect(&store, &Study::failed, [&](const Message& message) { failed = message; });
  work(store);
  if (failed) refuse(*failed);
}

void writeNote(const QString& folder, const QString& value) {
  withStudy(folder, [&](StudyStore& store) { store.setNote("lesson", longTextOf(value)); });
}

void writeKeptRun(const QString& folder, const QString& value) {
  withStudy(folder, [&](StudyStore& store) {
    const QByteArray records = packRecords(recordsOf(value));
    store.ran({0, "experiment", "preset", {}, 100, longTextOf(value).toUtf8()}, records);
  });
}

void writeProgress(const QString& folder, const QString& value) {
  StudyStore store("");
  store.setNote("lesson", longTextOf(value));
  store.exportTo(folder + "/progress.db");
}

void migrateStudy(const QString& folder, const QString&) {
  withStudy(folder, [](StudyStore&) {});
}

void writeCopyOfSweep(const QString& folder, const QString&) {
  copySweep((folder + "/sweep").toStdString(), (folder + "/copy").toStdString());
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  const QStringList arguments = QCoreApplication::arguments();
  if (arguments.size() != 4) return 2;
  const QString folder = arguments[2], value = arguments[3];
  qputenv("XDG_CONFIG_HOME", folder.toLocal8Bit());
  const std::map<QString, std::function<void(const QString&, const QString&)>> writers{
      {"plan", [](const QString& to,
                  const QString& plan) { writePlan(to + "/lesson.viva-plan", planOf(plan)); }},
      {"step of a plan",
       [](const QString& to, const QString& plan) {
         addToPlan(to + "/lesson.viva-plan", stepOf(plan), {});
       }},
      {"cards", writeOwnCards},
      {"settings", writeSettings},
      {"phase", writePhase},
      {"file", writeFile},
      {"note", writeNote},
      {"kept run", writeKeptRun},
      {"progress", writeProgress},
      {"migration", migrateStudy},
      {"copy of a sweep", writeCopyOfSweep},
  };
  try {
    writers.at(arguments[1])(folder, value);
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", Words::in(Language::English)(error.message()).c_str());
    return 3;
  }
}
