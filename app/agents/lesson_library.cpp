// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/agents/lesson_library.h"

#include <QHash>

#include "widgets/panel/run_difference.h"
#include "widgets/search/search_index.h"
#include "widgets/study/card_text.h"
#include "widgets/text/lesson_texts.h"

namespace viva {
namespace {

const char* nameOf(FoundKind kind) {
  switch (kind) {
    case FoundKind::Lesson:
      return "lesson";
    case FoundKind::Experiment:
      return "experiment";
    case FoundKind::Preset:
      return "preset";
    case FoundKind::Parameter:
      return "parameter";
    case FoundKind::Note:
      return "note";
    case FoundKind::Card:
      return "card";
    case FoundKind::Command:
      break;
  }
  return "command";
}

}  // namespace

bool hasLessonLibrary() { return true; }

std::string lessonMarkdown(const std::string& lesson, const std::string& kind, Language language) {
  return lessonText(lesson, kind, language).toStdString();
}

struct LessonSearch::Index {
  SearchIndex items;
  QHash<QString, CardText> cards;

  Index(const Catalog& catalog, Language language) : items(&catalog, language, {}) {
    for (const LessonEntry& lesson : lessonList())
      for (CardText& card : cardTexts(QString::fromStdString(lesson.id), language))
        cards.insert(card.id, std::move(card));
  }
};

LessonSearch::LessonSearch(const Catalog& catalog, Language language)
    : index_(std::make_unique<Index>(catalog, language)) {}

LessonSearch::~LessonSearch() = default;

std::vector<FoundPlace> LessonSearch::find(const std::string& query, std::size_t most) const {
  std::vector<FoundPlace> places;
  for (const SearchItem* item : index_->items.find(QString::fromStdString(query), most)) {
    FoundPlace place{nameOf(item->kind),
                     item->title.toStdString(),
                     item->context.toStdString(),
                     item->target.toStdString(),
                     {},
                     {}};
    const QString what = item->target.section(':', 1);
    if (item->kind == FoundKind::Card) {
      const CardText card = index_->cards.value(what);
      place.lesson = card.lesson.toStdString();
      place.text = card.answer.toStdString();
    } else if (item->kind == FoundKind::Note || item->kind == FoundKind::Lesson) {
      place.lesson = what.section('#', 0, 0).toStdString();
    }
    places.push_back(std::move(place));
  }
  return places;
}

std::vector<std::string> differencesInWords(const ExperimentSpec& spec, const RunSettings& run,
                                            const RunSettings& other, const Words& words) {
  std::vector<std::string> phrases;
  for (const QString& phrase : differences(spec, run, other, words))
    phrases.push_back(phrase.toStdString());
  return phrases;
}

}  // namespace viva
