// SPDX-License-Identifier: GPL-3.0-or-later
// The build without Qt.
#include "app/agents/lesson_library.h"

namespace viva {

bool hasLessonLibrary() { return false; }
std::string lessonMarkdown(const std::string&, const std::string&, Language) { return {}; }

struct LessonSearch::Index {};
LessonSearch::LessonSearch(const Catalog&, Language) {}
LessonSearch::~LessonSearch() = default;
std::vector<FoundPlace> LessonSearch::find(const std::string&, std::size_t) const { return {}; }

std::vector<std::string> differencesInWords(const ExperimentSpec&, const RunSettings&,
                                            const RunSettings&, const Words&) {
  return {};
}

}  // namespace viva
