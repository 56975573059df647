// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/agents/agent_tools.h"

#include <memory>
#include <mutex>

#include "app/agents/lesson_library.h"
#include "app/agents/tool_schemas.h"
#include "app/catalog_loader.h"
#include "app/commands/describe.h"
#include "app/commands/experiment_name.h"
#include "app/commands/list.h"
#include "app/commands/run_settings.h"
#include "app/commands/sentence.h"
#include "app/export/summary.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

McpAnswer refusal(std::string sentence, OrderedJson structured = nullptr) {
  return {std::move(structured), std::move(sentence), {}, true};
}

/// What a caller can do wrong, and what can go wrong for a caller, is told in one sentence.
using Work = std::function<McpAnswer(const Json& arguments, const McpCall& call)>;
Work told(Work work, const Words& words) {
  return [work = std::move(work), &words](const Json& arguments, const McpCall& call) {
    try {
      return work(arguments, call);
    } catch (const Error& error) {
      return refusal(errorLine(error.message(), words));
    } catch (const std::exception& error) {
      const std::string what = error.what();
      return refusal(errorLine(
          {"command.error.unexpected", {{"reason", what.substr(0, what.find('\n'))}}}, words));
    }
  };
}

/// Progress grows, whatever is told of a run that is prepared: a millionth of a step each time.
TellProgress progressOf(const McpCall& call, const Words& words) {
  return
      [&call, &words, told = -1.0, preparing = 0](std::int64_t step, std::int64_t steps) mutable {
        const double done = step < 0 ? 1e-6 * ++preparing : static_cast<double>(step);
        if (done <= told) return;
        told = done;
        call.progress(done, static_cast<double>(steps), words(progressMessage(step, steps)));
      };
}

McpAnswer ran(const Json& arguments, const McpCall& call, const AgentRules& rules,
              const Words& words) {
  const AgentRun run =
      runForAgent(runRequestOf(arguments["experiment"].get<std::string>(), arguments), rules,
                  loadCatalog(), words, call.stop, progressOf(call, words));
  if (run.results.status == RunStatus::Failed) return refusal(failureLine(run, words), run.summary);
  McpAnswer answer{run.summary, {}, {}, false};
  for (const auto& [name, bytes] : run.figures) answer.pictures.push_back({bytes, "image/png"});
  return answer;
}

// --- Comparing -----------------------------------------------------------------------------------

/// What the two runs were told: parameters and seed that differ, by name.
OrderedJson toldApart(const AgentRun& a, const AgentRun& b) {
  OrderedJson differs = OrderedJson::object();
  const auto compare = [&](const std::string& name, const OrderedJson& one,
                           const OrderedJson& other) {
    if (one != other) differs[name] = {{"a", one}, {"b", other}};
  };
  for (const auto& [name, value] : a.summary["parameters"].items())
    compare(name, value, b.summary["parameters"][name]);
  compare("seed", a.results.file.seed, b.results.file.seed);
  compare("steps", a.results.file.steps, b.results.file.steps);
  return differs;
}

/// The last values of every record that either has.
OrderedJson finalsOf(const AgentRun& a, const AgentRun& b) {
  OrderedJson finals = OrderedJson::object();
  const OrderedJson &one = a.summary["final"], &other = b.summary["final"];
  const auto add = [&](const std::string& name) {
    if (finals.contains(name)) return;
    const OrderedJson x = one.value(name, OrderedJson()), y = other.value(name, OrderedJson());
    OrderedJson difference;
    if (x.is_number() && y.is_number()) difference = jsonNumber(y.get<double>() - x.get<double>());
    finals[name] = {{"a", x}, {"b", y}, {"difference", std::move(difference)}};
  };
  for (const auto& [name, unused] : one.items()) add(name);
  for (const auto& [name, unused] : other.items()) add(name);
  return finals;
}

McpAnswer compared(const Json& arguments, const McpCall& call, const AgentRules& rules,
                   const Words& words) {
  const Catalog& catalog = loadCatalog();
  const std::string experiment = arguments["experiment"].get<std::string>();
  const ExperimentSpec& spec = experimentNamed(experiment, catalog);
  const RunRequest requests[] = {runRequestOf(experiment, arguments["a"]),
                                 runRequestOf(experiment, arguments["b"])};
  // Both are checked before the first one takes its time.
  std::int64_t lengths[2];
  for (int i = 0; i < 2; ++i) {
    requireAllowed(requests[i], spec, rules);
    lengths[i] = settingsOf(requests[i], spec, catalog.runtime()).steps;
  }
  const TellProgress tell = progressOf(call, words);
  const auto run = [&](int i) {
    return runForAgent(requests[i], rules, catalog, words, call.stop,
                       [&](std::int64_t step, std::int64_t) {
                         const std::int64_t before = i == 0 ? 0 : lengths[0];
                         tell(step < 0 ? step : before + step, lengths[0] + lengths[1]);
                       });
  };
  const AgentRun a = run(0), b = run(1);
  for (const AgentRun* one : {&a, &b})
    if (one->results.status == RunStatus::Failed) return refusal(failureLine(*one, words));
  const auto first = firstDifference(a.results.file, b.results.records);
  OrderedJson result;
  result["experiment"] = experiment;
  result["same_numbers"] = a.results.file.digest == b.results.file.digest;
  result["first_difference"] = first && !first->empty() ? OrderedJson(*first) : OrderedJson();
  result["differs"] = toldApart(a, b);
  if (hasLessonLibrary())
    result["in_words"] = differencesInWords(spec, b.settings, a.settings, words);
  result["final"] = finalsOf(a, b);
  result["a"] = a.summary;
  result["b"] = b.summary;
  return {std::move(result), {}, {}, false};
}

