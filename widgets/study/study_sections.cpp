// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/study_sections.h"

#include <QRegularExpression>

namespace viva {

std::vector<StudySection> studySections(const QString& text) {
  static const QRegularExpression head("^([a-z]+):\\s+(.*)$");
  std::vector<StudySection> sections;
  bool in_head = false;
  for (const QString& line : text.split('\n')) {
    if (line.startsWith("## ")) {
      sections.push_back({line.mid(3).trimmed(), {}, {QString()}});
      in_head = true;
      continue;
    }
    if (sections.empty()) continue;
    StudySection& section = sections.back();
    if (in_head) {
      const auto match = head.match(line);
      if (match.hasMatch()) {
        section.head[match.captured(1)] = match.captured(2).trimmed();
        continue;
      }
      in_head = false;
    }
    if (line.trimmed() == "---")
      section.parts.append(QString());
    else
      section.parts.back() += line + '\n';
  }
  for (StudySection& section : sections)
    for (QString& part : section.parts) part = part.trimmed();
  return sections;
}

}  // namespace viva
