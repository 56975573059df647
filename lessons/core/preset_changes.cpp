// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/preset_changes.h"

namespace viva {

std::vector<std::string> changedFromPreset(const ExperimentSpec& spec, std::string_view preset,
                                           const Parameters& now) {
  std::vector<std::string> names;
  const Preset* const found = spec.findPreset(preset);
  if (!found || found->settings.empty()) return names;
  const Parameters wanted = spec.parametersOf(preset);
  for (const auto& [name, text] : found->settings)
    if (wanted.value(name) != now.value(name)) names.push_back(name);
  return names;
}

}  // namespace viva
