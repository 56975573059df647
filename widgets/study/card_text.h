// SPDX-License-Identifier: GPL-3.0-or-later
// The words of an interview card.
#pragma once

#include <QString>
#include <vector>

#include "lessons/core/words.h"
#include "widgets/study/study.h"

namespace viva {

/// All but `id`, `lesson` and `proof` is Markdown with formulas, or plain text.
struct CardText {
  QString id, lesson;
  QString proof;   ///< the preset that shows it; empty for an own card
  QString source;  ///< where the facts are from; empty for an own card
  QString question, answer, explanation;
  QString follow_ups{};  ///< what they ask then; may be empty
  bool plain = false;
};

/// The cards of resources/lessons/<lesson>/cards.<language>.md, in the order of the file; those of
/// the English file where there is none in the language. Its parts are question, answer,
/// explanation and, where there is one, what they ask then; any other section is left out.
std::vector<CardText> cardTexts(const QString& lesson, Language language);
/// The same from a text.
std::vector<CardText> cardTextsIn(const QString& markdown, const QString& lesson);
/// The ids of the sections that are left out, and of cards that are there twice.
QStringList malformedCardsIn(const QString& markdown);
CardText textOf(const OwnCard& card);
/// The question in a list: one line, without marks.
QString lineOf(const CardText& card);

/// The ids of all lessons' cards, in teaching order.
std::vector<CardKey> lessonCardKeys();

}  // namespace viva
