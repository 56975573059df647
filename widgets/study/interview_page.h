// SPDX-License-Identifier: GPL-3.0-or-later
// The cards of one lesson: a list with when each is due, and the card itself.
#pragma once

#include <QWidget>

#include "widgets/study/study.h"
#include "widgets/views/view.h"

class QPushButton;
class QSplitter;
class QTreeWidget;

namespace viva {

class ReviewView;

class InterviewPage : public QWidget {
  Q_OBJECT

 public:
  InterviewPage(Study& study, const Appearance& appearance, QWidget* parent = nullptr);

  void setAppearance(const Appearance& appearance);
  void setLesson(const QString& lesson);
  /// Own cards have changed.
  void reload();
  /// Shows one of the lesson's cards.
  void showCard(const QString& id);
  ReviewView& review() { return *review_; }

 Q_SIGNALS:
  void todayWanted();
  void mockWanted();
  /// `id` empty: a new card for this lesson.
  void editWanted(const QString& lesson, const QString& id);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void layOut();
  void retranslate();
  void fill();
  void mark(const QString& id);
  QString stateOf(const StudyCard& card) const;
  QString text(const Message& message) const;

  Study& study_;
  Appearance appearance_;
  QString lesson_;
  QTreeWidget* list_;
  QSplitter* splitter_;
  ReviewView* review_;
  QPushButton *today_, *mock_, *practise_, *edit_;
};

}  // namespace viva
