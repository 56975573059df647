// SPDX-License-Identifier: GPL-3.0-or-later
// The editors of the parameter kinds.
#pragma once

#include <QWidget>
#include <functional>
#include <memory>

#include "lessons/core/parameter.h"
#include "lessons/core/words.h"

namespace viva {

/// What a parameter is edited with. Made by makeEditor for the kind.
class ValueEditor : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;
  /// Shows `value` without emitting.
  virtual void setValue(const Value& value) = 0;
  /// Accessible names of the parts begin with `label`.
  virtual void setWords(const Words& words, const QString& label, const QString& meaning) = 0;

 Q_SIGNALS:
  /// `finished` is false while a slider is being dragged.
  void edited(const viva::Value& value, bool finished);
  /// What was typed cannot be used; an empty text takes the complaint back.
  void refused(const QString& problem);
};

std::unique_ptr<ValueEditor> makeEditor(const ParameterSpec& spec, const std::string& experiment);

}  // namespace viva
