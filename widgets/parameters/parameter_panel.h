// SPDX-License-Identifier: GPL-3.0-or-later
// The controls of an experiment, made from its declaration.
#pragma once

#include <QScrollArea>
#include <vector>

#include "lessons/core/experiment.h"
#include "widgets/parameters/parameter_control.h"

class QGroupBox;

namespace viva {

/// All parameters of one experiment, a box a group. Shows only what is relevant to the present
/// values.
class ParameterPanel : public QScrollArea {
  Q_OBJECT

 public:
  explicit ParameterPanel(const ExperimentSpec& spec, QWidget* parent = nullptr);

  void setValues(const Parameters& parameters);
  /// The preset's values, which "reset" goes back to.
  void setBaseline(const Parameters& parameters);
  void setWords(const Words& words);
  /// Controls that a teacher has hidden.
  void setHidden(const std::vector<std::string>& names);
  ParameterControl* control(std::string_view name) const;

 Q_SIGNALS:
  void edited(const QString& name, const viva::Value& value, bool finished);

 private:
  struct Group {
    std::string name;
    QGroupBox* box;
    std::vector<ParameterControl*> controls;
  };
  Group& group(const std::string& name);
  void showRelevant();

  const ExperimentSpec& spec_;
  Parameters values_;
  std::vector<Group> groups_;
  std::vector<std::string> hidden_;
};

}  // namespace viva
