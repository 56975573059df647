// SPDX-License-Identifier: GPL-3.0-or-later
// What the notes and the Code tab name, against the lessons that there are.
#include <QTest>

#include "lessons/core/catalog.h"
#include "lessons/core/words.h"
#include "widgets/text/code_pane.h"
#include "widgets/text/lesson_texts.h"
#include "widgets/text/markdown.h"

extern "C" const viva::Catalog* viva_catalog();

namespace viva {

class LinksTest : public QObject {
  Q_OBJECT

  struct Link {
    QString target, text;
  };

  static std::vector<Link> linksOf(const QString& markdown) {
    std::vector<Link> links;
    bool open = false;
    for (const MarkdownEvent& event : parseMarkdown(markdown)) {
      if (event.kind == MarkdownEvent::Kind::BeginLink) {
        links.push_back({event.text, {}});
        open = true;
      } else if (event.kind == MarkdownEvent::Kind::End) {
        open = false;
      } else if (open && event.kind == MarkdownEvent::Kind::Text) {
        links.back().text += event.text;
      }
    }
    return links;
  }

  static const ExperimentSpec* experimentWithPreset(const Lesson& lesson, const QString& preset) {
    for (const ExperimentSpec* experiment : lesson.experiments)
      if (experiment->findPreset(preset.toStdString())) return experiment;
    return nullptr;
  }

 private Q_SLOTS:
  void everyLessonHasNotes() {
    for (const Lesson& lesson : viva_catalog()->lessons())
      for (const Language language : {Language::English, Language::Chinese})
        QVERIFY2(!notesOf(lesson.id, language).isEmpty(), lesson.id.c_str());
  }

  void everyLinkLeadsSomewhereAndIsNamedLikeIt() {
    QStringList wrong;
    for (const Lesson& lesson : viva_catalog()->lessons()) {
      for (const Language language : {Language::English, Language::Chinese}) {
        const Words& words = Words::in(language);
        for (const Link& link : linksOf(notesOf(lesson.id, language))) {
          const QString name = link.target.section(QLatin1Char(':'), 1);
          if (link.target.startsWith(QLatin1String("experiment:"))) {
            bool known = false;
            for (const ExperimentSpec* experiment : lesson.experiments)
              known = known || experiment->id == name.toStdString();
            if (!known) wrong << link.target;
          } else if (link.target.startsWith(QLatin1String("preset:"))) {
            const ExperimentSpec* experiment = experimentWithPreset(lesson, name);
            if (!experiment) {
              wrong << link.target;
              continue;
            }
            const QString title =
                QString::fromStdString(words.of(experiment->id, "preset", name.toStdString()));
            if (title != link.text) wrong << link.target + ": " + link.text + ", not " + title;
          }
        }
      }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(QLatin1Char('\n'))));
  }

  void everyExperimentIsNamedInTheNotes() {
    for (const Lesson& lesson : viva_catalog()->lessons()) {
      const QStringList links = outlineOf(notesOf(lesson.id, Language::English)).links;
      for (const ExperimentSpec* experiment : lesson.experiments)
        QVERIFY2(links.contains("experiment:" + QString::fromStdString(experiment->id)),
                 experiment->id.c_str());
    }
  }

  void everySourceIsInTheProgramAndShowsItsLoop() {
    for (const Lesson& lesson : viva_catalog()->lessons()) {
      for (const ExperimentSpec* experiment : lesson.experiments) {
        QVERIFY2(!experiment->sources.empty(), experiment->id.c_str());
        for (const std::string& path : experiment->sources)
          QVERIFY2(!sourceOf(path).isEmpty(), path.c_str());
        const auto loopOf = [](const std::string& path) {
          return trainingLoop(sourceOf(path), codeLanguageOf(QString::fromStdString(path)));
        };
        QVERIFY2(loopOf(experiment->sources.front()), experiment->sources.front().c_str());
        if (experiment->equivalent.empty()) continue;
        QVERIFY2(loopOf(experiment->equivalent), experiment->equivalent.c_str());
      }
    }
  }
};

}  // namespace viva

QTEST_GUILESS_MAIN(viva::LinksTest)
#include "links_test.moc"
