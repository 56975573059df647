// SPDX-License-Identifier: GPL-3.0-or-later
// What the notes, the cards, the demos and the Code tab name, against the lessons that there are.
#include <QTest>

#include "lessons/core/catalog.h"
#include "lessons/core/error.h"
#include "lessons/core/words.h"
#include "widgets/study/card_text.h"
#include "widgets/text/code_pane.h"
#include "widgets/text/destination.h"
#include "widgets/text/lesson_texts.h"
#include "widgets/text/markdown.h"
#include "widgets/text/notes_document.h"

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

  /// Two lessons and three experiments, whose presets are named alike.
  static const Catalog& alike() {
    static const std::vector<ExperimentSpec> specs = [] {
      std::vector<ExperimentSpec> made(3);
      made[0].id = "flow", made[1].id = "memory", made[2].id = "schedules";
      for (ExperimentSpec& spec : made) spec.presets.push_back(preset("warm-up"));
      made[0].presets.push_back(preset("deep"));
      made[2].presets.push_back(preset("cosine"));
      return made;
    }();
    static const std::vector<LessonEntry> lessons = {{"gradients", "some", {"flow", "memory"}},
                                                     {"rates", "some", {"schedules"}}};
    static const Catalog catalog(lessons, {&specs[0], &specs[1], &specs[2]},
                                 viva_catalog()->runtime());
    return catalog;
  }
  static QString placeOf(const QString& link, const std::string& lesson) {
    try {
      const Destination place = destinationOf(link, lesson, alike());
      return QString::fromStdString(place.lesson + (place.experiment ? " " : "") +
                                    (place.experiment ? place.experiment->id : "") +
                                    (place.preset.empty() ? "" : " ") + place.preset);
    } catch (const RequestError& error) {
      return QString::fromStdString(error.message().key);
    }
  }

  static bool leadsIntoTheProgram(const QString& target) {
    return target.startsWith("preset:") || target.startsWith("experiment:") ||
           target.startsWith("lesson:");
  }
  static QString titleOf(const Destination& place, const Words& words) {
    if (place.kind != Destination::Kind::Preset) return {};
    return QString::fromStdString(words.of(place.experiment->id, "preset", place.preset));
  }

 private Q_SLOTS:
  void everyLessonHasNotes() {
    for (const Lesson& lesson : viva_catalog()->lessons())
      for (const Language language : {Language::English, Language::Chinese})
        QVERIFY2(!notesOf(lesson.id, language).isEmpty(), lesson.id.c_str());
  }

  /// Read as the window reads it: a preset or an experiment without more is one of the lesson that
  /// the text belongs to.
  void everyLinkLandsInTheLessonItNames() {
    QStringList wrong;
    int links = 0;
    for (const Lesson& lesson : viva_catalog()->lessons())
      for (const Language language : {Language::English, Language::Chinese})
        for (const char* text : {"notes", "cards", "demos"})
          for (const Link& link : linksOf(lessonText(lesson.id, text, language))) {
            if (!isKnownLink(link.target))
              wrong << QString::fromStdString(lesson.id) + ": " + link.target;
            if (!leadsIntoTheProgram(link.target)) continue;
            ++links;
            try {
              const Destination place = destinationOf(link.target, lesson.id, *viva_catalog());
              const QString title = titleOf(place, Words::in(language));
              const bool exact =
                  place.kind == Destination::Kind::Lesson || link.target.contains(QLatin1Char('/'));
              if (!exact && place.lesson != lesson.id)
                wrong << link.target + " leads to another lesson";
              if (place.kind == Destination::Kind::Preset && title != link.text)
                wrong << link.target + ": " + link.text + ", not " + title;
            } catch (const RequestError& error) {
              wrong << QString::fromStdString(lesson.id + ": " +
                                              Words::in(Language::English)(error.message()));
            }
          }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(QLatin1Char('\n'))));
    QVERIFY(links > 300);
  }

  void everyProofIsAPresetOfItsLesson() {
    for (const Lesson& lesson : viva_catalog()->lessons())
      for (const CardText& card : cardTexts(QString::fromStdString(lesson.id), Language::English)) {
        try {
          QCOMPARE(destinationOf("preset:" + card.proof, lesson.id, *viva_catalog()).lesson,
                   lesson.id);
        } catch (const RequestError&) {
          QFAIL(qPrintable(card.id + ": " + card.proof));
        }
      }
  }

  void whatTheSearchFindsLeadsThere() {
    for (const Lesson& lesson : viva_catalog()->lessons())
      for (const ExperimentSpec* spec : lesson.experiments)
        for (const Preset& preset : spec->presets) {
          const Destination place =
              destinationOf(QString::fromStdString("preset:" + spec->id + "/" + preset.name), {},
                            *viva_catalog());
          QCOMPARE(place.lesson, lesson.id);
          QCOMPARE(place.experiment, spec);
          QCOMPARE(place.preset, preset.name);
        }
  }

  void aPresetIsOneOfItsOwnLesson_data() {
    QTest::addColumn<QString>("link");
    QTest::addColumn<QString>("lesson");
    QTest::addColumn<QString>("place");
    const auto row = [](const char* link, const char* lesson, const char* place) {
      QTest::addRow("%s in %s", link, *lesson ? lesson : "no lesson")
          << QString(link) << QString(lesson) << QString(place);
    };
    row("preset:warm-up", "rates", "rates schedules warm-up");
    row("preset:warm-up", "gradients", "link.ambiguous_preset");
    row("preset:memory/warm-up", "gradients", "gradients memory warm-up");
    row("preset:memory/warm-up", "rates", "gradients memory warm-up");
    row("preset:deep", "gradients", "gradients flow deep");
    row("preset:deep", "rates", "link.unknown_preset");
    row("preset:memory/deep", "gradients", "link.unknown_preset");
    row("preset:memory/", "gradients", "link.unknown_preset");
    row("preset:nothing/deep", "gradients", "error.unknown_experiment");
    row("preset:deep", "", "link.preset_of_no_lesson");
    row("lesson:rates", "gradients", "rates");
    row("lesson:nothing", "gradients", "error.unknown_lesson");
    row("experiment:schedules", "gradients", "rates schedules");
    row("experiment:nothing", "gradients", "error.unknown_experiment");
    row("javascript:1", "gradients", "link.unknown_kind");
  }
  void aPresetIsOneOfItsOwnLesson() {
    QFETCH(QString, link);
    QFETCH(QString, lesson);
    QFETCH(QString, place);
    QCOMPARE(placeOf(link, lesson.toStdString()), place);
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
