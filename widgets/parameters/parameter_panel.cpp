// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/parameter_panel.h"

#include <QGroupBox>
#include <QVBoxLayout>
#include <algorithm>

namespace viva {

ParameterPanel::ParameterPanel(const ExperimentSpec& spec, QWidget* parent)
    : QScrollArea(parent), spec_(spec), values_(spec.parameters) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* content = new QWidget;
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(6, 6, 6, 6);
  setWidget(content);
  for (const ParameterSpec& parameter : spec.parameters) {
    Group& home = group(parameter.group);
    auto* control = new ParameterControl(parameter, spec.id, home.box);
    home.box->layout()->addWidget(control);
    home.controls.push_back(control);
    connect(control, &ParameterControl::edited, this,
            [this](const QString& name, const Value& value, bool finished) {
              values_.set(name.toStdString(), value);
              showRelevant();
              Q_EMIT edited(name, value, finished);
            });
  }
  layout->addStretch(1);
  showRelevant();
}

ParameterPanel::Group& ParameterPanel::group(const std::string& name) {
  const auto place = std::find_if(groups_.begin(), groups_.end(),
                                  [&](const Group& known) { return known.name == name; });
  if (place != groups_.end()) return *place;
  auto* box = new QGroupBox(widget());
  auto* rows = new QVBoxLayout(box);
  rows->setContentsMargins(8, 6, 4, 6);
  rows->setSpacing(4);
  widget()->layout()->addWidget(box);
  groups_.push_back({name, box, {}});
  return groups_.back();
}

ParameterControl* ParameterPanel::control(std::string_view name) const {
  for (const Group& known : groups_)
    for (ParameterControl* control : known.controls)
      if (control->spec().name == name) return control;
  return nullptr;
}

void ParameterPanel::setValues(const Parameters& parameters) {
  values_ = parameters;
  for (const Group& known : groups_)
    for (ParameterControl* control : known.controls)
      control->setValue(parameters.value(control->spec().name));
  showRelevant();
}

void ParameterPanel::setBaseline(const Parameters& parameters) {
  for (const Group& known : groups_)
    for (ParameterControl* control : known.controls)
      control->setBaseline(parameters.value(control->spec().name));
}

void ParameterPanel::setWords(const Words& words) {
  for (const Group& known : groups_) {
    known.box->setTitle(known.name.empty()
                            ? QString()
                            : QString::fromStdString(words.of(spec_.id, "group", known.name)));
    for (ParameterControl* control : known.controls) control->setWords(words);
  }
}

void ParameterPanel::setHidden(const std::vector<std::string>& names) {
  hidden_ = names;
  showRelevant();
}

void ParameterPanel::showRelevant() {
  for (const Group& known : groups_) {
    bool any = false;
    for (ParameterControl* control : known.controls) {
      const ParameterSpec& parameter = control->spec();
      const bool shown = values_.isRelevant(parameter) &&
                         std::find(hidden_.begin(), hidden_.end(), parameter.name) == hidden_.end();
      control->setVisible(shown);
      any |= shown;
    }
    known.box->setVisible(any);
  }
}

}  // namespace viva
