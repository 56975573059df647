// SPDX-License-Identifier: GPL-3.0-or-later
// Editors in which a value is written.
#pragma once

#include <QLineEdit>

#include "widgets/parameters/value_editor.h"

class QPlainTextEdit;

namespace viva {

/// A line of text that is checked when Enter is pressed or the focus leaves it; Escape takes the
/// last good value back.
class TextEditor : public ValueEditor {
  Q_OBJECT

 public:
  explicit TextEditor(const ParameterSpec& spec);
  void setValue(const Value& value) override;
  void setWords(const Words& words, const QString& label, const QString& meaning) override;

  QLineEdit* line() const { return line_; }
  /// At which the text is seen whole, and as much as a slider's numbers take.
  int neededWidth() const;
  /// In smaller type where that is too little.
  void fitTo(int width);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void take();

  const ParameterSpec& spec_;
  QLineEdit* line_;
  Value value_;
};

/// Free text in as many lines as it takes, up to six; otherwise like a TextEditor.
class WrappedTextEditor : public ValueEditor {
  Q_OBJECT

 public:
  explicit WrappedTextEditor(const ParameterSpec& spec);
  void setValue(const Value& value) override;
  void setWords(const Words& words, const QString& label, const QString& meaning) override;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void take();
  void fit();

  const ParameterSpec& spec_;
  QPlainTextEdit* text_;
  Value value_;
};

}  // namespace viva
