// SPDX-License-Identifier: GPL-3.0-or-later
// What is to be done when, worked out by hand.
#include "app/study/schedule.h"

#include <ctime>
#include <set>

#include "app/study/calibration.h"
#include "app/study/fsrs.h"
#include "tests/app/study/study_fixture.h"

using namespace viva;
using namespace viva::study_test;

namespace {

StudyCard fresh(const QString& id) { return {{id, "a"}, false, false, {}}; }

StudyCard inPhase(const QString& id, CardPhase phase, const QDateTime& due, double stability = 10) {
  return {{id, "a"}, false, false, {phase, 0, stability, 5, due, due.addDays(-10), 3, 0}};
}

std::vector<StudyCard> manyNew(int count) {
  std::vector<StudyCard> cards;
  for (int number = 0; number < count; ++number) cards.push_back(fresh(QString::number(number)));
  return cards;
}

StudyPlan withExam(const QDate& exam) {
  StudyPlan plan;
  plan.exam = exam;
  return plan;
}

/// The clocks of a place, until it goes.
class ClocksOf {
 public:
  explicit ClocksOf(const QByteArray& zone)
      : before_(qgetenv("TZ")), was_set_(qEnvironmentVariableIsSet("TZ")) {
    qputenv("TZ", zone);
    tzset();
  }
  ~ClocksOf() {
    was_set_ ? qputenv("TZ", before_) : qunsetenv("TZ");
    tzset();
  }
  ClocksOf(const ClocksOf&) = delete;
  ClocksOf& operator=(const ClocksOf&) = delete;

 private:
  QByteArray before_;
  bool was_set_;
};

QDate localDate(const QDateTime& moment) { return moment.toLocalTime().date(); }

}  // namespace

class ScheduleTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aDayBeginsAtFourInTheMorning() {
    QCOMPARE(studyDay(day(0, 3, 59)), studyDay(day(-1)));
    QCOMPARE(studyDay(day(0, 4)), studyDay(day(0)));
    QCOMPARE(studyDay(day(1, 0)), studyDay(day(0)));
    QCOMPARE(beginningOf(studyDay(day(0))), day(0, 4));
  }

  void daysOfMemoryAreStudyDaysNotHours() {
    CardMemory memory = inPhase("x", CardPhase::Review, day(0)).memory;
    memory.last = day(0, 23);
    const fsrs::State state{fsrs::Phase::Review, 0, memory.stability, memory.difficulty};
    // Two hours later, past midnight: the same evening. Nine hours later: the next day.
    QCOMPARE(outlookOf(memory, day(1, 1), {}).at(2).stability,
             fsrs::next(state, 0)[2].state.stability);
    QCOMPARE(outlookOf(memory, day(1, 8), {}).at(2).stability,
             fsrs::next(state, 1)[2].state.stability);
  }

  void aCardComesBackOnItsStudyDayWhateverTheClocksDo_data() {
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QDate>("date");
    QTest::addColumn<QTime>("time");
    const auto row = [](const char* zone, QDate date, QTime time) {
      QTest::addRow("%s %s", zone, qPrintable(time.toString())) << QByteArray(zone) << date << time;
    };
    const QDate autumn(2026, 10, 24), spring(2026, 3, 27);
    for (const QTime time : {QTime(4, 0), QTime(4, 10), QTime(12, 0), QTime(23, 59)}) {
      row("Europe/Berlin", autumn, time);
      row("Europe/Berlin", spring, time);
    }
    // After midnight it is still the day before; half past two does not exist on 29 March.
    for (const QTime time : {QTime(0, 30), QTime(2, 30), QTime(3, 10), QTime(3, 59)}) {
      row("Europe/Berlin", autumn, time);
      row("Europe/Berlin", spring, time);
    }
    row("America/New_York", QDate(2026, 10, 30), QTime(4, 5));
    row("Australia/Lord_Howe", QDate(2026, 4, 3), QTime(4, 20));
    row("Asia/Shanghai", autumn, QTime(4, 10));
    row("UTC", autumn, QTime(4, 10));
  }
  void aCardComesBackOnItsStudyDayWhateverTheClocksDo() {
    QFETCH(QByteArray, zone);
    QFETCH(QDate, date);
    QFETCH(QTime, time);
    const ClocksOf clocks(zone);
    const QDateTime now = QDateTime(date, time).toUTC();
    std::set<qint64> seen;
    for (double stability = 0.1; stability < 8; stability *= 1.15) {
      CardMemory memory = inPhase("x", CardPhase::Review, now, stability).memory;
      memory.last = now.addDays(-1);
      const fsrs::State state{fsrs::Phase::Review, 0, memory.stability, memory.difficulty};
      const auto days_away = studyDay(memory.last).daysTo(studyDay(now));
      const auto expected = fsrs::next(state, static_cast<int>(days_away));
      const auto outlook = outlookOf(memory, now, {});
      for (std::size_t grade = 1; grade < outlook.size(); ++grade) {
        const qint64 days = expected[grade].seconds / (24 * 60 * 60);
        seen.insert(days);
        QCOMPARE(studyDay(now).daysTo(studyDay(outlook[grade].due)), days);
        // Asked on that day, and not on the one before.
        StudyCard card = inPhase("x", CardPhase::Review, outlook[grade].due);
        const QDate day = studyDay(now).addDays(days);
        QCOMPARE(sessionOf({card}, {}, {}, beginningOf(day)).due, 1);
        QCOMPARE(sessionOf({card}, {}, {}, beginningOf(day).addSecs(-1)).due, 0);
      }
    }
    for (const qint64 days : {2, 3, 4, 7}) QVERIFY(seen.count(days) == 1);
  }

  void anExamIsKeptAlsoWhereTheClocksLeaveAnHourOut() {
    const ClocksOf clocks("Europe/Berlin");
    const QDateTime now = QDateTime(QDate(2026, 3, 25), QTime(2, 30)).toUTC();
    const CardMemory memory = inPhase("x", CardPhase::Review, now, 1000).memory;
    const QDate exam(2026, 3, 30);
    for (const CardMemory& after : outlookOf(memory, now, withExam(exam))) {
      QVERIFY(after.due.isValid());
      QVERIFY(after.due > now);
      QVERIFY(localDate(after.due) < exam);
    }
  }

  void theOutlookOfANewCardIsThatOfFsrs() {
    const auto outlook = outlookOf({}, day(0), {});
    QCOMPARE(outlook.size(), std::size_t{4});
    QCOMPARE(outlook[0].due, day(0).addSecs(60));
    QCOMPARE(outlook[1].due, day(0).addSecs(6 * 60));
    QCOMPARE(outlook[2].due, day(0).addSecs(10 * 60));
    QCOMPARE(outlook[3].due, day(0).addDays(8));
    QCOMPARE(outlook[3].stability, 8.2956);
    for (const CardMemory& memory : outlook) {
      QCOMPARE(memory.reviews, 1);
      QCOMPARE(memory.last, day(0));
    }
  }

  void forgettingCountsAsALapse() {
    const CardMemory memory = inPhase("x", CardPhase::Review, day(0)).memory;
    const auto outlook = outlookOf(memory, day(0), {});
    QCOMPARE(outlook[0].lapses, 1);
    QCOMPARE(outlook[0].phase, CardPhase::Relearning);
    QCOMPARE(outlook[2].lapses, 0);
  }

  void learningComesFirstThenReviewsByDueTimeThenNewCards() {
    const std::vector<StudyCard> cards = {
        fresh("new-1"),
        inPhase("review-late", CardPhase::Review, day(0, 20)),
        inPhase("learning-late", CardPhase::Learning, day(0, 11, 55)),
        inPhase("review-early", CardPhase::Review, day(-3)),
        inPhase("relearning-early", CardPhase::Relearning, day(0, 11)),
        inPhase("learning-not-yet", CardPhase::Learning, day(0, 12, 5)),
        inPhase("review-tomorrow", CardPhase::Review, day(1)),
        fresh("new-2")};
    const StudySession session = sessionOf(cards, {}, {}, day(0));
    QCOMPARE(idsOf(session.cards), (QStringList{"relearning-early", "learning-late", "review-early",
                                                "review-late", "new-1", "new-2"}));
    QCOMPARE(session.due, 4);
    QCOMPARE(session.fresh, 2);
    QCOMPARE(session.held_back, 0);
    QCOMPARE(session.waiting, 1);
    QCOMPARE(session.next, day(0, 12, 5));
  }

  void newCardsComeInTurnFromTheLessonsThatOneWorksOn() {
    std::vector<StudyCard> cards;
    for (const char* lesson : {"a", "b", "c"})
      for (int number = 0; number < 4; ++number)
        cards.push_back({{QString("%1-%2").arg(lesson).arg(number), lesson}, false, false, {}});
    cards[4].memory = inPhase("b-0", CardPhase::Review, day(5)).memory;
    StudyPlan plan;
    plan.new_a_day = 6;
    const auto ids = [&](const std::vector<QString>& lessons) {
      return idsOf(sessionOf(cards, plan, {}, day(0), lessons).cards);
    };
    QCOMPARE(ids({"c", "b"}), (QStringList{"c-0", "b-1", "c-1", "b-2", "c-2", "b-3"}));
    QCOMPARE(ids({"b"}), (QStringList{"b-1", "b-2", "b-3", "a-0", "a-1", "a-2"}));
    QCOMPARE(ids({}), (QStringList{"a-0", "a-1", "a-2", "a-3", "b-1", "b-2"}));
    QCOMPARE(ids({"of another version"}), ids({}));
  }

  void whoHasNotHadEnoughGetsWhatIsDueThenNewCardsThenTheSoonest() {
    std::vector<StudyCard> cards = {fresh("new"), inPhase("later", CardPhase::Review, day(9)),
                                    inPhase("sooner", CardPhase::Review, day(2)),
                                    inPhase("due", CardPhase::Review, day(-1)), fresh("aside")};
    cards.back().suspended = true;
    StudyPlan plan;
    plan.new_a_day = plan.reviews_a_day = 0;
    QVERIFY(sessionOf(cards, plan, {}, day(0)).cards.empty());
    QCOMPARE(idsOf(moreOf(cards, plan, day(0), {}, 10)),
             (QStringList{"due", "new", "sooner", "later"}));
    QCOMPARE(idsOf(moreOf(cards, plan, day(0), {}, 3)), (QStringList{"due", "new", "sooner"}));
  }

  void suspendedCardsAreLeftOut() {
    std::vector<StudyCard> cards = {fresh("new"), inPhase("due", CardPhase::Review, day(-1)),
                                    inPhase("learning", CardPhase::Learning, day(-1))};
    for (StudyCard& card : cards) card.suspended = true;
    QVERIFY(sessionOf(cards, {}, {}, day(0)).cards.empty());
    const StudyStatistics statistics = statisticsOf(cards, {}, day(0));
    QCOMPARE(statistics.suspended, 3);
    QCOMPARE(statistics.forecast, std::vector<int>(30, 0));
  }

  void theLimitsOfADayCountWhatWasDone() {
    std::vector<StudyCard> cards = manyNew(30);
    for (int number = 0; number < 20; ++number)
      cards.push_back(inPhase(QString("r%1").arg(number), CardPhase::Review, day(-1)));
    StudyPlan plan;
    plan.new_a_day = 7;
    plan.reviews_a_day = 12;
    StudySession session = sessionOf(cards, plan, {}, day(0));
    QCOMPARE(session.fresh, 7);
    QCOMPARE(session.due, 12);
    QCOMPARE(session.held_back, 8);
    session = sessionOf(cards, plan, {3, 10}, day(0));
    QCOMPARE(session.fresh, 4);
    QCOMPARE(session.due, 2);
    QCOMPARE(session.held_back, 18);
    session = sessionOf(cards, plan, {9, 15}, day(0));
    QCOMPARE(session.fresh, 0);
    QCOMPARE(session.due, 0);
  }

  void learningCardsAreNotHeldBack() {
    StudyPlan plan;
    plan.reviews_a_day = 0;
    const std::vector<StudyCard> cards = {inPhase("x", CardPhase::Learning, day(-1))};
    QCOMPARE(sessionOf(cards, plan, {}, day(0)).due, 1);
  }

  void noIntervalReachesBeyondTheExam() {
    const QDate exam = localDate(day(9));
    for (int today = 0; today < 9; ++today)
      for (const double stability : {1.0, 30.0, 5000.0}) {
        CardMemory memory = inPhase("x", CardPhase::Review, day(today), stability).memory;
        const auto free = outlookOf(memory, day(today), {});
        const auto held = outlookOf(memory, day(today), withExam(exam));
        for (std::size_t grade = 0; grade < held.size(); ++grade) {
          QVERIFY(localDate(held[grade].due) <= exam);
          QVERIFY(held[grade].due > day(today));
          QVERIFY(held[grade].due <= free[grade].due);
          QCOMPARE(held[grade].stability, free[grade].stability);
        }
      }
  }

  void afterTheExamIntervalsAreFree() {
    const CardMemory memory = inPhase("x", CardPhase::Review, day(0), 100).memory;
    for (const int exam : {0, -1, -300})
      QCOMPARE(outlookOf(memory, day(0), withExam(localDate(day(exam)))),
               outlookOf(memory, day(0), {}));
  }

  void cardsPutOffBeyondALaterSetExamAreSeenInTheWeekBeforeIt() {
    std::vector<StudyCard> cards;
    for (int number = 0; number < 14; ++number)
      cards.push_back(inPhase(QString::number(number), CardPhase::Review, day(400), 500));
    const StudyPlan plan = withExam(localDate(day(20)));
    const StudyStatistics statistics = statisticsOf(cards, plan, day(0));
    for (int ahead = 0; ahead < 30; ++ahead)
      QCOMPARE(statistics.forecast[static_cast<std::size_t>(ahead)],
               ahead >= 13 && ahead < 20 ? 2 : 0);
    QCOMPARE(sessionOf(cards, plan, {}, day(12)).due, 0);
    QCOMPARE(sessionOf(cards, plan, {}, day(13)).due, 2);
    QCOMPARE(sessionOf(cards, plan, {}, day(19)).due, 14);
    // A card that is seen on one of those days does not come back on the same day.
    cards[0].memory = outlookOf(cards[0].memory, day(19), plan).at(2);
    QCOMPARE(sessionOf(cards, plan, {}, day(19, 13)).due, 13);
  }

  void newCardsAreRaisedSoThatAllAreBegunThreeDaysBeforeTheExam() {
    const StudyPlan plan = withExam(localDate(day(12)));
    // Days 0 to 9 are there to begin 205 cards.
    QCOMPARE(newCardsToday(plan, 205, {}, studyDay(day(0))), 21);
    QCOMPARE(newCardsToday(plan, 200, {5, 0}, studyDay(day(0))), 16);
    QCOMPARE(newCardsToday(plan, 184, {21, 0}, studyDay(day(0))), 0);
    QCOMPARE(newCardsToday(plan, 20, {}, studyDay(day(0))), 10);
    // As the days go by, none is left after the ninth.
    int left = 205;
    for (int today = 0; today <= 9; ++today) {
      const int begun = newCardsToday(plan, left, {}, studyDay(day(today)));
      left -= begun;
    }
    QCOMPARE(left, 0);
    // Too late for that: all of them now.
    QCOMPARE(newCardsToday(plan, 40, {}, studyDay(day(11))), 40);
    QCOMPARE(newCardsToday(plan, 40, {}, studyDay(day(12))), 10);
    QCOMPARE(newCardsToday({}, 40, {}, studyDay(day(0))), 10);
  }

  void theForecastCountsEachCardOnItsDay() {
    const std::vector<StudyCard> cards = {inPhase("overdue", CardPhase::Review, day(-9)),
                                          inPhase("today", CardPhase::Review, day(0, 23)),
                                          inPhase("after midnight", CardPhase::Review, day(1, 2)),
                                          inPhase("tomorrow", CardPhase::Review, day(1, 4)),
                                          inPhase("learning", CardPhase::Learning, day(0, 12, 10)),
                                          inPhase("last", CardPhase::Review, day(29)),
                                          inPhase("beyond", CardPhase::Review, day(30)),
                                          fresh("new")};
    const StudyStatistics statistics = statisticsOf(cards, {}, day(0));
    std::vector<int> expected(30, 0);
    expected[0] = 4;
    expected[1] = 1;
    expected[29] = 1;
    QCOMPARE(statistics.forecast, expected);
    QCOMPARE(statistics.cards, 8);
    QCOMPARE(statistics.begun, 7);
  }

  void matureMeansAStabilityOf21Days() {
    const std::vector<StudyCard> cards = {inPhase("1", CardPhase::Review, day(0), 20.9),
                                          inPhase("2", CardPhase::Review, day(0), 21),
                                          inPhase("3", CardPhase::Review, day(0), 400)};
    QCOMPARE(statisticsOf(cards, {}, day(0)).mature, 2);
  }

  void calibrationComparesWhatWasSaidWithWhatCame() {
    const auto said = [](double confidence, bool right) {
      Prediction prediction;
      prediction.confidence = confidence;
      prediction.right = right;
      return prediction;
    };
    const Calibration calibration =
        calibrationOf({said(0.5, true), said(0.5, false), said(0.9, true), said(0.88, false),
                       said(1, true), said(0.25, false)});
    QCOMPARE(calibration.count, 6);
    QCOMPARE(calibration.bins.size(), std::size_t{3});
    QCOMPARE(calibration.bins[0].count, 3);
    QCOMPARE(calibration.bins[0].right, 1);
    QCOMPARE(calibration.bins[0].confidence, 1.25 / 3);
    QCOMPARE(calibration.bins[1].confidence, 0.89);
    QCOMPARE(calibration.bins[1].right, 1);
    QCOMPARE(calibration.bins[2].confidence, 1.0);
    QVERIFY(std::abs(calibration.brier - (0.25 + 0.25 + 0.01 + 0.88 * 0.88 + 0 + 0.0625) / 6) <
            1e-12);
    QCOMPARE(calibrationOf({}).count, 0);
    QCOMPARE(calibrationOf({}).brier, 0.0);
  }

  void aPlanIsKeptInRange() {
    StudyPlan plan;
    plan.retention = std::nan("");
    plan.new_a_day = -5;
    QCOMPARE(inRange(plan).retention, 0.9);
    QCOMPARE(inRange(plan).new_a_day, 0);
    plan.retention = 2;
    QCOMPARE(inRange(plan).retention, 0.97);
  }
};

QTEST_GUILESS_MAIN(ScheduleTest)
#include "schedule_test.moc"
