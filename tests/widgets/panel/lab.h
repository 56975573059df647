// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/fakes/fake_experiment.h"
#include "widgets/panel/experiment_panel.h"

namespace viva::fakes {

/// A panel of the fake descent on screen.
struct PanelOnScreen {
  FakeRuntime runtime;
  ExperimentPanel panel{fakeSpec(), runtime, Appearance{}};
  PanelOnScreen() {
    panel.resize(1000, 700);
    panel.show();
  }
  const RunState& state() { return panel.runner().state(); }
};

}  // namespace viva::fakes
