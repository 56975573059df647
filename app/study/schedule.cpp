// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/study/schedule.h"

#include <algorithm>
#include <cmath>

#include "app/study/fsrs.h"

namespace viva {
namespace {

constexpr std::int64_t kSecondsADay = 24 * 60 * 60;  // of FSRS, which knows no clocks
constexpr double kMatureDays = 21;
constexpr int kForecastDays = 30;
/// New cards are begun this many days before the exam, so that each is seen again.
constexpr int kBegunBefore = 3;
/// Cards that would come back after the exam are looked at in the last days before it, a few a day.
constexpr int kLastLookDays = 7;
constexpr int kMostCardsADay = 9999;

/// Whether the exam is still to come.
bool isAhead(const QDate& exam, const QDateTime& now) {
  return exam.isValid() && now.toLocalTime().date() < exam;
}

QDateTime notBeyond(const QDate& exam, const QDateTime& due, const QDateTime& now) {
  if (!isAhead(exam, now)) return due;
  const QDateTime local = now.toLocalTime();
  const bool eve = local.date().addDays(1) == exam;
  const QDate latest = eve ? exam : exam.addDays(-1);
  if (due.toLocalTime().date() <= latest) return due;
  const QDateTime last(latest, local.time());
  return last.isValid() ? last.toUTC() : beginningOf(latest);  // a time that the clocks leave out
}

/// When a card is to be seen. One that was put off beyond an exam before there was that exam is
/// seen in the week before it; `place` spreads such cards over the week.
QDateTime dueOf(const StudyCard& card, std::size_t place, const StudyPlan& plan,
                const QDateTime& now) {
  const QDateTime& due = card.memory.due;
  if (!isAhead(plan.exam, now) || due.toLocalTime().date() <= plan.exam) return due;
  return beginningOf(plan.exam.addDays(-1 - static_cast<int>(place % kLastLookDays)));
}

/// The time of day of `now` on the study day that is `days` later. Where the clocks change, that is
/// not a multiple of 24 hours away, and a time that is left out is moved within the day.
QDateTime daysLater(const QDateTime& now, int days) {
  const QDate day = studyDay(now).addDays(days);
  const QTime time = now.toLocalTime().time();
  const QDateTime due(day.addDays(time.hour() < kStudyDayBegins ? 1 : 0), time);
  return due.isValid() && studyDay(due) == day ? due.toUTC() : beginningOf(day);
}

CardMemory remembered(const CardMemory& before, const fsrs::Next& next, const QDateTime& now,
                      const QDate& exam) {
  CardMemory after;
  after.phase = static_cast<CardPhase>(next.state.phase);
  after.step = next.state.step;
  after.stability = next.state.stability;
  after.difficulty = next.state.difficulty;
  after.last = now.toUTC();
  after.due =
      after.phase == CardPhase::Review
          ? notBeyond(exam, daysLater(now, static_cast<int>(next.seconds / kSecondsADay)), now)
          : after.last.addSecs(next.seconds);
  after.reviews = before.reviews + 1;
  after.lapses = before.lapses + (next.lapse ? 1 : 0);
  return after;
}

struct Dated {
  const StudyCard* card;
  QDateTime due;
};
void byDueTime(std::vector<Dated>& cards) {
  std::stable_sort(cards.begin(), cards.end(),
                   [](const Dated& one, const Dated& other) { return one.due < other.due; });
}

/// One card of each lesson after the other, until each has none left; then all others.
std::vector<const StudyCard*> inTurn(const std::vector<const StudyCard*>& cards,
                                     const std::vector<QString>& lessons) {
  std::vector<std::vector<const StudyCard*>> of_lesson(lessons.size());
  std::vector<const StudyCard*> others, all;
  for (const StudyCard* card : cards) {
    const auto lesson = std::find(lessons.begin(), lessons.end(), card->key.lesson);
    (lesson == lessons.end() ? others
                             : of_lesson[static_cast<std::size_t>(lesson - lessons.begin())])
        .push_back(card);
  }
  for (std::size_t round = 0; all.size() + others.size() < cards.size(); ++round)
    for (const auto& mine : of_lesson)
      if (round < mine.size()) all.push_back(mine[round]);
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

}  // namespace

QDateTime beginningOf(const QDate& study_day) {
  return QDateTime(study_day, QTime(kStudyDayBegins, 0)).toUTC();
}

std::vector<CardMemory> outlookOf(const CardMemory& memory, const QDateTime& now,
                                  const StudyPlan& plan) {
  const fsrs::State state{static_cast<fsrs::Phase>(memory.phase), memory.step, memory.stability,
                          memory.difficulty};
  const qint64 days = memory.last.isValid() ? studyDay(memory.last).daysTo(studyDay(now)) : 0;
  std::vector<CardMemory> outlook;
  for (const fsrs::Next& next :
       fsrs::next(state, static_cast<int>(days), {inRange(plan).retention}))
    outlook.push_back(remembered(memory, next, now, plan.exam));
  return outlook;
}

int newCardsToday(const StudyPlan& plan, int unbegun, const DoneToday& done, const QDate& today) {
  int wanted = plan.new_a_day;
  if (plan.exam.isValid() && today < plan.exam) {
    const qint64 last_to_begin = today.daysTo(plan.exam.addDays(-kBegunBefore));
    const int days = static_cast<int>(std::max<qint64>(last_to_begin + 1, 1));
    wanted = std::max(wanted, (unbegun + done.begun + days - 1) / days);
  }
  return std::clamp(wanted - done.begun, 0, unbegun);
}

StudySession sessionOf(const std::vector<StudyCard>& cards, const StudyPlan& plan,
                       const DoneToday& done, const QDateTime& now,
                       const std::vector<QString>& lessons) {
  const QDateTime tomorrow = beginningOf(studyDay(now).addDays(1));
  std::vector<Dated> learning, reviews;
  std::vector<const StudyCard*> fresh;
  StudySession session;
  for (std::size_t place = 0; place < cards.size(); ++place) {
    const StudyCard& card = cards[place];
    if (card.suspended) continue;
    if (card.memory.phase == CardPhase::New) {
      fresh.push_back(&card);
    } else if (card.memory.phase == CardPhase::Review) {
      const QDateTime due = dueOf(card, place, plan, now);
      if (due < tomorrow) reviews.push_back({&card, due});
    } else if (card.memory.due <= now) {
      learning.push_back({&card, card.memory.due});
    } else if (card.memory.due < tomorrow) {
      ++session.waiting;
      if (!session.next.isValid() || card.memory.due < session.next) session.next = card.memory.due;
    }
  }
  byDueTime(learning);
  byDueTime(reviews);
  const auto allowed = static_cast<std::size_t>(std::max(plan.reviews_a_day - done.reviewed, 0));
  if (reviews.size() > allowed) {
    session.held_back = static_cast<int>(reviews.size() - allowed);
    reviews.resize(allowed);
  }
  fresh = inTurn(fresh, lessons);
  fresh.resize(static_cast<std::size_t>(
      newCardsToday(plan, static_cast<int>(fresh.size()), done, studyDay(now))));
  for (const Dated& each : learning) session.cards.push_back(*each.card);
  for (const Dated& each : reviews) session.cards.push_back(*each.card);
  for (const StudyCard* card : fresh) session.cards.push_back(*card);
  session.due = static_cast<int>(learning.size() + reviews.size());
  session.fresh = static_cast<int>(fresh.size());
  return session;
}

std::vector<StudyCard> moreOf(const std::vector<StudyCard>& cards, const StudyPlan& plan,
                              const QDateTime& now, const std::vector<QString>& lessons, int most) {
  StudyPlan unlimited = plan;
  unlimited.new_a_day = unlimited.reviews_a_day = kMostCardsADay;
  std::vector<StudyCard> more = sessionOf(cards, unlimited, {}, now, lessons).cards;
  std::vector<Dated> later;
  for (const StudyCard& card : cards)
    if (!card.suspended && card.memory.phase != CardPhase::New &&
        std::none_of(more.begin(), more.end(),
                     [&](const StudyCard& taken) { return taken.key == card.key; }))
      later.push_back({&card, card.memory.due});
  byDueTime(later);
  for (const Dated& each : later) more.push_back(*each.card);
  more.resize(std::min(more.size(), static_cast<std::size_t>(std::max(most, 0))));
  return more;
}

StudyStatistics statisticsOf(const std::vector<StudyCard>& cards, const StudyPlan& plan,
                             const QDateTime& now) {
  StudyStatistics statistics;
  statistics.forecast.assign(kForecastDays, 0);
  statistics.cards = static_cast<int>(cards.size());
  std::vector<QDateTime> ends;  // of each day of the forecast
  for (int day = 1; day <= kForecastDays; ++day)
    ends.push_back(beginningOf(studyDay(now).addDays(day)));
  for (std::size_t place = 0; place < cards.size(); ++place) {
    const StudyCard& card = cards[place];
    statistics.suspended += card.suspended;
    if (card.memory.phase == CardPhase::New) continue;
    ++statistics.begun;
    statistics.mature += card.memory.stability >= kMatureDays;
    if (card.suspended || !card.memory.due.isValid()) continue;
    const auto end = std::upper_bound(ends.begin(), ends.end(), dueOf(card, place, plan, now));
    if (end != ends.end()) ++statistics.forecast[static_cast<std::size_t>(end - ends.begin())];
  }
  return statistics;
}

StudyPlan inRange(StudyPlan plan) {
  plan.retention = std::isfinite(plan.retention) ? std::clamp(plan.retention, 0.7, 0.97) : 0.9;
  plan.new_a_day = std::clamp(plan.new_a_day, 0, kMostCardsADay);
  plan.reviews_a_day = std::clamp(plan.reviews_a_day, 0, kMostCardsADay);
  return plan;
}

}  // namespace viva
