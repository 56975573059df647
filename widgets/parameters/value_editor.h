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

  /// The small part that stands in the line of the label where there is room: an exact entry, a
  /// check box. Null: none.
  virtual QWidget* entry() const { return nullptr; }
  /// At which nothing of it is cut.
  virtual int entryWidth() const { return 0; }
  /// In less room than that it is written smaller.
  virtual void fitEntry(int /*width*/) {}
  /// Nothing is left beside the entry.
  virtual bool isEntryOnly() const { return false; }

 Q_SIGNALS:
  /// `finished` is false while a slider is being dragged.
  void edited(const viva::Value& value, bool finished);
  /// What was typed cannot be used; an empty text takes the complaint back.
  void refused(const QString& problem);

 protected:
  void keepWords(const Words& words, const QString& label);
  /// The word `key`, whose `{parameter}` is the label.
  QString nameOfPart(const char* key) const;
  /// With the label in place of the parameter's internal name.
  QString inWords(Message message, const ParameterSpec& spec) const;

 private:
  const Words* words_ = &Words::in(Language::English);
  QString label_;
};

std::unique_ptr<ValueEditor> makeEditor(const ParameterSpec& spec, const std::string& experiment);

}  // namespace viva