// --- Looking up ----------------------------------------------------------------------------------

McpAnswer found(const Json& arguments, const LessonSearch& search) {
  constexpr std::size_t kUsually = 10;
  const std::string query = arguments["query"].get<std::string>();
  OrderedJson results = OrderedJson::array();
  for (const FoundPlace& place : search.find(query, arguments.value("limit", kUsually))) {
    OrderedJson one{{"kind", place.kind},
                    {"title", place.title},
                    {"context", place.context},
                    {"target", place.target}};
    if (!place.lesson.empty())
      one["uri"] = lessonUri(place.lesson, place.kind == "card" ? "cards" : "notes");
    if (!place.text.empty()) one["text"] = place.text;
    results.push_back(std::move(one));
  }
  return {{{"query", query}, {"results", std::move(results)}}, {}, {}, false};
}

/// Made when it is first asked; several threads may.
class LazySearch {
 public:
  explicit LazySearch(Language language) : language_(language) {}
  const LessonSearch& get() {
    const std::lock_guard lock(mutex_);
    if (!search_) search_ = std::make_unique<LessonSearch>(loadCatalog(), language_);
    return *search_;
  }

 private:
  const Language language_;
  std::mutex mutex_;
  std::unique_ptr<LessonSearch> search_;
};

McpTool tool(const char* name, OrderedJson input, OrderedJson output, Work work,
             const Words& words) {
  McpTool made;
  made.name = name;
  made.title = words(std::string("agents.tool.") + name);
  made.description = words(std::string("agents.tool_about.") + name);
  made.input_schema = std::move(input);
  made.output_schema = std::move(output);
  made.call = told(std::move(work), words);
  return made;
}

}  // namespace

std::vector<McpTool> agentTools(const AgentRules& rules, const Words& words) {
  std::vector<McpTool> tools;
  tools.push_back(tool(
      "list_lessons", noArgumentsSchema(), lessonsSchema(),
      [&words](const Json&, const McpCall&) -> McpAnswer {
        return {listJson(loadCatalog(), words), {}, {}, false};
      },
      words));
  tools.push_back(tool(
      "describe_experiment", describeArgumentsSchema(words), descriptionSchema(),
      [&words](const Json& arguments, const McpCall&) -> McpAnswer {
        const Catalog& catalog = loadCatalog();
        const std::string name = arguments["experiment"].get<std::string>();
        const ExperimentSpec& spec = experimentNamed(name, catalog);
        return {descriptionJson(spec, catalog.lessonOf(spec), words), {}, {}, false};
      },
      words));
  tools.push_back(tool(
      "run_experiment", runArgumentsSchema(words), runSchema(),
      [rules, &words](const Json& arguments, const McpCall& call) {
        return ran(arguments, call, rules, words);
      },
      words));
  tools.back().is_long = true;
  tools.push_back(tool(
      "compare_runs", compareArgumentsSchema(words), comparisonSchema(),
      [rules, &words](const Json& arguments, const McpCall& call) {
        return compared(arguments, call, rules, words);
      },
      words));
  tools.back().is_long = true;
  if (hasLessonLibrary())
    tools.push_back(tool(
        "search", searchArgumentsSchema(words), foundSchema(),
        [search = std::make_shared<LazySearch>(words.language())](
            const Json& arguments, const McpCall&) { return found(arguments, search->get()); },
        words));
  return tools;
}

std::string explained(const SchemaProblem& problem, const Words& words) {
  using Rule = SchemaProblem::Rule;
  static constexpr const char* kKeys[] = {
      "agents.error.wrong_type",   "agents.error.missing_argument", "agents.error.unknown_argument",
      "agents.error.not_a_choice", "agents.error.out_of_range",     "agents.error.wrong_length"};
  // Of an unknown name the search for a slip compares what stands behind the last dot.
  const std::string& path = problem.path;
  std::string name = path;
  if (problem.rule == Rule::Unknown) name = path.substr(path.rfind('.') + 1);
  return errorLine({kKeys[static_cast<std::size_t>(problem.rule)],
                    {{"name", name}, {"allowed", problem.allowed}}},
                   words);
}

std::string lessonUri(const std::string& lesson, const std::string& kind) {
  return "viva://lessons/" + lesson + "/" + kind;
}

}  // namespace viva
