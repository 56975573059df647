// SPDX-License-Identifier: GPL-3.0-or-later
// Which records a view draws, with their names, for every file that tells of them.
#pragma once

#include <string>
#include <vector>

#include "lessons/core/records.h"
#include "lessons/core/view.h"
#include "lessons/core/words.h"

namespace viva {

/// A curve against the step.
struct ViewRecord {
  std::size_t column;
  std::string id, label;
};
std::vector<ViewRecord> recordsOf(const ViewSpec& view, const std::string& experiment,
                                  const Records& records, const Words& words);

/// A path of two records on a plane, as the window draws it.
struct ViewPath {
  std::size_t x, y;  ///< columns
  std::string id, label;
};
std::vector<ViewPath> pathsOf(const ViewSpec::Path& path, const std::string& experiment,
                              const Records& records, const Words& words);

}  // namespace viva
