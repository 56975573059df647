// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/value_editor.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QResizeEvent>
#include <QSignalBlocker>
#include <QStyleOptionComboBox>
#include <algorithm>

#include "lessons/core/file_or_folder.h"
#include "widgets/parameters/drawing_editor.h"
#include "widgets/parameters/number_editor.h"
#include "widgets/parameters/text_editor.h"

namespace viva {
namespace {

class ToggleEditor : public ValueEditor {
 public:
  explicit ToggleEditor(const ParameterSpec&) : box_(new QCheckBox(this)) {
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
  QWidget* entry() const override { return box_; }
  int entryWidth() const override { return box_->sizeHint().width(); }
  bool isEntryOnly() const override { return true; }

 private:
  QCheckBox* box_;
};

/// A list that drops down. Where it is too narrow for the present choice, that is its tool tip.
class ChoiceBox : public QComboBox {
 public:
  explicit ChoiceBox(QWidget* parent) : QComboBox(parent) {
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(3);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(this, &QComboBox::currentIndexChanged, this, [this] { explain(); });
  }
  void explain() {
    QStyleOptionComboBox option;
    initStyleOption(&option);
    const int room =
        style()
            ->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this)
            .width();
    const bool fits = fontMetrics().horizontalAdvance(currentText()) <= room;
    setToolTip(fits ? QString() : currentText());
  }
  void showPopup() override {
    view()->setMinimumWidth(view()->sizeHintForColumn(0));
    QComboBox::showPopup();
  }

 protected:
  // The wheel scrolls the panel; it must not change a value on the way.
  void wheelEvent(QWheelEvent* event) override { event->ignore(); }
  void resizeEvent(QResizeEvent* event) override {
    QComboBox::resizeEvent(event);
    explain();
  }
};

class ChoiceEditor : public ValueEditor {
 public:
  ChoiceEditor(const ParameterSpec& spec, std::string experiment)
      : spec_(spec), experiment_(std::move(experiment)), box_(new ChoiceBox(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(box_);
    for (const std::string& name : spec.choices) box_->addItem(QString::fromStdString(name));
    connect(box_, &QComboBox::activated, this, [this](int index) {
      Q_EMIT edited(Choice{spec_.choices[static_cast<std::size_t>(index)]}, true);
    });
  }
  void setValue(const Value& value) override {
    const auto& choices = spec_.choices;
    const auto place = std::find(choices.begin(), choices.end(), std::get<Choice>(value).name);
    const QSignalBlocker blocker(box_);
    box_->setCurrentIndex(static_cast<int>(place - choices.begin()));
    box_->explain();
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
    box_->explain();
  }

 private:
  const ParameterSpec& spec_;
  std::string experiment_;
  ChoiceBox* box_;
};

class FileEditor : public ValueEditor {
 public:
  explicit FileEditor(const ParameterSpec& spec)
      : text_(new TextEditor(spec)),
        browse_(new QPushButton),
        browse_folder_(mayBeFolder(spec) ? new QPushButton : nullptr),
        layout_(new QBoxLayout(QBoxLayout::LeftToRight, this)) {
    layout_->setContentsMargins(0, 0, 0, 0);
    layout_->addWidget(text_, 1);
    layout_->addWidget(browse_);
    if (browse_folder_) layout_->addWidget(browse_folder_);
    connect(text_, &ValueEditor::refused, this, &ValueEditor::refused);
    connect(text_, &ValueEditor::edited, this, &ValueEditor::edited);
    connect(browse_, &QPushButton::clicked, this,
            [this] { choose(QFileDialog::getOpenFileName(window(), browse_->accessibleName())); });
    if (browse_folder_)
      connect(browse_folder_, &QPushButton::clicked, this, [this] {
        choose(QFileDialog::getExistingDirectory(window(), browse_folder_->accessibleName()));
      });
  }
  void setValue(const Value& value) override { text_->setValue(value); }
  void setWords(const Words& words, const QString& label, const QString& meaning) override {
    keepWords(words, label);
    text_->setWords(words, label, meaning);
    browse_->setText(QString::fromStdString(words("panel.browse")));
    browse_->setAccessibleName(nameOfPart("panel.browse_for"));
    if (!browse_folder_) return;
    browse_folder_->setText(QString::fromStdString(words("panel.browse_folder")));
    browse_folder_->setAccessibleName(nameOfPart("panel.browse_folder_for"));
  }

 protected:
  void resizeEvent(QResizeEvent* event) override {
    ValueEditor::resizeEvent(event);
    // A path is long: beside the button it needs room for a few words.
    const int buttons =
        browse_->sizeHint().width() + (browse_folder_ ? browse_folder_->sizeHint().width() : 0);
    const bool narrow = width() < buttons + fontMetrics().averageCharWidth() * 15;
    layout_->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  }

 private:
  void choose(const QString& path) {
    if (path.isEmpty()) return;
    text_->setValue(File{path.toStdString()});
    Q_EMIT edited(File{path.toStdString()}, true);
  }

  TextEditor* text_;
  QPushButton* browse_;
  QPushButton* browse_folder_;  ///< null: files only
  QBoxLayout* layout_;
};

}  // namespace

void ValueEditor::keepWords(const Words& words, const QString& label) {
  words_ = &words;
  label_ = label;
}

QString ValueEditor::nameOfPart(const char* key) const {
  return QString::fromStdString((*words_)(Message{key, {{"parameter", label_.toStdString()}}}));
}

QString ValueEditor::inWords(Message message, const ParameterSpec& spec) const {
  if (!label_.isEmpty())
    for (auto& [name, argument] : message.arguments)
      if (name == "name" && argument == Argument(spec.name)) argument = label_.toStdString();
  return QString::fromStdString((*words_)(message));
}

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
