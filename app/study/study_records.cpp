// SPDX-License-Identifier: GPL-3.0-or-later
// Progress, predictions and notes of the study store.
#include <cmath>

#include "app/study/calibration.h"
#include "app/study/merged_text.h"
#include "app/study/study_store.h"

namespace viva {
namespace {

QVariant certainValue(const QDateTime& moment) {
  return valueOf(moment.isValid() ? moment : QDateTime::currentDateTimeUtc());
}

std::vector<QString> texts(QSqlQuery rows) {
  std::vector<QString> all;
  while (rows.next()) all.push_back(rows.value(0).toString());
  return all;
}

}  // namespace

void StudyStore::visited(const QString& lesson, const QDateTime& now) {
  change(
      [&] {
        database().run("INSERT OR REPLACE INTO visits (lesson, time) VALUES (?, ?)",
                       {lesson, certainValue(now)});
      },
      Safe::Soon);
}

void StudyStore::played(const QString& lesson, const QString& experiment, const QString& preset,
                        const QDateTime& now) {
  change(
      [&] {
        database().run(
            "INSERT INTO plays (lesson, experiment, preset, time) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (lesson, experiment, preset) DO UPDATE SET time = excluded.time",
            {lesson, experiment, preset, certainValue(now)});
      },
      Safe::Soon);
}

void StudyStore::predicted(const Prediction& prediction) {
  const double confidence =
      std::isfinite(prediction.confidence) ? std::clamp(prediction.confidence, 0.0, 1.0) : 0.5;
  change([&] {
    database().run(
        "INSERT INTO predictions (lesson, experiment, preset, time, expected, confidence, outcome, "
        "correct) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        {prediction.lesson, prediction.experiment, prediction.preset, certainValue(prediction.time),
         prediction.expected, confidence, prediction.outcome, prediction.right ? 1 : 0});
  });
}

std::vector<QString> StudyStore::lessonsWorkedOn() {
  return texts(
      database().run("SELECT lesson, max(time) AS last FROM (SELECT lesson, time FROM visits "
                     "UNION ALL SELECT lesson, time FROM plays) GROUP BY lesson "
                     "ORDER BY last DESC, lesson"));
}

LessonProgress StudyStore::progressOf(const QString& lesson) {
  LessonProgress progress;
  read([&] {
    progress.visited =
        momentOf(database().value("SELECT time FROM visits WHERE lesson = ?", {lesson}));
    const QString once =
        "SELECT preset FROM %1 WHERE lesson = ? GROUP BY preset ORDER BY min(number)";
    progress.played = texts(database().run(once.arg("plays"), {lesson}));
    progress.predicted = texts(database().run(once.arg("predictions"), {lesson}));
  });
  return progress;
}

std::vector<Prediction> StudyStore::predictions() {
  std::vector<Prediction> all;
  read([&] {
    QSqlQuery row = database().run(
        "SELECT lesson, experiment, preset, time, expected, confidence, outcome, correct "
        "FROM predictions ORDER BY time DESC, number DESC");
    while (row.next())
      all.push_back({row.value(0).toString(), row.value(1).toString(), row.value(2).toString(),
                     momentOf(row.value(3)), row.value(4).toString(), row.value(5).toDouble(),
                     row.value(6).toString(), row.value(7).toBool()});
  });
  return all;
}

Calibration StudyStore::calibration() { return calibrationOf(predictions()); }

QString StudyStore::note(const QString& lesson) {
  QString text;
  read([&] {
    text = database().value("SELECT text FROM notes WHERE lesson = ?", {lesson}).toString();
  });
  return text;
}

void StudyStore::setNote(const QString& lesson, const QString& text) {
  change([&] { writeNote(lesson, text); });
}

std::optional<QString> StudyStore::mergeNote(const QString& lesson, const QString& before,
                                             const QString& text) {
  QString merged;
  const bool kept = change([&] {
    const QString now =
        database().value("SELECT text FROM notes WHERE lesson = ?", {lesson}).toString();
    merged = mergedText(before, text, now);
    writeNote(lesson, merged);
  });
  return kept ? std::optional(merged) : std::nullopt;
}

void StudyStore::writeNote(const QString& lesson, const QString& text) {
  if (text.isEmpty())
    database().run("DELETE FROM notes WHERE lesson = ?", {lesson});
  else
    database().run("INSERT OR REPLACE INTO notes (lesson, text) VALUES (?, ?)", {lesson, text});
}

}  // namespace viva
