// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that a study knows, as JSON: what an earlier version kept is compared with what is
// read.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <cmath>

#include "lessons/core/catalog.h"
#include "widgets/study/card_text.h"
#include "widgets/study/study.h"

namespace viva {

inline QJsonValue jsonOf(const QDateTime& moment) {
  return moment.isValid() ? QJsonValue(moment.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

inline QJsonValue jsonOf(double number) {
  return std::isfinite(number) ? QJsonValue(number) : QJsonValue(QString::number(number));
}

inline QJsonObject jsonOf(const StudyCard& card) {
  const CardMemory& memory = card.memory;
  return {{"lesson", card.key.lesson},
          {"own", card.own},
          {"suspended", card.suspended},
          {"phase", static_cast<int>(memory.phase)},
          {"step", memory.step},
          {"stability", jsonOf(memory.stability)},
          {"difficulty", jsonOf(memory.difficulty)},
          {"due", jsonOf(memory.due)},
          {"last", jsonOf(memory.last)},
          {"reviews", memory.reviews},
          {"lapses", memory.lapses}};
}

inline QJsonObject jsonOf(Study& study, const RecentRun& run) {
  QJsonArray finals;
  for (const auto& [record, value] : run.finals) finals.append(QJsonArray{record, jsonOf(value)});
  const auto kept = study.recordsOf(run.id);
  return {{"experiment", run.experiment},
          {"preset", run.preset},
          {"time", jsonOf(run.time)},
          {"steps", run.steps},
          {"file", QString::fromUtf8(run.file)},
          {"name", run.name},
          {"note", run.note},
          {"starred", run.starred},
          {"status", run.status},
          {"finals", finals},
          {"digest", kept ? QString::fromStdString(kept->records.digest()) : QString()},
          {"seconds", kept && !kept->times.empty() ? kept->times.marks().back().seconds : 0.0}};
}

inline QJsonArray jsonOf(const std::vector<QString>& texts) {
  QJsonArray array;
  for (const QString& text : texts) array.append(text);
  return array;
}

/// `now`: of the statistics. Cards that were never touched are left out.
inline QJsonObject contentOf(Study& study, const QDateTime& now) {
  study.setLessonCards(lessonCardKeys());
  QJsonObject cards, lessons;
  for (const LessonEntry& lesson : lessonList()) {
    const QString id = QString::fromStdString(lesson.id);
    for (const StudyCard& card : study.cardsOf(id))
      if (card.own || card.suspended || card.memory.reviews > 0) cards[card.key.id] = jsonOf(card);
    const LessonProgress progress = study.progressOf(id);
    lessons[id] = QJsonObject{{"visited", jsonOf(progress.visited)},
                              {"played", jsonOf(progress.played)},
                              {"predicted", jsonOf(progress.predicted)},
                              {"note", study.note(id)}};
  }
  QJsonArray own_cards, predictions, runs;
  for (const OwnCard& card : study.ownCards())
    own_cards.append(
        QJsonArray{card.id, card.lesson, card.question, card.answer, card.explanation});
  for (const Prediction& prediction : study.predictions())
    predictions.append(QJsonObject{{"lesson", prediction.lesson},
                                   {"experiment", prediction.experiment},
                                   {"preset", prediction.preset},
                                   {"time", jsonOf(prediction.time)},
                                   {"expected", prediction.expected},
                                   {"confidence", jsonOf(prediction.confidence)},
                                   {"outcome", prediction.outcome},
                                   {"right", prediction.right}});
  for (const RecentRun& run : study.recentRuns()) runs.append(jsonOf(study, run));
  const StudyPlan plan = study.plan();
  const StudyStatistics statistics = study.statistics(now);
  return {{"cards", cards},
          {"lessons", lessons},
          {"own_cards", own_cards},
          {"predictions", predictions},
          {"runs", runs},
          {"plan", QJsonObject{{"retention", jsonOf(plan.retention)},
                               {"exam", plan.exam.toString(Qt::ISODate)},
                               {"new_a_day", plan.new_a_day},
                               {"reviews_a_day", plan.reviews_a_day}}},
          {"statistics", QJsonObject{{"begun", statistics.begun},
                                     {"mature", statistics.mature},
                                     {"suspended", statistics.suspended},
                                     {"retention", jsonOf(statistics.retention.value_or(-1))},
                                     {"retention_of", statistics.retention_of}}}};
}

}  // namespace viva
