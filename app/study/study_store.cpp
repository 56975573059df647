// SPDX-License-Identifier: GPL-3.0-or-later
// Cards: what is remembered, reviews and the plan.
#include "app/study/study_store.h"

#include <QDir>
#include <QMetaMethod>
#include <QStandardPaths>
#include <QUuid>
#include <algorithm>
#include <utility>

#include "app/study/card_exchange.h"

namespace viva {
namespace {

constexpr int kRetentionDays = 30;
/// Of the table `own_cards`, beside the id.
constexpr const char* kOwnColumns =
    "lesson, question, answer, explanation, follow_ups, plain, note_type, deck, tags";

/// A moment that must be: now, for one that is not valid.
QDateTime certain(const QDateTime& moment) {
  return moment.isValid() ? moment : QDateTime::currentDateTimeUtc();
}

}  // namespace

StudyStore::StudyStore(const QString& path, QObject* parent)
    : Study(parent), wanted_path_(path), opened_(openStudy(path)), unsaid_(opened_.problems) {}

StudyStore::~StudyStore() = default;

Database& StudyStore::database() {
  if (!opened_.database) throw DatabaseError(0, "no SQLite driver");
  return *opened_.database;
}

QString StudyStore::defaultPath() {
  return QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation))
      .filePath("study.db");
}

void StudyStore::connectNotify(const QMetaMethod& signal) {
  if (signal == QMetaMethod::fromSignal(&Study::failed) && !unsaid_.empty())
    QMetaObject::invokeMethod(
        this, [this] { sayProblems(); }, Qt::QueuedConnection);
}

void StudyStore::sayProblems() {
  for (const Message& message : std::exchange(unsaid_, {})) Q_EMIT failed(message);
}

bool StudyStore::change(const std::function<void()>& work, Safe safe) {
  const auto inTransaction = [&] {
    Transaction transaction(database());
    work();
    transaction.commit();
  };
  try {
    if (safe == Safe::Now) {
      inTransaction();
    } else {
      const WithoutSync faster(database());
      inTransaction();
      syncSoon(opened_.path);
    }
  } catch (const DatabaseError& error) {
    deck_.reset();
    Q_EMIT failed({"study.not_kept", {{"reason", error.reason()}}});
    return false;
  }
  Q_EMIT changed();
  return true;
}

void StudyStore::read(const std::function<void()>& work) {
  try {
    work();
  } catch (const DatabaseError&) {
    // Study promises that reads never fail.
  }
}

Deck& StudyStore::deck() {
  const qint64 version = database().value("PRAGMA data_version").toLongLong();
  if (!deck_ || version != deck_version_) {
    deck_.reset();
    deck_.emplace(database(), lesson_cards_);
    deck_version_ = version;
  }
  return *deck_;
}

CardMemory StudyStore::memoryOf(const QString& id) {
  QSqlQuery row =
      database().run(QString("SELECT %1 FROM cards WHERE id = ?").arg(kMemoryColumns), {id});
  return row.next() ? memoryIn(row, 0) : CardMemory{};
}

void StudyStore::setMemory(const QString& id, const CardMemory& memory) {
  static const QString sql =
      QString(
          "INSERT INTO cards (id, %1) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (id) DO UPDATE SET (%1) = (excluded.phase, excluded.step, "
          "excluded.stability, excluded.difficulty, excluded.due, excluded.last, "
          "excluded.reviews, excluded.lapses)")
          .arg(kMemoryColumns);
  database().run(sql, QVariantList{id} + valuesOf(memory));
  if (StudyCard* card = deck_ ? deck_->find(id) : nullptr) card->memory = memory;
}

void StudyStore::setLessonCards(std::vector<CardKey> cards) {
  lesson_cards_ = std::move(cards);
  deck_.reset();
}

DoneToday StudyStore::doneOn(const QDate& study_day) {
  DoneToday done;
  QSqlQuery row = database().run(
      "SELECT phase, count(*) FROM reviews WHERE time >= ? AND time < ? GROUP BY phase",
      {valueOf(beginningOf(study_day)), valueOf(beginningOf(study_day.addDays(1)))});
  while (row.next()) {
    const auto phase = static_cast<CardPhase>(row.value(0).toInt());
    if (phase == CardPhase::New) done.begun = row.value(1).toInt();
    if (phase == CardPhase::Review) done.reviewed = row.value(1).toInt();
  }
  return done;
}

