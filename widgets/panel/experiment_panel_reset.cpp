// SPDX-License-Identifier: GPL-3.0-or-later
// Many parameters at once.
#include "widgets/panel/experiment_panel.h"
#include "widgets/parameters/parameter_panel.h"
#include "widgets/views/view.h"

namespace viva {
namespace {

class ParametersChange : public QUndoCommand {
 public:
  ParametersChange(std::function<void(const Parameters&)> apply, Parameters before,
                   Parameters after)
      : apply_(std::move(apply)), before_(std::move(before)), after_(std::move(after)) {}
  void undo() override { apply_(before_); }
  void redo() override { apply_(after_); }

 private:
  std::function<void(const Parameters&)> apply_;
  Parameters before_, after_;
};

}  // namespace

void ExperimentPanel::editAll(const Parameters& values) {
  dragged_.reset();
  if (values == parameters_) return;
  changes_.push(new ParametersChange(
      [this](const Parameters& wanted) {
        applyAll(wanted);
        parameter_panel_->setValues(parameters_);
      },
      parameters_, values));
}

/// The run goes on with them where it could take them one after the other; otherwise a new one
/// begins.
void ExperimentPanel::applyAll(const Parameters& values) {
  const RunStatus status = runner_.state().status;
  bool restarts = status != RunStatus::Running && status != RunStatus::Completed;
  std::vector<std::string> changed;
  Parameters between = parameters_;
  for (const ParameterSpec& parameter : spec_.parameters) {
    const Value& value = values.value(parameter.name);
    if (value == between.value(parameter.name)) continue;
    changed.push_back(parameter.name);
    between.set(parameter.name, value);
    restarts |= parameter.effect == Effect::Restart || (spec_.validate && spec_.validate(between));
  }
  if (changed.empty()) return;
  parameters_ = values;
  giveParameters();
  if (restarts) {
    play_after_restart_ = runner_.state().playing || (settle_.isActive() && play_after_restart_);
    return restart();
  }
  follow();
  for (const std::string& name : changed) runner_.change(name, values.value(name));
}

}  // namespace viva
