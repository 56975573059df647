// SPDX-License-Identifier: GPL-3.0-or-later
// The files of the project, for tests that read them.
#pragma once

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QString>
#include <QStringList>

namespace viva::project {

/// Paths relative to the project of the files in `folder` and below whose names match one of the
/// patterns (`*.cpp`), sorted.
inline QStringList filesIn(const QString& folder, const QStringList& patterns) {
  const QDir root(VIVA_SOURCE_DIR);
  QStringList files;
  QDirIterator all(root.filePath(folder), patterns, QDir::Files, QDirIterator::Subdirectories);
  while (all.hasNext()) {
    const QString file = root.relativeFilePath(all.next());
    if (!file.contains("/node_modules/")) files.append(file);
  }
  files.sort();
  return files;
}

inline QStringList filesIn(const QStringList& folders, const QStringList& patterns) {
  QStringList files;
  for (const QString& folder : folders) files += filesIn(folder, patterns);
  return files;
}

inline QByteArray contentOf(const QString& file) {
  QFile content(QDir(VIVA_SOURCE_DIR).filePath(file));
  return content.open(QIODevice::ReadOnly) ? content.readAll() : QByteArray();
}

}  // namespace viva::project
