// SPDX-License-Identifier: GPL-3.0-or-later
// Own cards to and from text files that Anki and spreadsheets read and write. A cell such as `=1+1`
// is text, and stays text.
#pragma once

#include <QByteArray>
#include <QString>
#include <optional>
#include <vector>

#include "lessons/core/error.h"
#include "widgets/study/study.h"

namespace viva {

/// What is wrong with a card, if anything: no question, no answer, or a text that is too long.
std::optional<Message> problemOf(const OwnCard& card);

/// All cards of a file, in its order; those without an id have an empty one. The columns are named
/// by `#columns:` or the first row (question or front, answer or back, explanation, lesson, id;
/// follow_ups, format, notetype, deck, tags) or, without names, come in that order up to the id.
/// The texts are plain, but for the cards whose `format` is `markdown`. Of HTML, as Anki's
/// `#html:true` announces it, the text is kept; <br> is a new line also in a file that says nothing
/// of HTML. Throws RequestError, which names the line, when anything is wrong with any card. Notes
/// of other programs that are no cards, as a gap to be filled without a back, are left out, and
/// `left_out` has why; it throws where no note is one.
std::vector<OwnCard> cardsFromText(const QByteArray& file,
                                   std::vector<Message>* left_out = nullptr);

/// The cards as cardsFromText gives them back exactly, and as Anki imports them: with the ids, note
/// types, decks and tags that its notes had.
QByteArray textOfCards(const std::vector<OwnCard>& cards, QChar separator = '\t');

/// The same from and to a file; the latter is written whole or not at all, with commas when its
/// name ends in .csv and tabs otherwise. Throw FileError too.
std::vector<OwnCard> readCards(const QString& path, std::vector<Message>* left_out = nullptr);
void writeCards(const QString& path, const std::vector<OwnCard>& cards);

}  // namespace viva
