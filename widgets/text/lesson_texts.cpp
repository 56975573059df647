// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/lesson_texts.h"

#include <QFile>

namespace viva {
namespace {

QString utf8(std::string_view text) {
  return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QString resource(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return {};
  return QString::fromUtf8(file.readAll());
}

QString notesIn(std::string_view lesson, Language language) {
  return resource(
      QStringLiteral(":/lessons/%1/notes.%2.md").arg(utf8(lesson), utf8(codeOf(language))));
}

}  // namespace

QString notesOf(std::string_view lesson, Language language) {
  const QString notes = notesIn(lesson, language);
  return notes.isEmpty() ? notesIn(lesson, Language::English) : notes;
}

QString sourceOf(std::string_view path) { return resource(QStringLiteral(":/code/") + utf8(path)); }

}  // namespace viva
