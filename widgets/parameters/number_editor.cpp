// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/number_editor.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QWheelEvent>
#include <algorithm>

namespace viva {

NumberSlider::NumberSlider(QWidget* parent) : QSlider(Qt::Horizontal, parent) {}

int NumberSlider::travel() const {
  if (!has_size_) return NumberScale::kMostPixels;
  QStyleOptionSlider option;
  initStyleOption(&option);
  return style()->pixelMetric(QStyle::PM_SliderSpaceAvailable, &option, this);
}

QSize NumberSlider::minimumSizeHint() const { return {48, QSlider::minimumSizeHint().height()}; }

void NumberSlider::wheelEvent(QWheelEvent* event) { event->ignore(); }

void NumberSlider::resizeEvent(QResizeEvent* event) {
  QSlider::resizeEvent(event);
  has_size_ = true;
  Q_EMIT resized();
}

NumberEditor::NumberEditor(const ParameterSpec& spec)
    : spec_(spec),
      scale_(spec),
      slider_(new NumberSlider(this)),
      text_(new TextEditor(spec)),
      value_(spec.default_value) {
  text_->setParent(this);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(slider_);
  slider_->setVisible(scale_.isBounded());
  rescale();
  connect(slider_, &NumberSlider::resized, this, &NumberEditor::rescale);
  connect(slider_, &QSlider::valueChanged, this, &NumberEditor::slide);
  connect(slider_, &QSlider::sliderReleased, this, [this] {
    rescale();
    Q_EMIT edited(value_, true);
  });
  connect(text_, &ValueEditor::refused, this, &ValueEditor::refused);
  connect(text_, &ValueEditor::edited, this, [this](const Value& value, bool finished) {
    showOnSlider(value);
    Q_EMIT edited(value, finished);
  });
}

void NumberEditor::setValue(const Value& value) {
  text_->setValue(value);
  showOnSlider(value);
}

void NumberEditor::setWords(const Words& words, const QString& label, const QString& meaning) {
  keepWords(words, label);
  text_->setWords(words, label, meaning);
  slider_->setAccessibleName(nameOfPart("panel.slider"));
  slider_->setAccessibleDescription(meaning);
}

/// Of a longer slider a pixel means less.
void NumberEditor::rescale() {
  if (slider_->isSliderDown()) return;
  scale_ = NumberScale(spec_, slider_->travel());
  const QSignalBlocker blocker(slider_);
  slider_->setRange(0, scale_.positions());
  slider_->setPageStep(std::max(1, scale_.positions() / 10));
  showOnSlider(value_);
}

void NumberEditor::showOnSlider(const Value& value) {
  value_ = value;
  const QSignalBlocker blocker(slider_);
  slider_->setValue(scale_.positionOf(spec_.kind() == ParameterKind::Integer
                                          ? static_cast<double>(std::get<std::int64_t>(value))
                                          : std::get<double>(value)));
}

void NumberEditor::slide(int position) {
  const bool is_dragged = slider_->isSliderDown();
  const double number = is_dragged ? scale_.draggedTo(position) : scale_.valueAt(position);
  value_ = spec_.kind() == ParameterKind::Integer ? Value(static_cast<std::int64_t>(number))
                                                  : Value(number);
  text_->setValue(value_);
  Q_EMIT edited(value_, !is_dragged);
}

}  // namespace viva
