// SPDX-License-Identifier: GPL-3.0-or-later
// The study in one SQLite file: what the learner did and remembers.
#pragma once

#include <functional>
#include <optional>

#include "app/study/deck.h"
#include "app/study/schedule.h"
#include "app/study/study_file.h"
#include "widgets/study/study.h"

namespace viva {

/// Several stores, in this or other processes, may have the same file; each sees at once what the
/// others changed, but is not told of it by `changed`. To be used in the thread that made it.
class StudyStore : public Study {
  Q_OBJECT

 public:
  /// `path` empty: in memory. What went wrong is in `problems`, and is said by `failed` as soon as
  /// somebody is connected to it and events are handled.
  explicit StudyStore(const QString& path = defaultPath(), QObject* parent = nullptr);
  ~StudyStore() override;

  static constexpr qint64 kUsualLimitOfRuns = 500'000'000;

  /// `study.db` in QStandardPaths::AppDataLocation.
  static QString defaultPath();
  /// What was wrong when the file was opened.
  const std::vector<Message>& problems() const { return opened_.problems; }

  void setLessonCards(std::vector<CardKey> cards) override;
  StudySession session(const QDateTime& now) override;
  std::vector<StudyCard> moreCards(const QDateTime& now, int most) override;
  StudyCard card(const QString& id) override;
  std::vector<StudyCard> cardsOf(const QString& lesson) override;
  std::vector<CardMemory> outlook(const QString& id, const QDateTime& now) override;
  void review(const QString& id, Grade grade, const QDateTime& now, int milliseconds) override;
  QString undoReview() override;
  void setSuspended(const QString& id, bool suspended) override;
  StudyPlan plan() override;
  void setPlan(const StudyPlan& plan) override;
  StudyStatistics statistics(const QDateTime& now) override;

  QString saveOwnCard(const OwnCard& card) override;
  bool saveOwnCards(const std::vector<OwnCard>& cards) override;
  void removeOwnCard(const QString& id) override;
  std::vector<OwnCard> ownCards() override;

  void visited(const QString& lesson, const QDateTime& now) override;
  void played(const QString& lesson, const QString& experiment, const QString& preset,
              const QDateTime& now) override;
  void predicted(const Prediction& prediction) override;
  LessonProgress progressOf(const QString& lesson) override;
  std::vector<Prediction> predictions() override;
  Calibration calibration() override;
  QString note(const QString& lesson) override;
  void setNote(const QString& lesson, const QString& text) override;
  std::optional<QString> mergeNote(const QString& lesson, const QString& before,
                                   const QString& text) override;
  qint64 ran(const RecentRun& run, const QByteArray& records) override;
  std::vector<RecentRun> recentRuns() override;
  std::vector<RecentRun> runsOf(const QString& experiment) override;
  std::optional<KeptRecords> recordsOf(qint64 run) override;
  void describeRun(const RecentRun& run) override;
  void setRunsDeleted(const std::vector<qint64>& runs, bool deleted) override;
  qint64 bytesOfRuns() override;
  void setLimitOfRuns(qint64 bytes) override;

  QString path() const override { return opened_.path; }
  void exportTo(const QString& path) override;
  void importFrom(const QString& path) override;
  void erase() override;

 protected:
  void connectNotify(const QMetaMethod& signal) override;

 private:
  /// Throws DatabaseError when there is none.
  Database& database();
  /// Whether it is the study file, in use or left as it is.
  bool isStudyFile(const QString& path) const;
  enum class Safe {
    Now,  ///< on disk when the function returns: it survives a power cut
    Soon  ///< it survives the end of the program; on disk in a moment, by another thread
  };
  /// `work` in one transaction; then `changed`, or `failed` and false.
  bool change(const std::function<void()>& work, Safe safe = Safe::Now);
  /// Does `work`, as far as it goes: what cannot be read is left out.
  void read(const std::function<void()>& work);
  /// Read anew when another window has changed the file.
  Deck& deck();
  CardMemory memoryOf(const QString& id);
  void setMemory(const QString& id, const CardMemory& memory);
  DoneToday doneOn(const QDate& study_day);
  /// Those that were opened or played, the last one first.
  std::vector<QString> lessonsWorkedOn();
  QString keep(const OwnCard& card);
  void writeNote(const QString& lesson, const QString& text);
  /// Else `failed` has said what is missing.
  bool areComplete(const std::vector<OwnCard>& cards);
  void sayProblems();
  /// Inside a transaction: forgets what was deleted long ago, and what is beyond the limit.
  void forgetRuns();

  QString wanted_path_;
  qint64 limit_of_runs_ = kUsualLimitOfRuns;
  OpenedStudy opened_;
  std::vector<Message> unsaid_;
  std::vector<CardKey> lesson_cards_;
  std::optional<Deck> deck_;
  qint64 deck_version_ = -1;      ///< PRAGMA data_version when the deck was read
  std::vector<qint64> undoable_;  ///< reviews.number of this session's, oldest first
};

}  // namespace viva
