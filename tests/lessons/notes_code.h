// SPDX-License-Identifier: GPL-3.0-or-later
// The Python that the notes of a lesson show.
#pragma once

#include <QFile>
#include <QString>

#include "tests/lessons/python_lines.h"

namespace viva::tests {

/// The first block of Python in `<lesson>/notes.<language>.md`; empty where there is none.
inline QString codeInNotes(const QString& lesson, const QString& language) {
  QFile file(lessonProgram(lesson + "/notes." + language + ".md"));
  if (!file.open(QIODevice::ReadOnly)) return {};
  return QString::fromUtf8(file.readAll()).section("```python\n", 1, 1).section("```", 0, 0);
}

}  // namespace viva::tests
