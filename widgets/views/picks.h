// SPDX-License-Identifier: GPL-3.0-or-later
// From a cell that is clicked to the Integer parameters that it sets (ViewSpec::picks).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lessons/core/parameter.h"

namespace viva {

/// What to announce, as View::parameterDragged does; the last one is `finished`.
struct Pick {
  std::string name;
  Value value;
  bool finished = false;
};

/// Those of the indices that a parameter can take and does not have yet. An empty name, or one of
/// another kind of parameter, is passed over.
std::vector<Pick> picksOf(const std::optional<Parameters>& parameters,
                          const std::vector<std::pair<std::string, std::int64_t>>& indices);

/// The value of the Integer parameter of this name; -1 when there is none.
int pickedIndex(const std::optional<Parameters>& parameters, const std::string& name);

}  // namespace viva