StudySession StudyStore::session(const QDateTime& now) {
  StudySession session;
  read([&] {
    session = sessionOf(deck().cards(), plan(), doneOn(studyDay(now)), now, lessonsWorkedOn());
  });
  return session;
}

std::vector<StudyCard> StudyStore::moreCards(const QDateTime& now, int most) {
  std::vector<StudyCard> cards;
  read([&] { cards = moreOf(deck().cards(), plan(), now, lessonsWorkedOn(), most); });
  return cards;
}

StudyCard StudyStore::card(const QString& id) {
  StudyCard card{{id, {}}, false, false, {}};
  read([&] {
    if (const StudyCard* found = deck().find(id))
      card = *found;
    else
      card.memory = memoryOf(id);
  });
  return card;
}

std::vector<StudyCard> StudyStore::cardsOf(const QString& lesson) {
  std::vector<StudyCard> cards;
  read([&] {
    const std::vector<StudyCard>& all = deck().cards();
    std::copy_if(all.begin(), all.end(), std::back_inserter(cards),
                 [&](const StudyCard& card) { return card.key.lesson == lesson; });
  });
  return cards;
}

std::vector<CardMemory> StudyStore::outlook(const QString& id, const QDateTime& now) {
  CardMemory memory;
  read([&] { memory = memoryOf(id); });
  return outlookOf(memory, certain(now), plan());
}

