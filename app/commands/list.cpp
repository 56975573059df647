// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/list.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/commands/console.h"
#include "app/commands/sentence.h"
#include "app/export/labels.h"

namespace viva {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kWidth = 100;

std::string sectionOf(const Lesson& lesson) {
  for (const LessonEntry& entry : lessonList())
    if (entry.id == lesson.id) return entry.section;
  return {};
}

std::vector<std::string> presetNames(const ExperimentSpec& spec) {
  std::vector<std::string> names;
  for (const Preset& preset : spec.presets) names.push_back(preset.name);
  return names;
}

std::string asText(const Catalog& catalog, const Words& words) {
  std::string text;
  for (const Lesson& lesson : catalog.lessons()) {
    const std::string section = sectionOf(lesson);
    text += lesson.id + " · " + words("lesson." + lesson.id);
    if (!section.empty()) text += " (" + words("section." + section) + ")";
    text += "\n";
    std::size_t column = 0;
    for (const ExperimentSpec* spec : lesson.experiments)
      column = std::max(column, spec->id.size());
    for (const ExperimentSpec* spec : lesson.experiments) {
      text += "  " + padded(spec->id, column) + "  " + experimentTitle(words, spec->id) + "\n";
      if (spec->presets.empty()) continue;
      std::string left = words("command.list.presets") + " ";
      const std::size_t indent = column + 4;
      const std::size_t inner = displayWidth(left);
      for (const std::string& line : wrapped(joined(presetNames(*spec)), kWidth - indent - inner)) {
        text += std::string(indent, ' ') + padded(left, inner) + line + "\n";
        left.clear();
      }
    }
  }
  return text;
}

}  // namespace

Json listJson(const Catalog& catalog, const Words& words) {
  Json lessons = Json::array();
  for (const Lesson& lesson : catalog.lessons()) {
    Json experiments = Json::array();
    for (const ExperimentSpec* spec : lesson.experiments)
      experiments.push_back({{"id", spec->id},
                             {"title", experimentTitle(words, spec->id)},
                             {"version", spec->version},
                             {"presets", presetNames(*spec)}});
    lessons.push_back({{"id", lesson.id},
                       {"title", words("lesson." + lesson.id)},
                       {"section", sectionOf(lesson)},
                       {"experiments", std::move(experiments)}});
  }
  return {{"version", 1}, {"lessons", std::move(lessons)}};
}

int listCommand(const ListRequest& request, const Catalog& catalog, const Words& words) {
  print(request.json ? listJson(catalog, words).dump(2) + "\n" : asText(catalog, words));
  return kDone;
}

}  // namespace viva
