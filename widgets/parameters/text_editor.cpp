// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/text_editor.h"

#include <QAbstractTextDocumentLayout>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>

#include "lessons/core/error.h"

namespace viva {
namespace {

constexpr int kUsualDigits = 8;
constexpr int kFrame = 24;        // around the text of a line, with room for the cursor
constexpr int kSmallestType = 7;  // in pixels

/// As people write it: `0.0005` and `1e-5`, not `5e-04` and `1e-05`.
QString entryOf(const Value& value) {
  const QString text = QString::fromStdString(formatValue(value));
  const auto* number = std::get_if<double>(&value);
  if (!number || !text.contains(u'e')) return text;
  const double size = std::abs(*number);
  if (size >= 1e-4 && size < 1e9) {
    QString plain = QString::number(*number, 'f', 12);
    while (plain.endsWith(u'0')) plain.chop(1);
    if (plain.endsWith(u'.')) plain.chop(1);
    if (plain.toDouble() == *number) return plain;
  }
  static const QRegularExpression padding(QStringLiteral("e([+-]?)0+(?=\\d)"));
  return QString(text).replace(padding, QStringLiteral("e\\1"));
}

/// Throws RequestError when `text` is no value that the parameter may have.
Value valueFrom(const QString& text, const ParameterSpec& spec) {
  Value value = parseValue(spec, text.toStdString());
  if (auto problem = problemWith(spec, value)) throw RequestError(*problem);
  return value;
}

}  // namespace

TextEditor::TextEditor(const ParameterSpec& spec) : spec_(spec), line_(new QLineEdit(this)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(line_);
  line_->setMinimumWidth(24);
  line_->installEventFilter(this);
  connect(line_, &QLineEdit::editingFinished, this, &TextEditor::take);
}

void TextEditor::setValue(const Value& value) {
  value_ = value;
  line_->setText(entryOf(value));
  line_->setCursorPosition(0);  // what does not fit is lost at the end
  Q_EMIT refused({});
}

void TextEditor::setWords(const Words& words, const QString& label, const QString& meaning) {
  keepWords(words, label);
  line_->setAccessibleName(nameOfPart("panel.exact_value"));
  line_->setAccessibleDescription(meaning);
}

int TextEditor::neededWidth() const {
  const QFontMetrics metrics = fontMetrics();
  const int usual = metrics.horizontalAdvance(QString(kUsualDigits, u'0'));
  return std::max(usual, metrics.horizontalAdvance(line_->text())) + kFrame;
}

void TextEditor::fitTo(int width) {
  QFont type = font();
  const int text = fontMetrics().horizontalAdvance(line_->text());
  if (const int room = width - kFrame; text > room)
    type.setPixelSize(std::max(kSmallestType, QFontInfo(type).pixelSize() * room / text));
  line_->setFont(type);
  setFixedWidth(width);
}

bool TextEditor::eventFilter(QObject* watched, QEvent* event) {
  if (watched == line_ && event->type() == QEvent::KeyPress &&
      static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape && line_->isModified()) {
    setValue(value_);
    return true;
  }
  return ValueEditor::eventFilter(watched, event);
}

void TextEditor::take() {
  if (!line_->isModified()) return;
  line_->setModified(false);
  try {
    Value value = valueFrom(line_->text().trimmed(), spec_);
    Q_EMIT refused({});
    if (value == value_) return;
    value_ = value;
    Q_EMIT edited(value, true);
  } catch (const Error& error) {
    Q_EMIT refused(inWords(error.message(), spec_));
  }
}

WrappedTextEditor::WrappedTextEditor(const ParameterSpec& spec)
    : spec_(spec), text_(new QPlainTextEdit(this)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(text_);
  text_->setTabChangesFocus(true);
  text_->setMinimumWidth(40);
  text_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  text_->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  text_->installEventFilter(this);
  connect(text_->document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged,
          this, &WrappedTextEditor::fit);
}

void WrappedTextEditor::setValue(const Value& value) {
  value_ = value;
  text_->setPlainText(QString::fromStdString(std::get<Text>(value).text));
  Q_EMIT refused({});
}

void WrappedTextEditor::setWords(const Words& words, const QString& label, const QString& meaning) {
  keepWords(words, label);
  text_->setAccessibleName(label);
  text_->setAccessibleDescription(meaning);
}

bool WrappedTextEditor::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusOut) {
    // Like a line of text: not when only the window or a menu changed, nor while it is closed.
    const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
    if (reason != Qt::ActiveWindowFocusReason && reason != Qt::PopupFocusReason) take();
  }
  // After the text has been wrapped to its new width.
  if (event->type() == QEvent::Resize || event->type() == QEvent::Show)
    QMetaObject::invokeMethod(
        this, [this] { fit(); }, Qt::QueuedConnection);
  if (event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
      take();
      return true;
    }
    if (key == Qt::Key_Escape && text_->document()->isModified()) {
      setValue(value_);
      return true;
    }
  }
  return ValueEditor::eventFilter(watched, event);
}

void WrappedTextEditor::take() {
  if (!text_->document()->isModified()) return;
  text_->document()->setModified(false);
  try {
    Value value = valueFrom(text_->toPlainText().simplified(), spec_);
    Q_EMIT refused({});
    if (value == value_) return;
    value_ = value;
    Q_EMIT edited(value, true);
  } catch (const Error& error) {
    Q_EMIT refused(inWords(error.message(), spec_));
  }
}

void WrappedTextEditor::fit() {
  const int lines = std::clamp(qRound(text_->document()->size().height()), 1, 6);
  const int margins = 2 * (qRound(text_->document()->documentMargin()) + text_->frameWidth());
  text_->setFixedHeight(lines * text_->fontMetrics().lineSpacing() + margins + 2);
  text_->setVerticalScrollBarPolicy(
      text_->document()->size().height() > 6 ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
}

}  // namespace viva
