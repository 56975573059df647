// SPDX-License-Identifier: GPL-3.0-or-later
// Which lessons there are, known before their library is loaded: resources/lessons.json, compiled
// in.
#pragma once

#include <string>
#include <vector>

namespace viva {

struct LessonEntry {
  std::string id, section;
  std::vector<std::string> experiments;
};
/// All lessons in teaching order; their titles are the words `lesson.<id>`, `section.<id>`.
const std::vector<LessonEntry>& lessonList();

}  // namespace viva
