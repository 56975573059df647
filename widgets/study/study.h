// SPDX-License-Identifier: GPL-3.0-or-later
// What the window knows of a learner. app/study keeps it in one file; tests keep it in memory.
#pragma once

#include <QDate>
#include <QDateTime>
#include <QObject>
#include <QString>
#include <optional>
#include <vector>

#include "lessons/core/message.h"
#include "lessons/core/records.h"
#include "lessons/core/step_times.h"

namespace viva {

/// How well a card was remembered, in FSRS's numbers.
enum class Grade { Again = 1, Hard, Good, Easy };
enum class CardPhase { New, Learning, Review, Relearning };

/// Hours after midnight, local time: who studies late is still at today's cards.
inline constexpr int kStudyDayBegins = 4;

/// The day that a moment belongs to.
inline QDate studyDay(const QDateTime& moment) {
  const QDateTime local = moment.toLocalTime();
  return local.date().addDays(local.time().hour() < kStudyDayBegins ? -1 : 0);
}

/// What FSRS-6 remembers of one card.
struct CardMemory {
  CardPhase phase = CardPhase::New;
  int step = 0;           ///< of the learning or relearning steps
  double stability = 0;   ///< days until the chance of recall is 90 %
  double difficulty = 0;  ///< 1 to 10; 0: new
  QDateTime due, last;    ///< UTC; invalid: never
  int reviews = 0, lapses = 0;
  bool operator==(const CardMemory&) const = default;
};

/// A card there is: its words come from the lesson's texts or, for an own card, from the learner.
struct CardKey {
  QString id, lesson;
  bool operator==(const CardKey&) const = default;
};

struct StudyCard {
  CardKey key;
  bool own = false, suspended = false;
  CardMemory memory;
};

/// Written by the learner: Markdown, with formulas where Viva has them, or plain text, as it comes
/// from other programs.
struct OwnCard {
  QString id, lesson, question, answer, explanation;
  QString follow_ups{};                 ///< what an interviewer asks next; may be empty
  bool plain = false;                   ///< what is shown is what was written, sign by sign
  QString note_type{}, deck{}, tags{};  ///< of the program that it came from, which wants them back
  bool operator==(const OwnCard&) const = default;
};

/// What the schedule aims at.
struct StudyPlan {
  double retention = 0.9;  ///< wanted chance of recall at the moment of review, 0.7 to 0.97
  QDate exam;  ///< invalid: none. No card is put off beyond it, and all are begun before
  int new_a_day = 10;
  int reviews_a_day = 200;
  bool operator==(const StudyPlan&) const = default;
};

/// What is to be done today, in order.
struct StudySession {
  std::vector<StudyCard> cards;
  int due = 0, fresh = 0;  ///< reviews and new cards among them
  int held_back = 0;       ///< due, but beyond the daily limit
  int waiting = 0;         ///< learning cards that come back later today
  QDateTime next;          ///< when the first of those does, UTC; invalid: there is none
};

struct StudyStatistics {
  int cards = 0, begun = 0, mature = 0, suspended = 0;  ///< mature: stability of 21 days or more
  int reviewed_today = 0;
  /// Of the reviews of cards in phase Review in the last 30 days, the fraction that was not Again,
  /// and how many there were. Nothing is said of retention without reviews.
  std::optional<double> retention;
  int retention_of = 0;
  std::vector<int> forecast;  ///< cards that fall due on each of the next 30 days, today first
};

/// What a learner expected of a preset before it ran, and what came out.
struct Prediction {
  QString lesson, experiment, preset;
  QDateTime time;           ///< UTC
  QString expected;         ///< an option's key, a number, or a sketch as JSON
  double confidence = 0.5;  ///< 0 to 1: how sure the learner was of being right
  QString outcome;          ///< what was measured, in the same form
  bool right = false;
};

/// How sure learners are against how often they are right.
struct Calibration {
  struct Bin {
    double confidence = 0;  ///< mean of what was said
    int count = 0, right = 0;
  };
  std::vector<Bin> bins;  ///< of those of 50, 60, ..., 100 % that have predictions
  int count = 0;
  double brier = 0;  ///< mean of (confidence - right)^2: 0 at best, 0.25 for "50 %" always
};

struct LessonProgress {
  QDateTime visited;               ///< last time; invalid: never
  std::vector<QString> played;     ///< presets, each once
  std::vector<QString> predicted;  ///< presets, each once
};

/// A run that was made, newest first.
struct RecentRun {
  qint64 id = 0;
  QString experiment, preset;
  QDateTime time;
  qint64 steps = 0;
  QByteArray file;  ///< the run file, JSON

