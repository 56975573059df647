// SPDX-License-Identifier: GPL-3.0-or-later
// One card at a time: the question, then the answer, then how well it was remembered.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>
#include <deque>
#include <functional>
#include <memory>

#include "widgets/study/card_library.h"
#include "widgets/views/view.h"

class QLabel;
class QPushButton;

namespace viva {

class NotesView;

/// Space or Enter shows the answer; 1 to 4 say how well it was remembered; P opens the experiment
/// that proves it; U takes the last answer back; S sets the card aside.
class ReviewView : public QWidget {
  Q_OBJECT

 public:
  enum class Mode {
    Today,     ///< what is due, from all lessons; answers are kept
    Practice,  ///< the given cards, one after the other; answers are kept
    Mock       ///< the given cards against the clock; nothing is kept
  };

  explicit ReviewView(Study& study, const Appearance& appearance, QWidget* parent = nullptr);
  ~ReviewView() override;

  void setAppearance(const Appearance& appearance);
  void startToday();
  void startPractice(std::vector<QString> cards);
  /// `cards` in this order, `seconds` for each.
  void startMock(std::vector<QString> cards, int seconds);
  /// The words of own cards have changed.
  void reload();
  /// Made when it is first needed: the window opens without reading every card.
  const CardLibrary& library();

  Mode mode() const { return mode_; }
  /// The id of the card that is shown; empty when there is none left.
  const QString& card() const { return card_; }
  bool isRevealed() const { return revealed_; }
  /// The day to schedule by; the clock's unless a test says otherwise.
  void setClock(std::function<QDateTime()> clock) { clock_ = std::move(clock); }

 public Q_SLOTS:
  void reveal();
  void grade(int grade);
  void undo();
  void suspend();
  void prove();
  /// What Page Down does.
  void goOn();

 Q_SIGNALS:
  /// The preset of a lesson that proves what the card says.
  void proofWanted(const QString& lesson, const QString& preset);
  /// A link on a card of the lesson, as destinationOf reads it; no lesson: an own card of none.
  void linkActivated(const QString& lesson, const QString& link);
  /// A card was answered, taken back or set aside.
  void answered();
  void cardShown(const QString& id);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void build();
  void retranslate();
  void next();
  void show(const QString& id);
  void finish();
  void fill();
  void tick();
  void showClock();
  QString text(const Message& message) const;
  QString text(const char* key) const { return text(Message{key, {}}); }
  QString summary() const;

  Study& study_;
  Appearance appearance_;
  std::unique_ptr<CardLibrary> library_;
  std::function<QDateTime()> clock_;
  Mode mode_ = Mode::Today;
  std::deque<QString> waiting_;
  std::vector<QString> passed_;
  QString card_;
  bool revealed_ = false;
  int seconds_ = 0, remaining_ = 0;
  int answered_ = 0, remembered_ = 0;
  std::map<QString, std::pair<int, int>> by_section_;  ///< remembered, asked
  QElapsedTimer thinking_;
  QTimer second_;

  QLabel *place_, *clock_label_;
  NotesView* page_;
  QPushButton *reveal_, *undo_, *suspend_, *prove_;
  QWidget* grades_box_;
  std::vector<QPushButton*> grades_;
};

}  // namespace viva
