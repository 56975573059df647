// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRegularExpression>
#include <QString>

namespace viva {

/// The words of a menu entry without the mark of its key: "&Open run…" and "打开运行(&O)…".
inline QString withoutMnemonic(QString words) {
  static const QRegularExpression in_brackets(QStringLiteral("\\(&.\\)"));
  return words.remove(in_brackets).remove('&');
}

}  // namespace viva
