// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/agents/agent_offer.h"

#include "app/agents/agent_prompts.h"
#include "app/agents/agent_tools.h"
#include "app/agents/lesson_library.h"
#include "lessons/core/lesson_list.h"

namespace viva {
namespace {

constexpr const char* kKinds[] = {"notes", "cards"};

}  // namespace

McpOffer agentOffer(const AgentRules& rules, const Words& words) {
  McpOffer offer;
  offer.name = "viva";
  offer.title = "Viva";
  offer.version = VIVA_VERSION;
  offer.instructions = words("agents.instructions");
  offer.tools = agentTools(rules, words);
  offer.explain = [&words](const SchemaProblem& problem) { return explained(problem, words); };
  if (!hasLessonLibrary()) return offer;
  for (const LessonEntry& lesson : lessonList())
    for (const std::string kind : kKinds)
      offer.resources.push_back(
          {lessonUri(lesson.id, kind), lesson.id + "/" + kind,
           words(Message{"agents.resource." + kind, {{"lesson", Word{"lesson." + lesson.id}}}}),
           words("agents.resource_about." + kind), "text/markdown"});
  offer.read = [&words](const std::string& uri) -> std::optional<std::string> {
    for (const LessonEntry& lesson : lessonList())
      for (const char* kind : kKinds)
        if (lessonUri(lesson.id, kind) == uri)
          return lessonMarkdown(lesson.id, kind, words.language());
    return {};
  };
  offer.prompts = agentPrompts(words);
  return offer;
}

}  // namespace viva
