// SPDX-License-Identifier: GPL-3.0-or-later
// Where a person comes in: search, go on, today's cards, and a gallery of the lessons.
#pragma once

#include <QHash>
#include <QImage>
#include <QScrollArea>
#include <vector>

#include "widgets/study/study.h"
#include "widgets/views/view.h"

class QBoxLayout;
class QVBoxLayout;

namespace viva {

class LessonCard;

class HomePage : public QScrollArea {
  Q_OBJECT

 public:
  HomePage(Study& study, const Appearance& appearance, QWidget* parent = nullptr);

  void setAppearance(const Appearance& appearance);
  const Appearance& appearance() const { return appearance_; }
  /// The experiment that was open last.
  void setExperiment(const QString& experiment);
  /// What a lesson computes, for the present appearance. A null image: there is none.
  void setPicture(const QString& lesson, const QImage& picture);
  /// Reads the learner's state anew. Called by itself when it changes while the page is seen.
  void refresh();
  /// The gallery, in teaching order.
  const std::vector<LessonCard*>& cards() const { return cards_; }

 Q_SIGNALS:
  void experimentChosen(const QString& experiment);
  void todayWanted();
  /// Cards beyond those of today.
  void moreWanted();
  void mockWanted();
  void runChosen(const viva::RecentRun& run);
  /// The field for searching was used; `typed` is what is in it.
  void searchWanted(const QString& typed);
  /// The page is seen, in its present appearance.
  void shown();

 protected:
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void addHead(QVBoxLayout* column);
  void addGallery(QVBoxLayout* column);
  LessonCard* makeCard(const std::string& lesson, const std::string& experiment);
  void addNumbers(QVBoxLayout* column);
  void addRuns(QVBoxLayout* column);
  int columns() const;
  int room() const;
  QString text(const Message& message) const;

  Study& study_;
  Appearance appearance_;
  QString experiment_;
  QHash<QString, QImage> pictures_;
  std::vector<LessonCard*> cards_;
  int columns_ = 0;
};

}  // namespace viva
