// SPDX-License-Identifier: GPL-3.0-or-later
// One card at a time: the question, then the answer, then how well it was remembered.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "widgets/study/card_library.h"
#include "widgets/views/view.h"

class QBoxLayout;
class QLabel;
class QPushButton;

namespace viva {

class NotesView;

/// Space or Enter shows the answer; 1 to 4 say how well it was remembered; P opens the experiment
/// that proves it; U takes the last answer back; S sets the card aside. At the end it says what was
/// answered, and offers what is next.
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
  /// Whether the end offers other things to do.
  void setOffersNext(bool offers) { offers_next_ = offers; }
  void startToday();
  /// Goes on where today's cards were left, with what can be taken back; begins where they were
  /// not begun today.
  void resumeToday();
  void startPractice(std::vector<QString> cards);
  /// Ten cards beyond today's.
  void startMore();
  /// `cards` in this order, `seconds` for each. What is to come is said first; `goOn` begins.
  void startMock(std::vector<QString> cards, int seconds);
  /// The words of own cards have changed.
  void reload();
  /// Made when it is first needed: the window opens without reading every card.
  const CardLibrary& library();

  Mode mode() const { return mode_; }
  /// The id of the card that is shown; empty when there is none left.
  const QString& card() const { return card_; }
  bool isRevealed() const { return revealed_; }
  /// The mock interview is announced and has not begun.
  bool isAnnounced() const { return announced_; }
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
  void homeWanted();
  void lessonsWanted();
  void mockWanted();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  /// What can be taken back, and what was answered.
  struct Tally {
    int answered = 0, remembered = 0;
    std::vector<QString> passed;
  };
  /// Where today's cards were left for others.
  struct Left {
    Tally tally;
    QString card;
    QDate day;
  };

  void build();
  void buildNext();
  void begin(Mode mode, std::vector<QString> cards);
  void beginMock();
  bool isAsBefore() const;
  void offerNext();
  void layOutNext();
  void retranslate();
  void next();
  void show(const QString& id);
  void finish();
  void fill();
  void tick();
  void showClock();
  QString text(const Message& message) const;
  QString text(const char* key) const { return text(Message{key, {}}); }
  QString summary();
  QString announcement();
  QString mockResult();
  std::vector<QString> sections();

  Study& study_;
  Appearance appearance_;
  std::unique_ptr<CardLibrary> library_;
  std::function<QDateTime()> clock_;
  Mode mode_ = Mode::Today;
  bool offers_next_ = false;
  std::deque<QString> waiting_;
  Tally tally_;
  QDate day_;  ///< of today's cards
  std::optional<Left> left_;
  QString card_;
  CardMemory memory_;  ///< of the card, as it was shown
  bool revealed_ = false, announced_ = false;
  int seconds_ = 0, remaining_ = 0;
  std::map<QString, std::pair<int, int>> by_section_;  ///< remembered, asked
  std::vector<QString> missed_;                        ///< in the mock interview
  QElapsedTimer thinking_;
  QTimer second_;

  QLabel *place_, *clock_label_;
  NotesView* page_;
  QPushButton *reveal_, *undo_, *suspend_, *prove_;
  QWidget *grades_box_, *next_box_;
  QBoxLayout* next_;
  QPushButton *missed_button_, *today_, *more_, *mock_, *home_, *lessons_;
  std::vector<QPushButton*> grades_;
};

}  // namespace viva