  // What is known of a run that is kept.
  QString name{}, note{};                            ///< given by the learner
  bool starred = false;                              ///< stays when others have to go
  QString status{};                                  ///< nameOf(RunStatus)
  std::vector<std::pair<QString, double>> finals{};  ///< record -> its last value
  bool has_records = false;                          ///< else a replay gives them again
  qint64 bytes = 0;                                  ///< on disk, with its records
};

/// What a run gave, and how long each step took.
struct KeptRecords {
  Records records;
  StepTimes times;
};

/// Every change is kept when its function returns, also if the program dies then, or `failed` says
/// why not and the window goes on; visits, plays and runs reach the disk a moment later. Reads
/// never fail: what cannot be read is as if it were not there.
class Study : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  /// The cards that the lessons bring, in teaching order. Own cards come after those of their
  /// lesson.
  virtual void setLessonCards(std::vector<CardKey> cards) = 0;

  // Cards. `now` is passed in, so that a test can be any day. Days are study days.
  virtual StudySession session(const QDateTime& now) = 0;
  /// At most so many cards beyond those of the day, for who has not had enough.
  virtual std::vector<StudyCard> moreCards(const QDateTime& now, int most) = 0;
  virtual StudyCard card(const QString& id) = 0;
  virtual std::vector<StudyCard> cardsOf(const QString& lesson) = 0;
  /// What each grade would give: the four states, Again first.
  virtual std::vector<CardMemory> outlook(const QString& id, const QDateTime& now) = 0;
  virtual void review(const QString& id, Grade grade, const QDateTime& now, int milliseconds) = 0;
  /// Takes the last review of this session back; the card's id, or empty when there is none.
  virtual QString undoReview() = 0;
  virtual void setSuspended(const QString& id, bool suspended) = 0;
  virtual StudyPlan plan() = 0;
  virtual void setPlan(const StudyPlan& plan) = 0;
  virtual StudyStatistics statistics(const QDateTime& now) = 0;

  // Own cards. `id` empty: a new one; the id is returned.
  virtual QString saveOwnCard(const OwnCard& card) = 0;
  /// All of them or, when they cannot be kept, none; the latter is said by `failed`.
  virtual bool saveOwnCards(const std::vector<OwnCard>& cards) {
    for (const OwnCard& card : cards)
      if (saveOwnCard(card).isEmpty()) return false;
    return true;
  }
  virtual void removeOwnCard(const QString& id) = 0;
  virtual std::vector<OwnCard> ownCards() = 0;

  // Progress.
  virtual void visited(const QString& lesson, const QDateTime& now) = 0;
  virtual void played(const QString& lesson, const QString& experiment, const QString& preset,
                      const QDateTime& now) = 0;
  virtual void predicted(const Prediction& prediction) = 0;
  virtual LessonProgress progressOf(const QString& lesson) = 0;
  virtual std::vector<Prediction> predictions() = 0;  ///< newest first
  virtual Calibration calibration() = 0;
  virtual QString note(const QString& lesson) = 0;
  virtual void setNote(const QString& lesson, const QString& text) = 0;
  /// The same by somebody who read `before`. What another window has written since is kept too. The
  /// note as it now is; nothing when it could not be kept, which `failed` says.
  virtual std::optional<QString> mergeNote(const QString& lesson, const QString& before,
                                           const QString& text) = 0;

  // Runs. Those without a star go, oldest first, when all of them take more than the limit; what
  // was deleted can be brought back for a day.
  /// `records` as packRecords gives them, or empty. The id that the store gives it; 0: not kept. A
  /// run that is there already, its run file byte for byte, is only newer than before.
  virtual qint64 ran(const RecentRun& run, const QByteArray& records) = 0;
  virtual std::vector<RecentRun> recentRuns() = 0;  ///< the newest 50 of all experiments
  /// Those with a star and the newest, up to 500.
  virtual std::vector<RecentRun> runsOf(const QString& experiment) = 0;
  /// Nothing when they were not kept, or cannot be read.
  virtual std::optional<KeptRecords> recordsOf(qint64 run) = 0;
  /// Name, note and star.
  virtual void describeRun(const RecentRun& run) = 0;
  virtual void setRunsDeleted(const std::vector<qint64>& runs, bool deleted) = 0;
  virtual qint64 bytesOfRuns() = 0;
  /// In bytes; what is too much goes at once.
  virtual void setLimitOfRuns(qint64 bytes) = 0;

  // The file. Throw FileError or RequestError with what was wrong, and leave everything as it was.
  /// Where it is; empty while the learner's data are in memory only.
  virtual QString path() const = 0;
  virtual void exportTo(const QString& path) = 0;
  /// Replaces all by what was exported; what was there is kept beside the file as a backup.
  virtual void importFrom(const QString& path) = 0;
  /// Everything, with what lies beside the file (backups, damaged files); nothing brings it back.
  virtual void erase() = 0;

 Q_SIGNALS:
  void changed();
  void failed(const viva::Message& message);
};

}  // namespace viva
