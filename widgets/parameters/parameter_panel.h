// SPDX-License-Identifier: GPL-3.0-or-later
// The controls of an experiment, made from its declaration.
#pragma once

#include <QBoxLayout>
#include <QGroupBox>
#include <QPushButton>
#include <QScrollArea>
#include <vector>

#include "lessons/core/experiment.h"
#include "widgets/parameters/fold_button.h"
#include "widgets/parameters/parameter_control.h"

namespace viva {

/// All parameters of one experiment. First those that the preset's claim is about; below them,
/// folded unless there are few, all others, a section a group. Shows only what is relevant to the
/// present values.
class ParameterPanel : public QScrollArea {
  Q_OBJECT
  Q_PROPERTY(bool unfolded READ isUnfolded WRITE setUnfolded NOTIFY unfoldedChanged)

 public:
  explicit ParameterPanel(const ExperimentSpec& spec, QWidget* parent = nullptr);

  /// Whose claim decides which controls come first; empty: none. Throws RequestError for an unknown
  /// one.
  void setPreset(std::string_view preset);
  void setValues(const Parameters& parameters);
  /// The preset's values, which "reset" goes back to.
  void setBaseline(const Parameters& parameters);
  void setWords(const Words& words);
  /// Controls that a teacher has hidden.
  void setHidden(const std::vector<std::string>& names);
  ParameterControl* control(std::string_view name) const;
  /// The names of the controls that come first.
  const std::vector<std::string>& first() const { return first_; }
  /// Unfolds what hides the control, scrolls to it and gives it the keyboard.
  void reveal(std::string_view name);

  bool isUnfolded() const { return fold_->isChecked(); }
  void setUnfolded(bool unfolded);
  FoldButton* foldButton() const { return fold_; }
  QPushButton* resetAllButton() const { return reset_all_; }
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void edited(const QString& name, const viva::Value& value, bool finished);
  /// These values, which are the preset's, are to be taken in one step.
  void resetAllPressed(const viva::Parameters& values);
  /// By the user.
  void unfoldedChanged(bool unfolded);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  struct Group {
    std::string name;
    QGroupBox* box;
    WrappedLabel* title;
    QVBoxLayout* rows;
  };
  Group& group(const std::string& name);
  bool isFoldable() const;
  bool isHiddenByTeacher(const std::string& name) const;
  void place();
  void showRelevant();
  void showDifferences();
  void arrangeHead();
  int room() const;
  Parameters resetValues() const;

  const ExperimentSpec& spec_;
  Parameters values_, baseline_;
  const Words* words_ = &Words::in(Language::English);
  std::vector<ParameterControl*> controls_;  ///< in order of declaration
  std::vector<std::string> first_, hidden_;
  std::vector<Group> groups_;
  QBoxLayout* head_;
  WrappedLabel* title_;
  QPushButton* reset_all_;
  QVBoxLayout *first_rows_, *others_rows_;
  FoldButton* fold_;
  QWidget* others_;
};

}  // namespace viva
