// SPDX-License-Identifier: GPL-3.0-or-later
// A study file in a folder of its own, and days to study on.
#pragma once

#include <QDateTime>
#include <QDir>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "app/study/study_store.h"
#include "lessons/core/words.h"

namespace viva::study_test {

/// Noon of the first of June 2026, local time, and `days` later.
inline QDateTime day(int days, int hour = 12, int minute = 0) {
  return QDateTime(QDate(2026, 6, 1).addDays(days), QTime(hour, minute)).toUTC();
}

/// `count` cards `lesson-0`, `lesson-1`, ...
inline std::vector<CardKey> cardsOf(const QString& lesson, int count) {
  std::vector<CardKey> keys;
  for (int number = 0; number < count; ++number)
    keys.push_back({QString("%1-%2").arg(lesson).arg(number), lesson});
  return keys;
}

inline QStringList idsOf(const std::vector<StudyCard>& cards) {
  QStringList ids;
  for (const StudyCard& card : cards) ids.append(card.key.id);
  return ids;
}

inline QString sentence(const Message& message) {
  return QString::fromStdString(Words::in(Language::English)(message));
}

struct Place {
  QTemporaryDir folder;
  QString path = folder.filePath("study.db");
  QStringList files(const QString& pattern) const {
    return QDir(folder.path()).entryList({pattern}, QDir::Files, QDir::Name);
  }
};

inline QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline bool write(const QString& path, const QByteArray& content) {
  QFile file(path);
  return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

/// The key of what `work` throws; empty: nothing.
template <class Work>
std::string refusal(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.message().key;
  }
  return {};
}

}  // namespace viva::study_test
