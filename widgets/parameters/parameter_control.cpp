// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/parameter_control.h"

#include <QGridLayout>

namespace viva {

ParameterControl::ParameterControl(const ParameterSpec& spec, std::string experiment,
                                   QWidget* parent)
    : QWidget(parent),
      spec_(spec),
      experiment_(std::move(experiment)),
      value_(spec.default_value),
      baseline_(spec.default_value),
      label_(new QLabel(this)),
      editor_(makeEditor(spec, experiment_)),
      unit_(new QLabel(this)),
      reset_(new QToolButton(this)),
      problem_(new QLabel(this)) {
  auto* layout = new QGridLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setHorizontalSpacing(6);
  layout->setVerticalSpacing(2);
  layout->addWidget(label_, 0, 0);
  // A sentence has its own line, and so has paper.
  if (spec_.kind() == ParameterKind::Text || spec_.kind() == ParameterKind::Drawing)
    layout->addWidget(editor_.get(), 1, 0, 1, 4);
  else
    layout->addWidget(editor_.get(), 0, 1);
  layout->addWidget(unit_, 0, 2);
  layout->addWidget(reset_, 0, 3);
  layout->addWidget(problem_, 2, 0, 1, 4);
  layout->setColumnStretch(0, 4);
  layout->setColumnStretch(1, 5);

  label_->setTextFormat(Qt::PlainText);
  label_->setWordWrap(true);
  problem_->setTextFormat(Qt::PlainText);
  problem_->setWordWrap(true);
  problem_->setObjectName("problem");
  problem_->setForegroundRole(QPalette::BrightText);  // the theme's colour of what is wrong
  problem_->hide();
  reset_->setText(QStringLiteral("↺"));
  reset_->setAutoRaise(true);
  QSizePolicy stays = reset_->sizePolicy();
  stays.setRetainSizeWhenHidden(true);
  reset_->setSizePolicy(stays);

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

void ParameterControl::setWords(const Words& words) {
  text_ = QString::fromStdString(words.of(experiment_, "parameter", spec_.name));
  const QString meaning =
      QString::fromStdString(words.of(experiment_, "parameter_meaning", spec_.name));
  const QString effect = QString::fromStdString(
      words(spec_.effect == Effect::Live ? "panel.effect_live" : "panel.effect_restart"));
  const QString tip =
      QStringLiteral("%1\n%2 (%3)").arg(meaning, QString::fromStdString(spec_.name), effect);
  setToolTip(tip);
  editor_->setWords(words, text_, meaning);
  unit_->setText(spec_.unit.empty() ? QString() : QString::fromStdString(words(spec_.unit)));
  unit_->setVisible(!spec_.unit.empty());
  const QString back = QString::fromStdString(
      words(Message{"panel.reset_parameter", {{"parameter", text_.toStdString()}}}));
  reset_->setToolTip(back);
  reset_->setAccessibleName(back);
  refresh();
}

void ParameterControl::refresh() {
  QFont font = label_->font();
  font.setBold(differs());
  label_->setFont(font);
  label_->setText(differs() ? QStringLiteral("• ") + text_ : text_);
  reset_->setVisible(differs());
}

}  // namespace viva
