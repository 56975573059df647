// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/card_library.h"

#include <cmath>

#include "lessons/core/catalog.h"
#include "lessons/core/number_text.h"
#include "widgets/text/markdown.h"

namespace viva {

CardLibrary::CardLibrary(Study& study, Language language) {
  const std::vector<OwnCard> own = study.ownCards();
  for (const LessonEntry& lesson : lessonList()) {
    const QString id = QString::fromStdString(lesson.id);
    for (CardText& card : cardTexts(id, language)) cards_.push_back(std::move(card));
    for (const OwnCard& card : own)
      if (card.lesson == id) cards_.push_back(textOf(card));
  }
  for (const OwnCard& card : own)
    if (card.lesson.isEmpty()) cards_.push_back(textOf(card));
  for (std::size_t i = 0; i < cards_.size(); ++i) places_.insert(cards_[i].id, i);
}

const CardText* CardLibrary::find(const QString& id) const {
  const auto place = places_.constFind(id);
  return place == places_.cend() ? nullptr : &cards_[*place];
}

std::vector<const CardText*> CardLibrary::of(const QString& lesson) const {
  std::vector<const CardText*> found;
  for (const CardText& card : cards_)
    if (card.lesson == lesson) found.push_back(&card);
  return found;
}

QString pageOf(const CardText& card, bool revealed, const Words& words) {
  const auto markdown = [&](const QString& text) {
    return card.plain ? markdownOfPlain(text) : text;
  };
  // The first paragraph of the question stands as a heading.
  QString page = "## ";
  if (card.plain) {
    const QString question = card.question.trimmed();
    page += markdown(question.section('\n', 0, 0)) + "\n\n" + markdown(question.section('\n', 1));
  } else {
    page += card.question;
  }
  if (!revealed) return page;
  const auto part = [&](const char* key, const QString& text) {
    if (!text.isEmpty())
      page += "\n\n#### " + QString::fromStdString(words(key)) + "\n\n" + markdown(text);
  };
  part("cards.answer", card.answer);
  part("cards.explanation", card.explanation);
  part("cards.follow_ups", card.follow_ups);
  if (!card.source.isEmpty())
    page += "\n\n*" + QString::fromStdString(words("cards.source")) + "* " + card.source;
  return page;
}

QString intervalText(qint64 seconds, const Words& words) {
  const auto say = [&](const char* key, double count) {
    return QString::fromStdString(words(Message{key, {{"count", readableNumber(count)}}}));
  };
  const double minutes = static_cast<double>(seconds) / 60, days = minutes / 60 / 24;
  if (minutes < 60) return say("cards.minutes", std::max(1.0, std::round(minutes)));
  if (days < 1) return say("cards.hours", std::round(minutes / 60));
  if (days < 31) return say("cards.days", std::round(days));
  if (days < 365) return say("cards.months", std::round(days / 30.4 * 10) / 10);
  return say("cards.years", std::round(days / 365 * 10) / 10);
}

QString waitText(const CardMemory& memory, const QDateTime& now, const Words& words) {
  constexpr qint64 kSecondsADay = 24 * 60 * 60;
  const qint64 days = studyDay(now).daysTo(studyDay(memory.due));
  if (memory.phase == CardPhase::Review && days > 0)
    return intervalText(days * kSecondsADay, words);
  return intervalText(now.secsTo(memory.due), words);
}

bool isDue(const CardMemory& memory, const QDateTime& now) {
  return memory.phase == CardPhase::Review ? studyDay(memory.due) <= studyDay(now)
                                           : memory.due <= now;
}

}  // namespace viva
