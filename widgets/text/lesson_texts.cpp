// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/lesson_texts.h"

#include <QFile>

namespace viva {
namespace {

QString utf8(std::string_view text) {
  return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QByteArray resource(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return {};
  return file.readAll();
}

}  // namespace

QString lessonText(std::string_view lesson, std::string_view name, Language language) {
  const auto in = [&](Language wanted) {
    return QString::fromUtf8(resource(QStringLiteral(":/lessons/%1/%2.%3.md")
                                          .arg(utf8(lesson), utf8(name), utf8(codeOf(wanted)))));
  };
  const QString text = in(language);
  return text.isEmpty() ? in(Language::English) : text;
}

QString notesOf(std::string_view lesson, Language language) {
  return lessonText(lesson, "notes", language);
}

QByteArray demoRulesTextOf(std::string_view lesson) {
  return resource(QStringLiteral(":/lessons/%1/demos.json").arg(utf8(lesson)));
}

QString sourceOf(std::string_view path) {
  return QString::fromUtf8(resource(QStringLiteral(":/code/") + utf8(path)));
}

}  // namespace viva
