// SPDX-License-Identifier: GPL-3.0-or-later
// A guided demo beside the views: predict, run, reveal.
#pragma once

#include <QFrame>
#include <map>

#include "widgets/panel/experiment_panel.h"
#include "widgets/study/demo_rule.h"
#include "widgets/study/demo_text.h"
#include "widgets/study/study.h"

class QBoxLayout;
class QButtonGroup;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QRadioButton;
class QScrollArea;

namespace viva {

class NotesView;
class SketchPad;

/// Stands in the place of the parameters while a demo is open: what the learner is to predict must
/// not be changed meanwhile. The outcome is computed from the records of the run.
class DemoPane : public QFrame {
  Q_OBJECT

 public:
  enum class Stage { Predict, Run, Reveal };

  /// `panel` and `study` must outlive the pane; `panel` becomes its parent when a demo is open.
  DemoPane(ExperimentPanel& panel, const QString& lesson, Study& study,
           const Appearance& appearance);
  ~DemoPane() override;

  bool has(const QString& preset) const;
  /// Opens the preset and asks. Nothing happens where the preset has no demo.
  void begin(const QString& preset);
  /// Gives the parameters their place back.
  void leave();
  bool isOpen() const { return open_; }
  const QString& preset() const { return preset_; }
  Stage stage() const { return stage_; }
  void setAppearance(const Appearance& appearance);
  /// For a class, which predicts aloud: nothing is asked but the question, a prediction is not
  /// needed, and none is kept. The type is as large as all of it fits, within reason.
  void setAloud(bool aloud);

 public Q_SLOTS:
  /// Run once there is a prediction, skip to the end, the next demo.
  void goOn();
  /// The same for a class, which predicts aloud: a prediction is not needed, and none is kept.
  void goOnAloud();

 Q_SIGNALS:
  void left();
  void stageChanged();
  /// A link in the question or the explanation, as destinationOf reads it.
  void linkActivated(const QString& link);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct OptionRow {
    QRadioButton* button;
    QLabel* text;
    QLabel* mark;
  };

  void build();
  void fill();
  void fillOptions();
  void fillResult();
  void fitTexts();
  void setType(double type);
  void setTextAppearance();
  void emphasise(const OptionRow& row);
  void retranslate();
  void setStage(Stage stage);
  std::optional<Expectation> expectation() const;
  void showWhetherReady();
  void run();
  void follow();
  void reveal();
  QString describe(const Expectation& expectation) const;
  QString nextPreset() const;
  QString tolerance() const;
  void goOnFrom(Stage stage);
  const DemoText* textOf(const QString& preset) const;
  const DemoRule* ruleOf(const QString& preset) const;
  const DemoText* demo() const { return textOf(preset_); }
  const DemoRule& rule() const { return *ruleOf(preset_); }
  QString text(const Message& message) const;
  QString text(const char* key) const { return text(Message{key, {}}); }

  ExperimentPanel& panel_;
  Study& study_;
  QString lesson_;
  Appearance appearance_;
  std::map<QString, DemoRule> rules_;
  std::vector<DemoText> texts_;
  QString preset_;
  bool open_ = false;
  Stage stage_ = Stage::Predict;
  std::uint64_t generation_ = 0;
  std::optional<Expectation> expected_, outcome_;
  bool right_ = false;
  double confidence_ = 0;  ///< 0: not chosen yet
  bool aloud_ = false;
  double type_ = 1;  ///< of the usual size

  QScrollArea* scroll_;
  QLabel* title_;
  QPushButton* close_;
  NotesView* question_;
  QWidget* options_box_;
  QBoxLayout* options_;
  std::vector<OptionRow> rows_;
  QLineEdit* number_;
  QLabel* number_problem_;
  QLabel* sketch_hint_;  ///< how near is right
  QLabel* confidence_label_;
  QWidget* confidence_box_;
  QButtonGroup* confidences_;
  QProgressBar* progress_;
  QLabel* result_;
  NotesView* explanation_;
  QLabel* calibration_;
  QPushButton *act_, *again_;
  SketchPad* sketch_;
};

}  // namespace viva
