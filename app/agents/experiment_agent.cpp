// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/agents/experiment_agent.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "app/agents/agent_tools.h"
#include "app/agents/tool_schemas.h"
#include "app/catalog_loader.h"
#include "app/commands/execution.h"
#include "app/commands/experiment_name.h"
#include "app/commands/sentence.h"
#include "app/export/labels.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

/// Letters of which names and values are made: what else stands in a text separates them.
bool isOfAName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '=' || c == '+' || c == ',';
}

/// The names in a text, in whatever language it is; a full stop or comma at the end is none of it.
std::vector<std::string> namesIn(const std::string& text) {
  std::vector<std::string> names;
  std::string name;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && isOfAName(text[i])) {
      name += text[i];
      continue;
    }
    while (!name.empty() && (name.back() == '.' || name.back() == ',')) name.pop_back();
    if (!name.empty()) names.push_back(std::move(name));
    name.clear();
  }
  return names;
}

std::optional<std::uint64_t> countIn(const std::string& name) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), count);
  if (error != std::errc{} || end != name.data() + name.size()) return {};
  return count;
}

A2aAnswer asked(const std::string& sentence) {
  return {A2aState::InputRequired, sentence, nullptr, {}};
}

A2aAnswer done(const A2aAsk& ask, const A2aWork& work, const AgentRules& rules,
               const Words& words) {
  const Catalog& catalog = loadCatalog();
  Json arguments = askedIn(ask.text, catalog);
  arguments.update(ask.data);
  if (!arguments.contains("experiment"))
    return asked(errorLine({"agents.ask.which_experiment", {}}, words));
  if (const auto problem = problemIn(arguments, runArgumentsSchema(words)))
    return {A2aState::Rejected, explained(*problem, words), nullptr, {}};
  const std::string experiment = arguments["experiment"].get<std::string>();
  const AgentRun run = runForAgent(runRequestOf(experiment, arguments), rules, catalog, words,
                                   work.stop, [&](std::int64_t step, std::int64_t steps) {
                                     work.tell(words(progressMessage(step, steps)));
                                   });
  A2aAnswer answer;
  answer.data = run.summary;
  if (run.results.status == RunStatus::Failed) {
    answer.state = A2aState::Failed;
    answer.sentence = failureLine(run, words);
    return answer;
  }
  answer.sentence = explanationOf(run, catalog, words);
  for (const auto& [name, bytes] : run.figures) answer.pictures.push_back({name, bytes});
  return answer;
}

}  // namespace

nlohmann::json askedIn(const std::string& text, const Catalog& catalog) {
  nlohmann::json asked = nlohmann::json::object();
  const std::vector<std::string> names = namesIn(text);
  const ExperimentSpec* spec = nullptr;
  for (const std::string& name : names)
    if (const ExperimentSpec* called = findExperiment(name, catalog)) spec = called;
  if (spec) asked["experiment"] = spec->id;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::size_t equals = names[i].find('=');
    const auto next = i + 1 < names.size() ? countIn(names[i + 1]) : std::nullopt;
    if (equals != std::string::npos && equals > 0) {
      const std::string name = names[i].substr(0, equals), value = names[i].substr(equals + 1);
      const auto count = countIn(value);
      if ((name == "seed" || name == "steps") && count)
        asked[name] = *count;
      else
        asked["set"][name] = value;
    } else if ((names[i] == "seed" || names[i] == "steps") && next) {
      asked[names[i]] = *next;
    } else if (names[i] == "steps" && i > 0 && countIn(names[i - 1])) {
      asked["steps"] = *countIn(names[i - 1]);
    } else if (spec && spec->findPreset(names[i])) {
      asked["preset"] = names[i];
    }
  }
  return asked;
}

std::string explanationOf(const AgentRun& run, const Catalog& catalog, const Words& words) {
  constexpr std::size_t kMostValues = 8;
  const ExperimentSpec& spec = *run.results.spec;
  const std::string& preset = run.results.file.preset;
  const auto line = [&](const Message& message) { return words(message) + "\n"; };
  std::string text =
      line({"agents.result.run",
            {{"experiment", experimentTitle(words, spec.id)},
             {"steps", run.results.file.steps},
             {"seed", std::to_string(run.results.file.seed)},
             {"status", Word{"command.status." + std::string(nameOf(run.results.status))}}}});
  if (!preset.empty())
    text += line({"agents.result.claim", {{"claim", words.of(spec.id, "preset_claim", preset)}}});
  for (const auto& [view, sentence] : run.summary["verdicts"].items())
    text += line({"agents.result.verdict", {{"verdict", sentence.get<std::string>()}}});
  const auto changed = run.summary.find("changed_from_preset");
  if (changed != run.summary.end() && !changed->empty())
    text += line(
        {"agents.result.changed", {{"names", joined(changed->get<std::vector<std::string>>())}}});
  std::string values;
  std::size_t told = 0;
  for (const auto& [record, value] : run.summary["final"].items()) {
    if (!value.is_number() || told++ >= kMostValues) continue;
    values += (values.empty() ? "" : "; ") + recordLabel(words, spec.id, record) + ": " +
              words(Message{"agents.result.value", {{"value", value.get<double>()}}});
  }
  if (!values.empty()) text += line({"agents.result.final", {{"values", values}}});
  for (const CheckResult& check : run.results.checks)
    if (check.failed()) text += line(failedCheckNote(check, spec, words));
  text += words(
      Message{"agents.result.read", {{"lesson", Word{"lesson." + catalog.lessonOf(spec).id}}}});
  return text;
}

A2aOffer experimentAgent(const AgentRules& rules, const Words& words) {
  A2aOffer offer;
  offer.name = "Viva";
  offer.description = words("agents.instructions");
  offer.version = VIVA_VERSION;
  offer.skill = "run-experiment";
  offer.skill_name = words("agents.skill");
  offer.skill_description = words("agents.skill_about");
  offer.tags = {"machine-learning", "experiment", "education"};
  offer.examples = {words("agents.skill_example")};
  offer.work = [rules, &words](const A2aAsk& ask, const A2aWork& work) -> A2aAnswer {
    try {
      return done(ask, work, rules, words);
    } catch (const RequestError& error) {
      return {A2aState::Rejected, errorLine(error.message(), words), nullptr, {}};
    } catch (const Error& error) {
      return {A2aState::Failed, errorLine(error.message(), words), nullptr, {}};
    }
  };
  return offer;
}

}  // namespace viva
