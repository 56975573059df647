// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/value_editor.h"

#include <QAbstractTextDocumentLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QSlider>
#include <algorithm>
#include <cmath>

#include "lessons/core/error.h"
#include "widgets/parameters/drawing_editor.h"
#include "widgets/parameters/number_scale.h"

namespace viva {
namespace {

/// The wheel scrolls the panel; it must not change a value on the way.
class IgnoreWheel : public QObject {
 public:
  using QObject::QObject;

 protected:
  bool eventFilter(QObject*, QEvent* event) override {
    if (event->type() != QEvent::Wheel) return false;
    event->ignore();
    return true;
  }
};

QString nameOfPart(const Words& words, const char* key, const QString& label) {
  return QString::fromStdString(words(Message{key, {{"parameter", label.toStdString()}}}));
}

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

/// A line of text that is checked when Enter is pressed or the focus leaves it; Escape takes the
/// last good value back.
class TextEditor : public ValueEditor {
 public:
  explicit TextEditor(const ParameterSpec& spec) : spec_(spec), line_(new QLineEdit(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(line_);
    line_->installEventFilter(this);
    connect(line_, &QLineEdit::editingFinished, this, &TextEditor::take);
  }

  void setValue(const Value& value) override {
    value_ = value;
    line_->setText(entryOf(value));
    Q_EMIT refused({});
  }

  void setWords(const Words& words, const QString& label, const QString& meaning) override {
    words_ = &words;
    line_->setAccessibleName(nameOfPart(words, "panel.exact_value", label));
    line_->setAccessibleDescription(meaning);
  }

  QLineEdit* line() const { return line_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (watched == line_ && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape && line_->isModified()) {
      setValue(value_);
      return true;
    }
    return ValueEditor::eventFilter(watched, event);
  }

 private:
  void take() {
    if (!line_->isModified()) return;
    line_->setModified(false);
    try {
      Value value = parseValue(spec_, line_->text().trimmed().toStdString());
      if (auto problem = problemWith(spec_, value)) throw RequestError(*problem);
      Q_EMIT refused({});
      if (value == value_) return;
      value_ = value;
      Q_EMIT edited(value, true);
    } catch (const Error& error) {
      Q_EMIT refused(QString::fromStdString((*words_)(error.message())));
    }
  }

  const ParameterSpec& spec_;
  QLineEdit* line_;
  Value value_;
  const Words* words_ = &Words::in(Language::English);
};

/// Free text in as many lines as it takes, up to six; otherwise like a TextEditor.
class WrappedTextEditor : public ValueEditor {
 public:
  explicit WrappedTextEditor(const ParameterSpec& spec)
      : spec_(spec), text_(new QPlainTextEdit(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(text_);
    text_->setTabChangesFocus(true);
    text_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    text_->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    text_->installEventFilter(this);
    connect(text_->document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged,
            this, &WrappedTextEditor::fit);
  }

  void setValue(const Value& value) override {
    value_ = value;
    text_->setPlainText(QString::fromStdString(std::get<Text>(value).text));
    Q_EMIT refused({});
  }
  void setWords(const Words& words, const QString& label, const QString& meaning) override {
    words_ = &words;
    text_->setAccessibleName(label);
    text_->setAccessibleDescription(meaning);
  }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
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

 private:
  void take() {
    if (!text_->document()->isModified()) return;
    text_->document()->setModified(false);
    try {
      Value value = parseValue(spec_, text_->toPlainText().simplified().toStdString());
      if (auto problem = problemWith(spec_, value)) throw RequestError(*problem);
      Q_EMIT refused({});
      if (value == value_) return;
      value_ = value;
      Q_EMIT edited(value, true);
    } catch (const Error& error) {
      Q_EMIT refused(QString::fromStdString((*words_)(error.message())));
    }
  }

  void fit() {
    const int lines = std::clamp(qRound(text_->document()->size().height()), 1, 6);
    const int margins = 2 * (qRound(text_->document()->documentMargin()) + text_->frameWidth());
    text_->setFixedHeight(lines * text_->fontMetrics().lineSpacing() + margins + 2);
    text_->setVerticalScrollBarPolicy(
        text_->document()->size().height() > 6 ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
  }

  const ParameterSpec& spec_;
  QPlainTextEdit* text_;
  Value value_;
  const Words* words_ = &Words::in(Language::English);
};

/// A slider with the exact entry beside it.
class NumberEditor : public ValueEditor {
 public:
  explicit NumberEditor(const ParameterSpec& spec)
      : spec_(spec),
        scale_(spec),
        slider_(new QSlider(Qt::Horizontal, this)),
        text_(new TextEditor(spec)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(slider_, 1);
    layout->addWidget(text_);
    slider_->setRange(0, scale_.positions());
    slider_->setPageStep(std::max(1, scale_.positions() / 10));
    slider_->setVisible(scale_.isBounded());
    slider_->setMinimumWidth(60);
    slider_->installEventFilter(new IgnoreWheel(slider_));
    connect(slider_, &QSlider::valueChanged, this, &NumberEditor::slide);
    connect(slider_, &QSlider::sliderReleased, this, [this] { Q_EMIT edited(value_, true); });
    connect(text_, &ValueEditor::refused, this, &ValueEditor::refused);
    connect(text_, &ValueEditor::edited, this, [this](const Value& value, bool finished) {
      fit();
      showOnSlider(value);
      Q_EMIT edited(value, finished);
    });
  }

  void setValue(const Value& value) override {
    text_->setValue(value);
    fit();
    showOnSlider(value);
  }

  void setWords(const Words& words, const QString& label, const QString& meaning) override {
    text_->setWords(words, label, meaning);
    slider_->setAccessibleName(nameOfPart(words, "panel.slider", label));
    slider_->setAccessibleDescription(meaning);
    fit();
  }

 private:
  /// The entry has room for the numbers that sliders give; a longer one must not lose digits.
  void fit() {
    if (slider_->isHidden()) return;
    const QFontMetrics metrics = fontMetrics();
    const int usual = metrics.averageCharWidth() * 9 + 16;
    const int needed = metrics.horizontalAdvance(text_->line()->text()) + 24;
    text_->setMaximumWidth(std::max(usual, needed));
    text_->setMinimumWidth(needed > usual ? std::min(needed, 2 * usual) : 0);
    slider_->setMinimumWidth(needed > usual ? 24 : 60);
  }

  void showOnSlider(const Value& value) {
    value_ = value;
    const QSignalBlocker blocker(slider_);
    slider_->setValue(scale_.positionOf(spec_.kind() == ParameterKind::Integer
                                            ? static_cast<double>(std::get<std::int64_t>(value))
                                            : std::get<double>(value)));
  }

  void slide(int position) {
    const double number = scale_.valueAt(position);
    value_ = spec_.kind() == ParameterKind::Integer ? Value(static_cast<std::int64_t>(number))
                                                    : Value(number);
    text_->setValue(value_);
    fit();
    Q_EMIT edited(value_, !slider_->isSliderDown());
  }

  const ParameterSpec& spec_;
  NumberScale scale_;
  QSlider* slider_;
  TextEditor* text_;
  Value value_;
};

class ToggleEditor : public ValueEditor {
 public:
  explicit ToggleEditor(const ParameterSpec&) : box_(new QCheckBox(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(box_);
    connect(box_, &QCheckBox::toggled, this, [this](bool on) { Q_EMIT edited(on, true); });
  }
  void setValue(const Value& value) override {
    const QSignalBlocker blocker(box_);
    box_->setChecked(std::get<bool>(value));
  }
  void setWords(const Words&, const QString& label, const QString& meaning) override {
    box_->setAccessibleName(label);
    box_->setAccessibleDescription(meaning);
  }

 private:
  QCheckBox* box_;
};

class ChoiceEditor : public ValueEditor {
 public:
  ChoiceEditor(const ParameterSpec& spec, std::string experiment)
      : spec_(spec), experiment_(std::move(experiment)), box_(new QComboBox(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(box_);
    for (const std::string& name : spec.choices) box_->addItem(QString::fromStdString(name));
    box_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box_->setMinimumContentsLength(8);
    box_->installEventFilter(new IgnoreWheel(box_));
    connect(box_, &QComboBox::activated, this, [this](int index) {
      Q_EMIT edited(Choice{spec_.choices[static_cast<std::size_t>(index)]}, true);
    });
  }
  void setValue(const Value& value) override {
    const auto& choices = spec_.choices;
    const auto place = std::find(choices.begin(), choices.end(), std::get<Choice>(value).name);
    const QSignalBlocker blocker(box_);
    box_->setCurrentIndex(static_cast<int>(place - choices.begin()));
  }
  void setWords(const Words& words, const QString& label, const QString& meaning) override {
    box_->setAccessibleName(label);
    box_->setAccessibleDescription(meaning);
    for (int i = 0; i < box_->count(); ++i) {
      const std::string& name = spec_.choices[static_cast<std::size_t>(i)];
      const std::string own = spec_.name + "." + name;
      box_->setItemText(i, QString::fromStdString(words.has(experiment_, "choice", own)
                                                      ? words.of(experiment_, "choice", own)
                                                      : words.of(experiment_, "choice", name)));
    }
  }

 private:
  const ParameterSpec& spec_;
  std::string experiment_;
  QComboBox* box_;
};

class FileEditor : public ValueEditor {
 public:
  explicit FileEditor(const ParameterSpec& spec)
      : text_(new TextEditor(spec)), browse_(new QPushButton(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(text_, 1);
    layout->addWidget(browse_);
    connect(text_, &ValueEditor::refused, this, &ValueEditor::refused);
    connect(text_, &ValueEditor::edited, this, &ValueEditor::edited);
    connect(browse_, &QPushButton::clicked, this, [this] {
      const QString path = QFileDialog::getOpenFileName(window(), browse_->accessibleName());
      if (path.isEmpty()) return;
      text_->setValue(File{path.toStdString()});
      Q_EMIT edited(File{path.toStdString()}, true);
    });
  }
  void setValue(const Value& value) override { text_->setValue(value); }
  void setWords(const Words& words, const QString& label, const QString& meaning) override {
    text_->setWords(words, label, meaning);
    browse_->setText(QString::fromStdString(words("panel.browse")));
    browse_->setAccessibleName(nameOfPart(words, "panel.browse_for", label));
  }

 private:
  TextEditor* text_;
  QPushButton* browse_;
};

}  // namespace

std::unique_ptr<ValueEditor> makeEditor(const ParameterSpec& spec, const std::string& experiment) {
  switch (spec.kind()) {
    case ParameterKind::Real:
    case ParameterKind::Integer:
      return std::make_unique<NumberEditor>(spec);
    case ParameterKind::Toggle:
      return std::make_unique<ToggleEditor>(spec);
    case ParameterKind::Choice:
      return std::make_unique<ChoiceEditor>(spec, experiment);
    case ParameterKind::File:
      return std::make_unique<FileEditor>(spec);
    case ParameterKind::Point:
    case ParameterKind::Distribution:
    case ParameterKind::Points:
    case ParameterKind::Box:
      return std::make_unique<TextEditor>(spec);
    case ParameterKind::Drawing:
      return std::make_unique<DrawingEditor>(spec);
    case ParameterKind::Text:
      return std::make_unique<WrappedTextEditor>(spec);
  }
  return nullptr;
}

}  // namespace viva
