// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/demo_text.h"

#include <QRegularExpression>

#include "widgets/study/demo_rule.h"
#include "widgets/study/study_sections.h"
#include "widgets/text/lesson_texts.h"

namespace viva {

std::vector<DemoText> demoTextsIn(const QString& markdown) {
  static const QRegularExpression option("^- ([a-z0-9-]+):\\s+(.*)$");
  std::vector<DemoText> demos;
  for (const StudySection& section : studySections(markdown)) {
    if (section.parts.size() != 2) continue;
    DemoText demo{section.id, {}, {}, section.parts[1]};
    QStringList question;
    for (const QString& line : section.parts[0].split('\n')) {
      const auto match = option.match(line);
      if (match.hasMatch())
        demo.options.push_back({match.captured(1), match.captured(2).trimmed()});
      else
        question.append(line);
    }
    demo.question = question.join('\n').trimmed();
    demos.push_back(std::move(demo));
  }
  return demos;
}

const DemoText* demoOf(const std::vector<DemoText>& demos, const QString& experiment,
                       const QString& preset) {
  for (const QString& name : {experiment + '/' + preset, preset})
    for (const DemoText& demo : demos)
      if (demo.preset == name) return &demo;
  return nullptr;
}

std::map<QString, DemoRule> demoRules(const QString& lesson) {
  const QByteArray json = demoRulesTextOf(lesson.toStdString());
  if (json.isEmpty()) return {};
  return demoRulesIn(json);
}

std::vector<DemoText> demoTexts(const QString& lesson, Language language) {
  return demoTextsIn(lessonText(lesson.toStdString(), "demos", language));
}

}  // namespace viva
