// SPDX-License-Identifier: GPL-3.0-or-later
// What is to be done when: the learner's day, the exam, the limits of a day, and what is to come.
#pragma once

#include <vector>

#include "widgets/study/study.h"

namespace viva {

/// Its first moment, UTC.
QDateTime beginningOf(const QDate& study_day);

/// What each grade would give, Again first. Days are study days, whatever the clocks do meanwhile:
/// a card is due on a day, at the time of day of its review. No card is put off beyond the exam:
/// the last look at it is the day before, or the exam's own day for who studies on that eve. From
/// the day of the exam on, it counts no more.
std::vector<CardMemory> outlookOf(const CardMemory& memory, const QDateTime& now,
                                  const StudyPlan& plan);

/// What counts against the limits of a day.
struct DoneToday {
  int begun = 0;     ///< new cards
  int reviewed = 0;  ///< reviews of cards in phase Review
};

/// How many new cards are still to be begun today: those of the plan, or more, so that all of the
/// `unbegun` are begun three days before the exam.
int newCardsToday(const StudyPlan& plan, int unbegun, const DoneToday& done, const QDate& today);

/// Learning cards that are due by the minute, then reviews of today by due time, then new cards:
/// one of each of `lessons` in turn, those that somebody works on, and then the others in the order
/// of `cards`.
StudySession sessionOf(const std::vector<StudyCard>& cards, const StudyPlan& plan,
                       const DoneToday& done, const QDateTime& now,
                       const std::vector<QString>& lessons = {});

/// At most `most` cards for who has not had enough: without the limits of a day, and then those
/// that come back soonest.
std::vector<StudyCard> moreOf(const std::vector<StudyCard>& cards, const StudyPlan& plan,
                              const QDateTime& now, const std::vector<QString>& lessons, int most);

/// All of the statistics that the cards alone tell; nothing of reviews.
StudyStatistics statisticsOf(const std::vector<StudyCard>& cards, const StudyPlan& plan,
                             const QDateTime& now);

/// Within what is allowed; a retention that is no number is 0.9.
StudyPlan inRange(StudyPlan plan);

}  // namespace viva
