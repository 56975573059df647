// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/card_text.h"

#include <QSet>

#include "lessons/core/catalog.h"
#include "widgets/study/study_sections.h"
#include "widgets/text/lesson_texts.h"
#include "widgets/text/plain_line.h"

namespace viva {

namespace {

bool isCard(const StudySection& section) {
  return (section.parts.size() == 3 || section.parts.size() == 4) && !section.parts.contains("");
}

}  // namespace

std::vector<CardText> cardTextsIn(const QString& markdown, const QString& lesson) {
  std::vector<CardText> cards;
  for (const StudySection& section : studySections(markdown)) {
    if (!isCard(section)) continue;
    cards.push_back({section.id, lesson, section.head["proof"], section.head["source"],
                     section.parts[0], section.parts[1], section.parts[2], section.parts.value(3)});
  }
  return cards;
}

QStringList malformedCardsIn(const QString& markdown) {
  QStringList malformed;
  QSet<QString> ids;
  for (const StudySection& section : studySections(markdown)) {
    if (!isCard(section) || ids.contains(section.id)) malformed.append(section.id);
    ids.insert(section.id);
  }
  return malformed;
}

std::vector<CardText> cardTexts(const QString& lesson, Language language) {
  return cardTextsIn(lessonText(lesson.toStdString(), "cards", language), lesson);
}

CardText textOf(const OwnCard& card) {
  return {card.id,          card.lesson,     {},        {}, card.question, card.answer,
          card.explanation, card.follow_ups, card.plain};
}

QString lineOf(const CardText& card) {
  return card.plain ? card.question.simplified() : plainLine(card.question);
}

std::vector<CardKey> lessonCardKeys() {
  std::vector<CardKey> keys;
  for (const LessonEntry& lesson : lessonList()) {
    const QString id = QString::fromStdString(lesson.id);
    for (const CardText& card : cardTexts(id, Language::English)) keys.push_back({card.id, id});
  }
  return keys;
}

}  // namespace viva
