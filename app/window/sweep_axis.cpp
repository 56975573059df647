// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/sweep_axis.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>
#include <cmath>

#include "app/sweep/cell_words.h"
#include "app/sweep/grid.h"
#include "widgets/parameters/range_slider.h"

namespace viva {
namespace {

bool isNumber(const ParameterSpec& spec) {
  return spec.kind() == ParameterKind::Real || spec.kind() == ParameterKind::Integer;
}

bool canBeSwept(const ParameterSpec& spec) {
  return isNumber(spec) || spec.kind() == ParameterKind::Choice ||
         spec.kind() == ParameterKind::Toggle;
}

QString shortest(double number) { return QString::fromStdString(formatNumber(number)); }

}  // namespace

SweepAxis::SweepAxis(const ExperimentSpec& spec, const Parameters& values, bool optional,
                     const Words& words, QWidget* parent)
    : QWidget(parent),
      spec_(spec),
      values_(values),
      words_(words),
      parameter_(new QComboBox),
      slider_(new RangeSlider),
      from_(new QLineEdit),
      to_(new QLineEdit),
      count_(new QSpinBox),
      logarithmic_(new QCheckBox),
      all_(new QLabel),
      numbers_(new QWidget) {
  const auto text = [&](const char* key) { return QString::fromStdString(words(key)); };
  if (optional) parameter_->addItem(text("sweep.window.none"), QString());
  for (const ParameterSpec& parameter : spec.parameters)
    if (canBeSwept(parameter) && values_.isRelevant(parameter))
      parameter_->addItem(QString::fromStdString(parameterInWords(spec, parameter, words)),
                          QString::fromStdString(parameter.name));
  parameter_->setAccessibleName(text("sweep.window.parameter"));
  slider_->setAccessibleName(text("sweep.window.range"));
  from_->setAccessibleName(text("sweep.window.from"));
  to_->setAccessibleName(text("sweep.window.to"));
  count_->setAccessibleName(text("sweep.window.count"));
  count_->setRange(2, 100);
  count_->setValue(optional ? 5 : 9);
  logarithmic_->setText(text("sweep.window.logarithmic"));
  all_->setWordWrap(true);

  auto* grid = new QGridLayout(numbers_);
  grid->setContentsMargins({});
  grid->addWidget(slider_, 0, 0, 1, 6);
  const auto add = [&](int column, const char* key, QWidget* field) {
    grid->addWidget(new QLabel(text(key)), 1, column);
    grid->addWidget(field, 1, column + 1);
  };
  add(0, "sweep.window.from", from_);
  add(2, "sweep.window.to", to_);
  add(4, "sweep.window.count", count_);
  grid->addWidget(logarithmic_, 2, 0, 1, 6);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins({});
  column->addWidget(parameter_);
  column->addWidget(numbers_);
  column->addWidget(all_);

  connect(parameter_, &QComboBox::currentIndexChanged, this, &SweepAxis::showParameter);
  connect(slider_, &RangeSlider::rangeDragged, this, &SweepAxis::takeDragged);
  for (QLineEdit* field : {from_, to_}) {
    connect(field, &QLineEdit::textEdited, this, &SweepAxis::placeHandles);
    connect(field, &QLineEdit::textEdited, this, &SweepAxis::changed);
  }
  connect(count_, &QSpinBox::valueChanged, this, &SweepAxis::changed);
  connect(logarithmic_, &QCheckBox::toggled, this, &SweepAxis::changed);
  showParameter();
}

std::string SweepAxis::parameter() const {
  return parameter_->currentData().toString().toStdString();
}

void SweepAxis::setParameter(const std::string& name) {
  parameter_->setCurrentIndex(std::max(0, parameter_->findData(QString::fromStdString(name))));
}

void SweepAxis::setRange(const QString& from, const QString& to, int count, bool logarithmic) {
  from_->setText(from);
  to_->setText(to);
  count_->setValue(count);
  logarithmic_->setChecked(logarithmic);
  placeHandles();
}

/// A new parameter begins with its whole range or, where that is open, with a tenth to ten times
/// its present value.
void SweepAxis::showParameter() {
  const std::string name = parameter();
  scale_.reset();
  numbers_->hide();
  all_->hide();
  if (!name.empty()) {
    const ParameterSpec& parameter = values_.spec(name);
    if (isNumber(parameter)) {
      scale_ = std::make_unique<NumberScale>(parameter);
      slider_->setVisible(scale_->isBounded());
      logarithmic_->setChecked(parameter.scale == Scale::Logarithmic && parameter.minimum > 0);
      if (scale_->isBounded()) {
        slider_->setMaximum(scale_->positions());
        slider_->setRange(0, scale_->positions());
        takeDragged(0, scale_->positions());
      } else {
        const double value = numberOf(values_.value(name));
        from_->setText(shortest(value / 10));
        to_->setText(shortest(value == 0 ? 1 : value * 10));
      }
      numbers_->show();
    } else {
      QStringList values;
      if (parameter.kind() == ParameterKind::Toggle)
        values << QString::fromStdString(words_("sweep.off"))
               << QString::fromStdString(words_("sweep.on"));
      else
        for (const std::string& choice : parameter.choices)
          values << QString::fromStdString(choiceInWords(spec_.id, parameter.name, choice, words_));
      all_->setText(values.join(QStringLiteral(" · ")));
      all_->show();
    }
  }
  Q_EMIT changed();
}

void SweepAxis::takeDragged(int low, int high) {
  if (!scale_) return;
  from_->setText(shortest(scale_->valueAt(low)));
  to_->setText(shortest(scale_->valueAt(high)));
  Q_EMIT changed();
}

void SweepAxis::placeHandles() {
  bool from_is_number = false, to_is_number = false;
  const double from = from_->text().toDouble(&from_is_number);
  const double to = to_->text().toDouble(&to_is_number);
  if (scale_ && scale_->isBounded() && from_is_number && to_is_number && from <= to)
    slider_->setRange(scale_->positionOf(from), scale_->positionOf(to));
}

std::optional<std::string> SweepAxis::grid() const {
  const std::string name = parameter();
  if (name.empty()) return std::nullopt;
  const ParameterSpec& parameter = values_.spec(name);
  if (isNumber(parameter)) {
    const QString range = QStringLiteral("%1:%2:%3%4")
                              .arg(from_->text().trimmed(), to_->text().trimmed())
                              .arg(count_->value())
                              .arg(logarithmic_->isChecked() ? QStringLiteral(":log") : QString());
    return name + "=" + range.toStdString();
  }
  if (parameter.kind() == ParameterKind::Toggle) return name + "=false,true";
  std::string values;
  for (const std::string& choice : parameter.choices)
    values += (values.empty() ? "" : ",") + choice;
  return name + "=" + values;
}

}  // namespace viva
