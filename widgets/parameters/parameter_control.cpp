// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/parameter_control.h"

#include <QAbstractButton>
#include <QEvent>
#include <algorithm>

namespace viva {
namespace {

constexpr int kMostLines = 2;  // of a label, beside its entry

}  // namespace

ParameterControl::ParameterControl(const ParameterSpec& spec, std::string experiment,
                                   QWidget* parent)
    : QWidget(parent),
      spec_(spec),
      experiment_(std::move(experiment)),
      value_(spec.default_value),
      baseline_(spec.default_value),
      label_(new WrappedLabel(this)),
      editor_(makeEditor(spec, experiment_)),
      unit_(new WrappedLabel(this)),
      reset_(new QToolButton(this)),
      problem_(new WrappedLabel(this)),
      rows_(new QVBoxLayout(this)),
      head_(new QHBoxLayout),
      entry_row_(new QBoxLayout(QBoxLayout::LeftToRight)) {
  rows_->setContentsMargins(0, 0, 0, 0);
  rows_->setSpacing(1);
  head_->setSpacing(6);
  entry_row_->setSpacing(6);
  entry_row_->setAlignment(Qt::AlignRight);
  auto* button = qobject_cast<QAbstractButton*>(editor_->entry());
  if (button) head_->addWidget(button);  // a check box comes before its label
  head_->addWidget(label_, 1);
  head_->addWidget(reset_);
  head_->addLayout(entry_row_);
  if (editor_->entry() && !button) entry_row_->addWidget(editor_->entry());
  entry_row_->addWidget(unit_);
  rows_->addLayout(head_);
  rows_->addWidget(editor_.get());
  rows_->addWidget(problem_);
  editor_->setVisible(!editor_->isEntryOnly());

  problem_->setObjectName("problem");
  problem_->setForegroundRole(QPalette::BrightText);  // the theme's colour of what is wrong
  problem_->hide();
  unit_->hide();
  reset_->setText(QStringLiteral("↺"));
  reset_->setAutoRaise(true);
  reset_->setFocusPolicy(Qt::StrongFocus);
  QSizePolicy stays = reset_->sizePolicy();
  stays.setRetainSizeWhenHidden(true);
  reset_->setSizePolicy(stays);

  if (button) connect(label_, &WrappedLabel::clicked, button, &QAbstractButton::click);
  connect(editor_.get(), &ValueEditor::edited, this, [this](const Value& value, bool finished) {
    value_ = value;
    refresh();
    Q_EMIT edited(QString::fromStdString(spec_.name), value_, finished);
  });
  connect(editor_.get(), &ValueEditor::refused, this, [this](const QString& problem) {
    problem_->setText(QStringLiteral("⚠ ") + problem);
    problem_->setVisible(!problem.isEmpty());
  });
  connect(reset_, &QToolButton::clicked, this, [this] {
    setValue(baseline_);
    Q_EMIT edited(QString::fromStdString(spec_.name), value_, true);
  });
  editor_->setValue(value_);
  refresh();
}

void ParameterControl::setValue(const Value& value) {
  if (value == value_) return;
  value_ = value;
  editor_->setValue(value);
  refresh();
}

void ParameterControl::setBaseline(const Value& baseline) {
  baseline_ = baseline;
  refresh();
}

void ParameterControl::setWords(const Words& words, const QString& title) {
  text_ = QString::fromStdString(words.of(experiment_, "parameter", spec_.name));
  title_ = title;
  const QString meaning =
      QString::fromStdString(words.of(experiment_, "parameter_meaning", spec_.name));
  const QString effect = QString::fromStdString(
      words(spec_.effect == Effect::Live ? "panel.effect_live" : "panel.effect_restart"));
  const QString tip =
      QStringLiteral("%1\n%2 (%3)").arg(meaning, QString::fromStdString(spec_.name), effect);
  setToolTip(tip);
  editor_->setWords(words, title_, meaning);
  unit_->setText(spec_.unit.empty() ? QString() : QString::fromStdString(words(spec_.unit)));
  unit_->setVisible(!spec_.unit.empty());
  const QString back = QString::fromStdString(
      words(Message{"panel.reset_parameter", {{"parameter", title_.toStdString()}}}));
  reset_->setToolTip(back);
  reset_->setAccessibleName(back);
  refresh();
}

void ParameterControl::setApart(bool apart) {
  apart_ = apart;
  refresh();
}

std::vector<QWidget*> ParameterControl::stops() const {
  std::vector<QWidget*> stops;
  const auto add = [&](QWidget* within) {
    if (within->focusPolicy() & Qt::TabFocus) stops.push_back(within);
    for (QWidget* part : within->findChildren<QWidget*>()) {
      if (!(part->focusPolicy() & Qt::TabFocus) || part->isWindow()) continue;
      // The list that a box drops down is not visited.
      const auto is_inside_popup = [&] {
        for (QWidget* above = part; above != within; above = above->parentWidget())
          if (above->isWindow()) return true;
        return false;
      };
      if (!is_inside_popup()) stops.push_back(part);
    }
  };
  QWidget* entry = editor_->entry();
  add(editor_.get());
  if (entry && !editor_->isAncestorOf(entry)) add(entry);
  stops.push_back(reset_);
  return stops;
}

void ParameterControl::refresh() {
  QFont font = label_->font();
  font.setBold(differs());
  label_->setFont(font);
  const QString& name = apart_ ? title_ : text_;
  label_->setText(differs() ? QStringLiteral("• ") + name : name);
  reset_->setVisible(differs());
  arrange();
}

/// The entry stands beside the label while that needs no more than two lines there.
void ParameterControl::arrange() {
  QWidget* entry = editor_->entry();
  if (!entry || qobject_cast<QAbstractButton*>(entry)) return;
  const int spacing = entry_row_->spacing();
  const int unit = unit_->isHidden() ? 0 : unit_->sizeHint().width();
  const bool stacked = editor_->entryWidth() + spacing + unit > room_;
  entry_row_->setDirection(stacked ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  unit_->setFixedWidth(std::clamp(unit, 0, std::max(0, room_)));
  const int wanted = std::min(editor_->entryWidth(), std::max(2 * spacing, room_));
  editor_->fitEntry(wanted);
  const int label_room = stacked ? 0
                                 : room_ - wanted - (unit > 0 ? unit + spacing : 0) -
                                       reset_->sizeHint().width() - 2 * head_->spacing();
  QFont bold = label_->font();
  bold.setBold(true);
  const QString longest = QStringLiteral("• ") + (apart_ ? title_ : text_);
  const auto lines = WrappedText::linesOfWords(longest, bold, label_room);
  const bool in_head = lines && *lines <= kMostLines;
  // Beside an entry nothing moves when the button comes; alone, the label has the whole line.
  QSizePolicy policy = reset_->sizePolicy();
  policy.setRetainSizeWhenHidden(in_head);
  reset_->setSizePolicy(policy);
  if (in_head == entry_is_in_head_) return;
  entry_is_in_head_ = in_head;
  if (in_head) {
    rows_->removeItem(entry_row_);
    head_->addLayout(entry_row_);
  } else {
    head_->removeItem(entry_row_);
    rows_->insertLayout(2, entry_row_);
  }
}

/// However wide the entry is now, there is an arrangement that needs less.
QSize ParameterControl::minimumSizeHint() const {
  const int label =
      label_->minimumSizeHint().width() + head_->spacing() + reset_->sizeHint().width();
  const int editor = editor_->isHidden() ? 0 : editor_->minimumSizeHint().width();
  return {std::max(label, editor), QWidget::minimumSizeHint().height()};
}

void ParameterControl::setRoom(int width) {
  room_ = width;
  arrange();
}

/// A part has another size than before.
bool ParameterControl::event(QEvent* event) {
  const bool heard = QWidget::event(event);
  if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::FontChange) arrange();
  return heard;
}

}  // namespace viva
