// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/lesson_list.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace viva {

std::vector<std::pair<std::string_view, std::string_view>> embeddedLessonList();

const std::vector<LessonEntry>& lessonList() {
  static const std::vector<LessonEntry> list = [] {
    std::vector<LessonEntry> entries;
    for (const auto& entry : nlohmann::json::parse(embeddedLessonList().at(0).second))
      entries.push_back({entry.at("id"), entry.at("section"),
                         entry.at("experiments").get<std::vector<std::string>>()});
    return entries;
  }();
  return list;
}

}  // namespace viva
