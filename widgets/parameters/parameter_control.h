// SPDX-License-Identifier: GPL-3.0-or-later
// One parameter of the panel.
#pragma once

#include <QBoxLayout>
#include <QToolButton>
#include <QWidget>

#include "widgets/parameters/value_editor.h"
#include "widgets/parameters/wrapped_label.h"

namespace viva {

/// The label with the exact entry, the unit and the way back to the preset's value; below it,
/// over the whole width, the slider, the list or the text. Where the line of the label is too
/// short, the entry is under the slider. A value that differs from the preset's is marked by a dot
/// and bold type.
class ParameterControl : public QWidget {
  Q_OBJECT

 public:
  ParameterControl(const ParameterSpec& spec, std::string experiment, QWidget* parent = nullptr);

  const ParameterSpec& spec() const { return spec_; }
  void setValue(const Value& value);
  /// What "reset" goes back to.
  void setBaseline(const Value& baseline);
  const Value& value() const { return value_; }
  /// `title` says what parameter it is where the group is not to be seen.
  void setWords(const Words& words, const QString& title);
  /// Whether the label is the title: the control stands apart from its group.
  void setApart(bool apart);
  bool differs() const { return value_ != baseline_; }
  /// In the order in which Tab visits them.
  std::vector<QWidget*> stops() const;
  /// For a control of at least this width. Not its own width: that changes with the height, when a
  /// scroll bar comes, and the height with the arrangement.
  void setRoom(int width);
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void edited(const QString& name, const viva::Value& value, bool finished);

 protected:
  bool event(QEvent* event) override;

 private:
  void refresh();
  void arrange();

  const ParameterSpec& spec_;
  std::string experiment_;
  Value value_, baseline_;
  WrappedLabel* label_;
  std::unique_ptr<ValueEditor> editor_;
  WrappedLabel* unit_;
  QToolButton* reset_;
  WrappedLabel* problem_;
  QVBoxLayout* rows_;
  QHBoxLayout* head_;
  QBoxLayout* entry_row_;
  int room_ = 300;
  bool entry_is_in_head_ = true, apart_ = false;
  QString text_, title_;
};

}  // namespace viva
