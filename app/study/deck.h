// SPDX-License-Identifier: GPL-3.0-or-later
// The cards there are, with what is remembered of them.
#pragma once

#include <QHash>
#include <vector>

#include "app/study/database.h"
#include "widgets/study/study.h"

namespace viva {

/// The columns of a memory in the tables `cards` and `reviews`, in the order of `valuesOf`.
inline constexpr const char* kMemoryColumns =
    "phase, step, stability, difficulty, due, last, reviews, lapses";
QVariantList valuesOf(const CardMemory& memory);
/// The memory in a row, from column `first` on.
CardMemory memoryIn(const QSqlQuery& row, int first);

QVariant valueOf(const QDateTime& moment);  ///< milliseconds since 1970; NULL when invalid
QDateTime momentOf(const QVariant& value);  ///< UTC

class Deck {
 public:
  /// In teaching order; own cards come after those of their lesson, those of a lesson that is not
  /// there at the end. What is remembered of a card that is no longer there stays out.
  Deck(Database& database, const std::vector<CardKey>& lesson_cards);

  const std::vector<StudyCard>& cards() const { return cards_; }
  /// nullptr when there is no such card.
  StudyCard* find(const QString& id);

 private:
  void add(const CardKey& key, bool own);

  std::vector<StudyCard> cards_;
  QHash<QString, std::size_t> places_;
};

}  // namespace viva
