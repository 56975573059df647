// SPDX-License-Identifier: GPL-3.0-or-later
// The words of all cards there are, by id.
#pragma once

#include <QHash>

#include "widgets/study/card_text.h"

namespace viva {

class CardLibrary {
 public:
  CardLibrary(Study& study, Language language);

  /// Null where there is no such card any more.
  const CardText* find(const QString& id) const;
  /// The lesson's cards, then the learner's own ones for it.
  std::vector<const CardText*> of(const QString& lesson) const;
  const std::vector<CardText>& all() const { return cards_; }

 private:
  std::vector<CardText> cards_;
  QHash<QString, std::size_t> places_;
};

/// A card as one page: the question and, `revealed`, all that it answers. Markdown.
QString pageOf(const CardText& card, bool revealed, const Words& words);

/// `10 min`, `3 d`, `2.1 months`: how long until a card comes back.
QString intervalText(qint64 seconds, const Words& words);
/// The same for a card: reviews come back on a day, not after so many hours.
QString waitText(const CardMemory& memory, const QDateTime& now, const Words& words);
/// Whether it can be asked now: by the minute while it is learnt, then on its study day.
bool isDue(const CardMemory& memory, const QDateTime& now);

}  // namespace viva
