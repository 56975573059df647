// SPDX-License-Identifier: GPL-3.0-or-later
// The shape that the texts of cards and demos share.
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>
#include <vector>

namespace viva {

/// One `## id` of a text: lines `name: value` right below it, then Markdown in parts that lines of
/// `---` separate.
struct StudySection {
  QString id;
  QMap<QString, QString> head;
  QStringList parts;  ///< without blank lines around them
};

/// What stands before the first `## ` is left out.
std::vector<StudySection> studySections(const QString& text);

}  // namespace viva
