// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSlider>

#include "widgets/parameters/number_scale.h"
#include "widgets/parameters/text_editor.h"

namespace viva {

/// The wheel scrolls the panel; it must not change a value on the way.
class NumberSlider : public QSlider {
  Q_OBJECT

 public:
  explicit NumberSlider(QWidget* parent);
  /// The pixels that the handle travels over; before it has a size, as many as can be of use.
  int travel() const;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void resized();

 protected:
  void wheelEvent(QWheelEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  bool has_size_ = false;
};

/// A slider, and the exact entry, which stands where the control puts it.
class NumberEditor : public ValueEditor {
  Q_OBJECT

 public:
  explicit NumberEditor(const ParameterSpec& spec);
  void setValue(const Value& value) override;
  void setWords(const Words& words, const QString& label, const QString& meaning) override;
  QWidget* entry() const override { return text_; }
  int entryWidth() const override { return text_->neededWidth(); }
  void fitEntry(int width) override { text_->fitTo(width); }
  bool isEntryOnly() const override { return !scale_.isBounded(); }

 private:
  void rescale();
  void showOnSlider(const Value& value);
  void slide(int position);

  const ParameterSpec& spec_;
  NumberScale scale_;
  NumberSlider* slider_;
  TextEditor* text_;
  Value value_;
};

}  // namespace viva
