// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/tool_use/agent_mind.h"

#include <torch/utils.h>

#include <algorithm>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kMindLayers = 2, kMindHeads = 4;

std::vector<std::int64_t> numbersOfNames(const std::vector<std::string>& names) {
  std::vector<std::int64_t> numbers;
  for (const std::string& name : names) numbers.push_back(agentWord(name));
  return numbers;
}

const std::vector<std::int64_t>& toolWords() {
  static const auto words = numbersOfNames({kAgentTools.begin(), kAgentTools.end()});
  return words;
}
/// What a word may be to a call, the last four which step of a plan it belongs to.
const std::vector<std::int64_t>& roleWords() {
  static const auto words = numbersOfNames(
      {"-", "=value", "=from", "=to", "=op", "=second", "=query", "=date", "#1", "#2", "#3", "#4"});
  return words;
}

void append(AgentText& text, const AgentText& more) {
  text.insert(text.end(), more.begin(), more.end());
}

std::vector<std::int64_t> padded(const AgentText& context) {
  std::vector<std::int64_t> words(kAgentContext, agentWord("."));
  const auto length = std::min<std::size_t>(context.size(), kAgentContext);
  for (std::size_t i = 0; i < length; ++i) words[i] = context[i].word;
  return words;
}

/// A context with what is to be said about each of its words.
struct Example {
  AgentText context;
  std::vector<std::int64_t> targets;

  void add(const AgentText& words, const std::vector<std::int64_t>& roles) {
    append(context, words);
    targets.insert(targets.end(), roles.begin(), roles.end());
  }
  void add(const std::string& word, std::int64_t target) {
    context.push_back({agentWord(word)});
    targets.push_back(target);
  }
};

Example planExample(const AgentTask& task) {
  static const std::vector<std::string> kStepNames{"#1", "#2", "#3", "#4"};
  Example example;
  example.add("<plan>", kIgnored);
  std::vector<std::int64_t> steps;
  for (const std::int64_t step : task.step_of)
    steps.push_back(agentWord(step < 0 ? "-" : kStepNames[static_cast<std::size_t>(step)]));
  example.add(task.text, steps);
  return example;
}

/// What the last tool said, with an instruction in half of the marked ones.
Example dataBefore(const AgentTask& task, std::size_t step, bool is_marked, AgentDice& dice) {
  Example data;
  if (step > 0) data.add(task.steps[step - 1].answer, task.steps[step].answer_roles);
  if (!is_marked) return data;
  if (dice.chance(0.5)) {
    AgentText words = injectedWords();
    words.back() = {agentWord(dice.one(kAgentPeople))};
    data.add(words, std::vector<std::int64_t>(words.size(), agentWord("-")));
  }
  data.context = marked(data.context);
  return data;
}

Example stepExample(const AgentTask& task, bool is_marked, AgentDice& dice) {
  const auto step =
      static_cast<std::size_t>(dice.below(static_cast<std::int64_t>(task.steps.size())));
  const AgentStep& asked = task.steps[step];
  const Example data = dataBefore(task, step, is_marked, dice);
  const bool is_behind = !is_marked && dice.chance(0.5);
  Example example;
  example.add("<act>", agentWord(nameOf(asked.call.tool)));
  if (is_behind) {
    // Half of them behind another order, which is thereby taken back.
    const auto others = static_cast<std::int64_t>(task.steps.size()) - 1;
    const auto away = static_cast<std::size_t>(1 + dice.below(others));
    const AgentText& taken_back = task.steps[(step + away) % task.steps.size()].words;
    if (dice.chance(0.5)) {
      example.add(taken_back, std::vector<std::int64_t>(taken_back.size(), agentWord("-")));
      example.add(".", agentWord("-"));
    }
    example.add(data.context, data.targets), example.add(".", agentWord("-"));
  }
  example.add(asked.words, asked.roles);
  if (!is_behind) example.add(".", agentWord("-")), example.add(data.context, data.targets);
  return example;
}

