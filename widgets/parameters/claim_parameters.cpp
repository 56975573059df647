// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/claim_parameters.h"

#include <algorithm>

namespace viva {

std::vector<std::string> claimParameters(const ExperimentSpec& spec, std::string_view preset) {
  constexpr std::ptrdiff_t kFewest = 3, kMost = 5;
  const Parameters values = spec.parametersOf(preset);
  std::vector<bool> chosen(spec.parameters.size(), false);
  const auto choose = [&](std::ptrdiff_t up_to, const auto& is_wanted) {
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (std::count(chosen.begin(), chosen.end(), true) >= up_to) return;
      const ParameterSpec& parameter = spec.parameters[i];
      if (values.isRelevant(parameter) && is_wanted(parameter)) chosen[i] = true;
    }
  };
  const auto any = [](const ParameterSpec&) { return true; };
  if (const Preset* found = spec.findPreset(preset)) {
    choose(kMost, [&](const ParameterSpec& parameter) {
      return std::any_of(found->settings.begin(), found->settings.end(),
                         [&](const auto& setting) { return setting.first == parameter.name; });
    });
    choose(kFewest,
           [](const ParameterSpec& parameter) { return parameter.effect == Effect::Live; });
    choose(kFewest, any);
  } else {
    choose(kMost, any);
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    if (chosen[i]) names.push_back(spec.parameters[i].name);
  return names;
}

}  // namespace viva
