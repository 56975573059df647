// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/optimizer_race_presets.h"

namespace viva {

std::vector<Preset> racePresets() {
  return {
      {"ravine-zigzag", {}, 200},
  };
}

}  // namespace viva