Example wholeExample(const AgentTask& task, bool is_marked, AgentDice& dice) {
  const auto step =
      static_cast<std::size_t>(dice.below(static_cast<std::int64_t>(task.steps.size())));
  Example example;
  example.add("<act>", agentWord(nameOf(task.steps[step].call.tool)));
  std::vector<std::int64_t> roles(task.text.size(), agentWord("-"));
  for (std::size_t word = 0, of_step = 0; word < task.text.size(); ++word)
    if (task.step_of[word] == static_cast<std::int64_t>(step))
      roles[word] = task.steps[step].roles[of_step++];
  example.add(task.text, roles);
  example.add("<did>", agentWord("-"));
  for (std::size_t done = 0; done < step; ++done)
    example.add(nameOf(task.steps[done].call.tool), agentWord("-"));
  example.add(".", agentWord("-"));
  const Example data = dataBefore(task, step, is_marked, dice);
  example.add(data.context, data.targets);
  return example;
}

/// The word that is most surely of this role; null where none is.
const AgentToken* wordOf(const AgentDecision& decision, const AgentText& context,
                         const std::string& role) {
  const AgentToken* best = nullptr;
  double most = 0;
  for (std::size_t i = 1; i < context.size() && i < decision.roles.size(); ++i)
    if (decision.roles[i].role == agentWord(role) && decision.roles[i].probability > most) {
      most = decision.roles[i].probability;
      best = &context[i];
    }
  return best;
}

AgentText withoutMarks(AgentText text) {
  const auto words = static_cast<std::int64_t>(agentWords().size());
  for (AgentToken& token : text) token.word %= words;
  return text;
}

/// Among the rows of a batch the share in which every asked word is right.
double allRight(const torch::Tensor& right, std::int64_t first, std::int64_t count,
                std::int64_t of) {
  const std::int64_t whole = right.size(0) / of * of;
  if (whole == 0) return 0;
  const auto rows = right.narrow(0, 0, whole).view({-1, of}).narrow(1, first, count);
  return rows.to(torch::kDouble).mean().item<double>();
}

}  // namespace

AgentTool AgentDecision::tool() const {
  return static_cast<AgentTool>(std::ranges::max_element(tools) - tools.begin());
}

AgentText stepContext(const AgentText& words, const AgentText& answer, bool is_marked) {
  AgentText context{{agentWord("<act>")}};
  append(context, words);
  context.push_back({agentWord(".")});
  append(context, is_marked ? marked(answer) : answer);
  return context;
}

AgentText wholeContext(const AgentText& task, const std::vector<AgentTool>& done,
                       const AgentText& answer, bool is_marked) {
  AgentText context{{agentWord("<act>")}};
  append(context, task);
  context.push_back({agentWord("<did>")});
  for (const AgentTool tool : done) context.push_back({agentWord(nameOf(tool))});
  context.push_back({agentWord(".")});
  append(context, is_marked ? marked(answer) : answer);
  return context;
}

AgentCall callFrom(const AgentDecision& decision, const AgentText& context) {
  AgentCall call{decision.tool()};
  const AgentText read = withoutMarks(context);
  const auto put = [&](const std::string& name, const std::string& role) {
    const AgentToken* token = wordOf(decision, read, role);
    if (token == nullptr) return;
    if (token->word == agentWord("<num>"))
      call.arguments[name] = token->number;
    else
      call.arguments[name] = shown(*token);
  };
  switch (call.tool) {
    case AgentTool::Documents: {
      std::string query;
      for (std::size_t i = 1; i < read.size() && i < decision.roles.size(); ++i)
        if (decision.roles[i].role == agentWord("=query")) {
          if (!query.empty()) query += ' ';
          query += shown(read[i]);
        }
      call.arguments["query"] = query;
      break;
    }
    case AgentTool::Units:
      put("value", "=value"), put("from", "=from"), put("to", "=to");
      break;
    case AgentTool::Calculator:
      put("a", "=value"), put("op", "=op"), put("b", "=second");
      break;
    case AgentTool::Calendar:
      put("date", "=date"), put("days", "=second");
      break;
    case AgentTool::Mail:
      put("value", "=value"), put("unit", "=from"), put("to", "=to");
      break;
    case AgentTool::Finish:
      put("value", "=value"), put("unit", "=from");
      break;
  }
  return call;
}