void StudyStore::review(const QString& id, Grade grade, const QDateTime& now, int milliseconds) {
  const QDateTime moment = certain(now);
  const StudyPlan aim = plan();
  qint64 number = 0;
  const bool kept = change([&] {
    const CardMemory before = memoryOf(id);
    setMemory(id, outlookOf(before, moment, aim).at(static_cast<std::size_t>(grade) - 1));
    static const QString sql = QString(
                                   "INSERT INTO reviews (card, time, grade, milliseconds, %1) "
                                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                                   .arg(kMemoryColumns);
    const QVariantList review = {id, valueOf(moment), static_cast<int>(grade),
                                 std::max(milliseconds, 0)};
    number = database().run(sql, review + valuesOf(before)).lastInsertId().toLongLong();
  });
  if (kept) undoable_.push_back(number);
}

QString StudyStore::undoReview() {
  while (!undoable_.empty()) {
    const qint64 number = undoable_.back();
    QString id;
    const bool done = change([&] {
      // Another window may have reviewed the card since; then this review is no longer its last.
      QSqlQuery row = database().run(
          QString("SELECT card, %1 FROM reviews AS one WHERE number = ? AND NOT EXISTS "
                  "(SELECT 1 FROM reviews WHERE card = one.card AND number > one.number)")
              .arg(kMemoryColumns),
          {number});
      if (!row.next()) return;
      const QString card = row.value(0).toString();
      const CardMemory before = memoryIn(row, 1);
      row.finish();
      setMemory(card, before);
      database().run("DELETE FROM reviews WHERE number = ?", {number});
      id = card;
    });
    if (!done) return {};
    undoable_.pop_back();
    if (!id.isEmpty()) return id;
  }
  return {};
}

void StudyStore::setSuspended(const QString& id, bool suspended) {
  change([&] {
    database().run(QString("INSERT INTO cards (id, suspended, %1) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
                           "?, ?) ON CONFLICT (id) DO UPDATE SET suspended = excluded.suspended")
                       .arg(kMemoryColumns),
                   QVariantList{id, suspended ? 1 : 0} + valuesOf({}));
    if (StudyCard* card = deck_ ? deck_->find(id) : nullptr) card->suspended = suspended;
  });
}

StudyPlan StudyStore::plan() {
  StudyPlan plan;
  read([&] {
    QSqlQuery row = database().run("SELECT name, value FROM plan");
    while (row.next()) {
      const QString name = row.value(0).toString(), value = row.value(1).toString();
      if (name == "retention") plan.retention = value.toDouble();
      if (name == "exam") plan.exam = QDate::fromString(value, Qt::ISODate);
      if (name == "new_a_day") plan.new_a_day = value.toInt();
      if (name == "reviews_a_day") plan.reviews_a_day = value.toInt();
    }
  });
  return inRange(plan);
}

void StudyStore::setPlan(const StudyPlan& plan) {
  const StudyPlan kept = inRange(plan);
  change([&] {
    const auto set = [&](const QString& name, const QString& value) {
      database().run("INSERT OR REPLACE INTO plan (name, value) VALUES (?, ?)", {name, value});
    };
    set("retention", QString::number(kept.retention, 'g', 17));
    set("exam", kept.exam.toString(Qt::ISODate));
    set("new_a_day", QString::number(kept.new_a_day));
    set("reviews_a_day", QString::number(kept.reviews_a_day));
  });
}

StudyStatistics StudyStore::statistics(const QDateTime& now) {
  StudyStatistics statistics = statisticsOf({}, {}, now);
  read([&] { statistics = statisticsOf(deck().cards(), plan(), now); });
  const QDate today = studyDay(now);
  const QVariant tomorrow = valueOf(beginningOf(today.addDays(1)));
  read([&] {
    statistics.reviewed_today =
        database()
            .value("SELECT count(*) FROM reviews WHERE time >= ? AND time < ?",
                   {valueOf(beginningOf(today)), tomorrow})
            .toInt();
    QSqlQuery row = database().run(
        "SELECT count(*), coalesce(sum(grade > 1), 0) FROM reviews "
        "WHERE time >= ? AND time < ? AND phase = 2",
        {valueOf(beginningOf(today.addDays(1 - kRetentionDays))), tomorrow});
    if (!row.next() || row.value(0).toInt() == 0) return;
    statistics.retention_of = row.value(0).toInt();
    statistics.retention = row.value(1).toDouble() / statistics.retention_of;
  });
  return statistics;
}

QString StudyStore::keep(const OwnCard& card) {
  const QString id =
      card.id.isEmpty() ? "own-" + QUuid::createUuid().toString(QUuid::WithoutBraces) : card.id;
  static const QString sql =
      QString(
          "INSERT INTO own_cards (id, %1) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (id) DO UPDATE SET (%1) = (excluded.lesson, excluded.question, "
          "excluded.answer, excluded.explanation, excluded.follow_ups, excluded.plain, "
          "excluded.note_type, excluded.deck, excluded.tags)")
          .arg(kOwnColumns);
  database().run(sql, {id, card.lesson, card.question, card.answer, card.explanation,
                       card.follow_ups, card.plain ? 1 : 0, card.note_type, card.deck, card.tags});
  deck_.reset();
  return id;
}

bool StudyStore::areComplete(const std::vector<OwnCard>& cards) {
  for (const OwnCard& card : cards)
    if (const auto problem = problemOf(card)) {
      Q_EMIT failed(*problem);
      return false;
    }
  return true;
}

QString StudyStore::saveOwnCard(const OwnCard& card) {
  QString id;
  return areComplete({card}) && change([&] { id = keep(card); }) ? id : QString();
}

bool StudyStore::saveOwnCards(const std::vector<OwnCard>& cards) {
  return areComplete(cards) && change([&] {
           for (const OwnCard& card : cards) keep(card);
         });
}

void StudyStore::removeOwnCard(const QString& id) {
  change([&] {
    // What was remembered stays: the card may come back with an import.
    database().run("DELETE FROM own_cards WHERE id = ?", {id});
    deck_.reset();
  });
}

std::vector<OwnCard> StudyStore::ownCards() {
  std::vector<OwnCard> cards;
  read([&] {
    QSqlQuery row =
        database().run(QString("SELECT id, %1 FROM own_cards ORDER BY number").arg(kOwnColumns));
    const auto text = [&](int column) { return row.value(column).toString(); };
    while (row.next())
      cards.push_back({text(0), text(1), text(2), text(3), text(4), text(5), row.value(6).toBool(),
                       text(7), text(8), text(9)});
  });
  return cards;
}

}  // namespace viva
