// SPDX-License-Identifier: GPL-3.0-or-later
// One row of the parameter panel.
#pragma once

#include <QLabel>
#include <QToolButton>
#include <QWidget>

#include "widgets/parameters/value_editor.h"

namespace viva {

/// Label, editor, unit and the way back to the preset's value. A value that differs from the
/// preset's is marked by a dot and bold type.
class ParameterControl : public QWidget {
  Q_OBJECT

 public:
  ParameterControl(const ParameterSpec& spec, std::string experiment, QWidget* parent = nullptr);

  const ParameterSpec& spec() const { return spec_; }
  void setValue(const Value& value);
  /// What "reset" goes back to.
  void setBaseline(const Value& baseline);
  const Value& value() const { return value_; }
  void setWords(const Words& words);
  bool differs() const { return value_ != baseline_; }

 Q_SIGNALS:
  void edited(const QString& name, const viva::Value& value, bool finished);

 private:
  void refresh();

  const ParameterSpec& spec_;
  std::string experiment_;
  Value value_, baseline_;
  QLabel* label_;
  std::unique_ptr<ValueEditor> editor_;
  QLabel* unit_;
  QToolButton* reset_;
  QLabel* problem_;
  QString text_;
};

}  // namespace viva
