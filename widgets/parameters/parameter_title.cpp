// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameters/parameter_title.h"

#include <algorithm>

namespace viva {

QString parameterTitle(const ExperimentSpec& spec, const ParameterSpec& parameter,
                       const Words& words) {
  const auto labelOf = [&](const ParameterSpec& one) {
    return words.of(spec.id, "parameter", one.name);
  };
  const std::string label = labelOf(parameter);
  const bool twice =
      std::count_if(spec.parameters.begin(), spec.parameters.end(),
                    [&](const ParameterSpec& other) { return labelOf(other) == label; }) > 1;
  if (!twice || parameter.group.empty()) return QString::fromStdString(label);
  return QString::fromStdString(words.of(spec.id, "group", parameter.group) + " · " + label);
}

}  // namespace viva