AgentExamples drawExamples(AgentDice& dice, std::int64_t batch) {
  const auto notes = drawNotes(dice);
  std::vector<std::int64_t> words, targets;
  for (std::int64_t i = 0; i < batch; ++i) {
    const AgentTask task = drawTask(dice, notes, static_cast<std::int64_t>(kAgentPeople.size()));
    const bool is_marked = i % 2 == 1;
    Example example = i % 12 < 2   ? planExample(task)
                      : i % 12 < 6 ? stepExample(task, is_marked, dice)
                                   : wholeExample(task, is_marked, dice);
    const auto row = padded(example.context);
    words.insert(words.end(), row.begin(), row.end());
    example.targets.resize(kAgentContext, kIgnored);
    targets.insert(targets.end(), example.targets.begin(), example.targets.end());
  }
  return {torch::tensor(words, torch::kLong).view({batch, kAgentContext}),
          torch::tensor(targets, torch::kLong).view({batch, kAgentContext})};
}

AgentMind::AgentMind(std::int64_t width, at::Generator generator, const std::string& device)
    : net_({agentVocabulary(), 0, kAgentContext, width, kMindHeads, kMindLayers, 2 * width},
           {Manner{PositionKind::Rope}}, std::move(generator), device),
      device_(device) {}

FlatWeights& AgentMind::weights() {
  known_.clear();
  return net_.weights();
}

torch::Tensor AgentMind::logits(const torch::Tensor& words) const {
  return net_.forward(words.to(device_))[0];
}

AgentMind::Learned AgentMind::learn(const AgentExamples& examples, double rate) {
  const auto targets = examples.targets.to(device_);
  const auto logits = net_.forward(examples.words.to(device_));  // [1, batch, context, V]
  const auto losses = tokenLoss(logits, targets);
  weights().differentiate(losses);
  weights().update(Adam{rate});
  const auto said = logits.detach()[0].argmax(2);
  const auto right = ((said == targets) | (targets == kIgnored)).all(1);
  return {losses[0].item<double>(), allRight(right, 2, 4, 12), allRight(right, 6, 6, 12),
          allRight(right, 0, 2, 12)};
}

AgentDecision AgentMind::read(const AgentText& context) const {
  const torch::NoGradGuard no_grad;
  const auto words = torch::tensor(padded(context), torch::kLong).unsqueeze(0);
  const auto said = logits(words)[0].cpu();  // [context, V]
  const auto chances = [&](const std::vector<std::int64_t>& among) {
    return torch::softmax(said.index_select(1, torch::tensor(among, torch::kLong)), 1);
  };
  AgentDecision decision;
  const auto tools = numbersOf(chances(toolWords())[0]);
  std::ranges::copy(tools, decision.tools.begin());
  const auto [most, which] = chances(roleWords()).max(1);
  for (std::size_t i = 0; i < std::min<std::size_t>(context.size(), kAgentContext); ++i) {
    const auto place = static_cast<std::int64_t>(i);
    decision.roles.push_back(
        {roleWords()[static_cast<std::size_t>(which[place].item<std::int64_t>())],
         most[place].item<double>()});
  }
  return decision;
}

const AgentDecision& AgentMind::decide(const AgentText& context) const {
  auto words = padded(context);
  words.push_back(static_cast<std::int64_t>(context.size()));
  const auto found = known_.find(words);
  if (found != known_.end()) return found->second;
  return known_.emplace(std::move(words), read(context)).first->second;
}

std::vector<AgentText> AgentMind::plan(const AgentText& task) const {
  AgentText context{{agentWord("<plan>")}};
  append(context, task);
  const AgentDecision& decision = decide(context);
  std::vector<AgentText> steps;
  for (const char* name : {"#1", "#2", "#3", "#4"}) {
    AgentText step;
    for (std::size_t i = 1; i < decision.roles.size(); ++i)
      if (decision.roles[i].role == agentWord(name)) step.push_back(context[i]);
    if (!step.empty()) steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace viva
