// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/agents/agent_prompts.h"

#include "app/agents/agent_tools.h"
#include "app/agents/lesson_library.h"
#include "app/catalog_loader.h"
#include "app/commands/experiment_name.h"
#include "app/commands/sentence.h"
#include "app/export/labels.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

OrderedJson said(const std::string& text) {
  return {{"role", "user"}, {"content", {{"type", "text"}, {"text", text}}}};
}

OrderedJson enclosed(const std::string& lesson, const std::string& kind, Language language) {
  OrderedJson resource{{"uri", lessonUri(lesson, kind)},
                       {"mimeType", "text/markdown"},
                       {"text", lessonMarkdown(lesson, kind, language)}};
  return {{"role", "user"}, {"content", {{"type", "resource"}, {"resource", std::move(resource)}}}};
}

std::vector<std::string> lessonNames() {
  std::vector<std::string> names;
  for (const Lesson& lesson : loadCatalog().lessons()) names.push_back(lesson.id);
  return names;
}

std::vector<std::string> presetNamesOf(const Json& given) {
  const auto experiment = given.find("experiment");
  std::vector<std::string> names;
  if (experiment == given.end() || !experiment->is_string()) return names;
  if (const ExperimentSpec* spec = findExperiment(experiment->get<std::string>(), loadCatalog()))
    for (const Preset& preset : spec->presets) names.push_back(preset.name);
  return names;
}

using Messages = std::function<OrderedJson(const Json&)>;
/// Names that there are not are wrong parameters of the request.
Messages checked(Messages make, const Words& words) {
  return [make = std::move(make), &words](const Json& arguments) {
    try {
      return make(arguments);
    } catch (const Error& error) {
      throw RpcError(rpc::kInvalidParams, errorLine(error.message(), words));
    }
  };
}

OrderedJson quiz(const Json& arguments, const Words& words) {
  const Lesson& lesson = loadCatalog().lesson(arguments["lesson"].get<std::string>());
  OrderedJson messages = OrderedJson::array();
  messages.push_back(said(
      words(Message{"agents.prompt_text.quiz_me_on", {{"lesson", Word{"lesson." + lesson.id}}}})));
  messages.push_back(enclosed(lesson.id, "cards", words.language()));
  return messages;
}

OrderedJson explanation(const Json& arguments, const Words& words) {
  const Catalog& catalog = loadCatalog();
  const ExperimentSpec& spec = catalog.experiment(arguments["experiment"].get<std::string>());
  const Lesson& lesson = catalog.lessonOf(spec);
  const std::string preset = arguments.value("preset", std::string());
  static_cast<void>(spec.parametersOf(preset));  // refuses one that there is not
  OrderedJson call{{"experiment", spec.id}};
  if (!preset.empty()) call["preset"] = preset;
  if (arguments.contains("seed")) call["seed"] = arguments["seed"];
  std::string text =
      words(Message{"agents.prompt_text.explain_this_run",
                    {{"experiment", experimentTitle(words, spec.id)}, {"call", textOf(call)}}});
  if (!preset.empty())
    text += "\n\n" + words(Message{"agents.prompt_text.claim",
                                   {{"claim", words.of(spec.id, "preset_claim", preset)}}});
  OrderedJson messages = OrderedJson::array();
  messages.push_back(said(text));
  messages.push_back(enclosed(lesson.id, "notes", words.language()));
  return messages;
}

McpPromptArgument argument(const std::string& name, bool required, const Words& words,
                           std::function<std::vector<std::string>(const Json&)> values = {}) {
  return {name, words("agents.argument." + name), required, std::move(values)};
}

McpPrompt prompt(const std::string& name, std::vector<McpPromptArgument> arguments, Messages make,
                 const Words& words) {
  return {name, words("agents.prompt." + name), words("agents.prompt_about." + name),
          std::move(arguments), checked(std::move(make), words)};
}

}  // namespace

std::vector<McpPrompt> agentPrompts(const Words& words) {
  return {prompt(
              "quiz_me_on",
              {argument("lesson", true, words, [](const Json&) { return lessonNames(); })},
              [&words](const Json& arguments) { return quiz(arguments, words); }, words),
          prompt(
              "explain_this_run",
              {argument("experiment", true, words,
                        [](const Json&) { return experimentNames(loadCatalog()); }),
               argument("preset", false, words, presetNamesOf), argument("seed", false, words)},
              [&words](const Json& arguments) { return explanation(arguments, words); }, words)};
}

}  // namespace viva
