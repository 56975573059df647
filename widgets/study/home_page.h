// SPDX-License-Identifier: GPL-3.0-or-later
// Where a person comes in: go on, today's cards, how far each lesson is.
#pragma once

#include <QScrollArea>
#include <vector>

#include "widgets/study/study.h"
#include "widgets/views/view.h"

class QGridLayout;

namespace viva {

class HomePage : public QScrollArea {
  Q_OBJECT

 public:
  HomePage(Study& study, const Appearance& appearance, QWidget* parent = nullptr);

  void setAppearance(const Appearance& appearance);
  /// The experiment that was open last.
  void setExperiment(const QString& experiment);
  /// Reads the learner's state anew. Called by itself when it changes while the page is seen.
  void refresh();

 Q_SIGNALS:
  void experimentChosen(const QString& experiment);
  void todayWanted();
  void mockWanted();
  void runChosen(const viva::RecentRun& run);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void addLesson(const std::string& lesson, const std::string& experiment, QGridLayout* grid,
                 int place);
  QString text(const Message& message) const;

  Study& study_;
  Appearance appearance_;
  QString experiment_;
};

}  // namespace viva
