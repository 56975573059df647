// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/deck.h"

namespace viva {

QVariant valueOf(const QDateTime& moment) {
  return moment.isValid() ? QVariant(moment.toMSecsSinceEpoch()) : QVariant();
}

QDateTime momentOf(const QVariant& value) {
  return value.isNull() ? QDateTime() : QDateTime::fromMSecsSinceEpoch(value.toLongLong()).toUTC();
}

QVariantList valuesOf(const CardMemory& memory) {
  return {static_cast<int>(memory.phase),
          memory.step,
          memory.stability,
          memory.difficulty,
          valueOf(memory.due),
          valueOf(memory.last),
          memory.reviews,
          memory.lapses};
}

CardMemory memoryIn(const QSqlQuery& row, int first) {
  CardMemory memory;
  memory.phase = static_cast<CardPhase>(row.value(first).toInt());
  memory.step = row.value(first + 1).toInt();
  memory.stability = row.value(first + 2).toDouble();
  memory.difficulty = row.value(first + 3).toDouble();
  memory.due = momentOf(row.value(first + 4));
  memory.last = momentOf(row.value(first + 5));
  memory.reviews = row.value(first + 6).toInt();
  memory.lapses = row.value(first + 7).toInt();
  return memory;
}

Deck::Deck(Database& database, const std::vector<CardKey>& lesson_cards) {
  QSet<QString> taken;
  taken.reserve(static_cast<qsizetype>(lesson_cards.size()));
  for (const CardKey& key : lesson_cards) taken.insert(key.id);
  std::vector<CardKey> own;
  for (QSqlQuery row = database.run("SELECT id, lesson FROM own_cards ORDER BY number");
       row.next();)
    if (const QString id = row.value(0).toString(); !taken.contains(id))
      own.push_back({id, row.value(1).toString()});

  QHash<QString, std::vector<CardKey>> own_of;
  for (const CardKey& key : own) own_of[key.lesson].push_back(key);
  cards_.reserve(lesson_cards.size() + own.size());
  places_.reserve(static_cast<qsizetype>(lesson_cards.size() + own.size()));
  for (std::size_t place = 0; place < lesson_cards.size(); ++place) {
    const QString& lesson = lesson_cards[place].lesson;
    add(lesson_cards[place], false);
    if (place + 1 == lesson_cards.size() || lesson_cards[place + 1].lesson != lesson)
      for (const CardKey& key : own_of.take(lesson)) add(key, true);
  }
  for (const CardKey& key : own)
    if (!places_.contains(key.id)) add(key, true);

  for (QSqlQuery row =
           database.run(QString("SELECT id, suspended, %1 FROM cards").arg(kMemoryColumns));
       row.next();)
    if (StudyCard* card = find(row.value(0).toString())) {
      card->suspended = row.value(1).toBool();
      card->memory = memoryIn(row, 2);
    }
}

void Deck::add(const CardKey& key, bool own) {
  if (places_.contains(key.id)) return;
  places_.insert(key.id, cards_.size());
  cards_.push_back({key, own, false, {}});
}

StudyCard* Deck::find(const QString& id) {
  const auto place = places_.constFind(id);
  return place == places_.cend() ? nullptr : &cards_[*place];
}

}  // namespace viva
