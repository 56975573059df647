// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/plain_line.h"

#include <QRegularExpression>

namespace viva {

QString plainLine(const QString& markdown) {
  static const QRegularExpression link("\\[([^\\]]*)\\]\\([^)]*\\)");
  static const QRegularExpression formula("\\$+([^$]*)\\$+");
  static const QRegularExpression marks("\\*+|`+|^#+\\s*|&nbsp;",
                                        QRegularExpression::MultilineOption);
  static const QRegularExpression tex(
      "\\\\(?:mathbb|mathrm|text|operatorname|left|right|bigl|bigr)\\b"
      "|[\\\\{}]");
  QString line = markdown;
  line.replace(link, "\\1");
  for (auto match = formula.match(line); match.hasMatch(); match = formula.match(line)) {
    QString source = match.captured(1);
    source.remove(tex);
    line.replace(match.capturedStart(), match.capturedLength(), source);
  }
  line.replace(marks, " ");
  return line.simplified();
}

}  // namespace viva
