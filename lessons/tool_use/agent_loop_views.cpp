// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/tool_use/agent_loop_views.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/nn/principal_plane.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

const std::string kOfAgent = "agent-loop.", kMindId = "mind";
constexpr std::size_t kShownNotes = 6;
constexpr std::int64_t kCheckedTasks = 20;

Word agentLabel(const std::string& key) { return {kOfAgent + key}; }

/// Lifelines in the order in which they first speak.
class Trace {
 public:
  explicit Trace(SequenceData& data) : data_(data) {
    for (const char* who : {"person", "loop", "mind"}) lifeline(who);
  }
  void say(SequenceData::Kind kind, const std::string& from, const std::string& to, Label label,
           std::string payload = "") {
    const int first = lifeline(from), second = lifeline(to);
    data_.arrows.push_back({kind, first, second, std::move(label), std::move(payload)});
  }

 private:
  int lifeline(const std::string& id) {
    for (std::size_t i = 0; i < data_.lifelines.size(); ++i)
      if (data_.lifelines[i].id == id) return static_cast<int>(i);
    const bool is_tool = std::ranges::find(kAgentTools, id) != kAgentTools.end();
    // A tool is shown by its own name.
    data_.lifelines.push_back({id, is_tool ? Label(id) : Label(agentLabel("lifeline." + id))});
    return static_cast<int>(data_.lifelines.size()) - 1;
  }

  SequenceData& data_;
};

void sayEvent(Trace& trace, const AgentEvent& event) {
  using Kind = SequenceData::Kind;
  const std::string tool = nameOf(event.tool);
  switch (event.kind) {
    case AgentEvent::Kind::Plan:
      trace.say(Kind::Reply, "mind", "loop", event.said, event.payload);
      break;
    case AgentEvent::Kind::Decide:
      trace.say(Kind::Reply, "mind", "loop", event.said, event.payload);
      break;
    case AgentEvent::Kind::Call:
      trace.say(Kind::Request, "loop", tool, event.said, event.payload);
      break;
    case AgentEvent::Kind::Answer:
      if (event.said.empty())
        trace.say(Kind::Reply, tool, "loop", agentLabel("event.empty"));
      else
        trace.say(Kind::Reply, tool, "loop", event.said);
      break;
    case AgentEvent::Kind::Refused:
      trace.say(Kind::Error, "loop", "mind", agentLabel("event.refused"), event.said);
      break;
    case AgentEvent::Kind::TimedOut:
      trace.say(Kind::Error, tool, "loop", agentLabel("event.no_answer"));
      break;
    case AgentEvent::Kind::Stopped:
      trace.say(Kind::Error, "loop", "person", agentLabel("event.stopped"));
      break;
    case AgentEvent::Kind::Report:
      trace.say(Kind::Reply, "loop", "person", event.said, event.payload);
      break;
  }
}

/// The decision behind a message: the message 0 is the task, then one an event.
std::int64_t decisionBehind(const AgentEpisode& episode, std::int64_t message) {
  if (episode.stances.empty()) return -1;
  std::int64_t decision = 0;
  if (!episode.events.empty()) {
    const auto event = std::clamp<std::int64_t>(
        message - 1, 0, static_cast<std::int64_t>(episode.events.size()) - 1);
    decision = episode.events[static_cast<std::size_t>(event)].decision;
  }
  return std::clamp<std::int64_t>(decision, 0,
                                  static_cast<std::int64_t>(episode.stances.size()) - 1);
}

std::string queryIn(const AgentEpisode& episode, const std::vector<AgentNote>& notes) {
  for (const AgentStance& stance : episode.stances) {
    const auto found = stance.call.arguments.find("query");
    if (stance.call.tool == AgentTool::Documents && found != stance.call.arguments.end())
      if (const auto* text = std::get_if<std::string>(&found->second); text && !text->empty())
        return *text;
  }
  return queryFor(notes.front(), true);
}

std::vector<Point> pointsIn(const torch::Tensor& places) {
  const auto numbers = numbersOf(places);
  std::vector<Point> points;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2)
    points.push_back({numbers[i], numbers[i + 1]});
  return points;
}

PointsLayer noteCloud(const std::string& id, std::vector<Point> points, double size) {
  PointsLayer layer;
  layer.name = layer.id = id;
  layer.label = agentLabel("curve." + id);
  layer.points = std::move(points);
  layer.size = size;
  return layer;
}

void showFaultMatrix(Frame& frame, const AgentLoopState& state) {
  MatrixData& matrix = frame.at<MatrixData>("matrix");
  const auto& faults = kAgentFaults.choices;
  const auto& guards = kAgentGuards.choices;
  matrix.rows = static_cast<int>(faults.size());
  matrix.columns = static_cast<int>(guards.size());
  matrix.row_labels = faults;
  matrix.column_labels = guards;
  matrix.minimum = 0;
  matrix.maximum = 1;
  matrix.is_pending = state.tasks == 0;
  std::vector<float> values;
  for (const auto fault : kAgentFaults.meanings)
    for (const auto guard : kAgentGuards.meanings) {
      const AgentTally* tally = state.find(faultId(fault, guard));
      values.push_back(static_cast<float>(tally == nullptr ? 0
                                          : fault == AgentFault::None
                                              ? tally->success()
                                              : tally->successWhenStruck()));
    }
  matrix.values = shareFloats(std::move(values));
}

/// Each guard over all faults.
void showGuards(BarsData& rates, TableData& table, const AgentLoopState& state) {
  for (const auto guard : kAgentGuards.meanings) {
    double solved = 0, leaked = 0, calls = 0;
    for (const auto fault : kAgentFaults.meanings) {
      const AgentTally* tally = state.find(faultId(fault, guard));
      if (tally == nullptr) continue;
      solved += tally->success();
      leaked += AgentTally::share(tally->leaked, tally->tasks);
      calls += tally->callsEach();
    }
    const auto faults = static_cast<double>(kAgentFaults.meanings.size());
    const std::string& id = kAgentGuards.nameOf(guard);
    const Word label = agentLabel("choice." + kAgentGuards.name + "." + id);
    rates.groups.push_back({id, label, {solved / faults, leaked / faults}});
    table.rows.push_back({id, {label, solved / faults, leaked / faults, calls / faults}});
  }
}

}  // namespace

void showAgentTrace(Frame& frame, const std::string& view, const AgentTask& task,
                    const AgentEpisode& episode) {
  SequenceData& data = frame.at<SequenceData>(view);
  Trace trace(data);
  trace.say(SequenceData::Kind::Request, "person", "loop", shown(task.text));
  for (const AgentEvent& event : episode.events) sayEvent(trace, event);
}

void showDifference(Frame& frame, const AgentEpisode& episode, const AgentEpisode& branch) {
  TableData& table = frame.at<TableData>("difference");
  table.columns = {{"call"},         {"asked"},           {"answered"},
                   {"branch_asked"}, {"branch_answered"}, {"differs"}};
  const std::int64_t first = firstDifference(episode, branch);
  const auto cell = [](const AgentEpisode& of, std::size_t i, bool is_answer) -> TableData::Cell {
    if (is_answer)
      return i < of.answers.size() ? TableData::Cell(shown(of.answers[i])) : std::monostate{};
    return i < of.stances.size() ? TableData::Cell(shortOf(of.stances[i].call)) : std::monostate{};
  };
  const std::size_t most =
      std::min<std::size_t>(8, std::max(episode.stances.size(), branch.stances.size()));
  for (std::size_t i = 0; i < most; ++i) {
    TableData::Cell differs = std::monostate{};
    if (static_cast<std::int64_t>(i) == first) differs = agentLabel("differs.first");
    table.rows.push_back(
        {"",
         {static_cast<double>(i + 1), cell(episode, i, false), cell(episode, i, true),
          cell(branch, i, false), cell(branch, i, true), differs}});
  }
}

void showDecision(Frame& frame, const AgentEpisode& episode, std::int64_t message) {
  BarsData& bars = frame.at<BarsData>("actions");
  for (const char* tool : kAgentTools) bars.categories.emplace_back(std::string(tool));
  TokensData& tokens = frame.at<TokensData>("reading");
  tokens.minimum = 0;
  tokens.maximum = 1;
  const std::int64_t decision = decisionBehind(episode, message);
  if (decision < 0) return;
  const AgentStance& stance = episode.stances[static_cast<std::size_t>(decision)];
  bars.groups.push_back({kMindId,
                         agentLabel("curve." + kMindId),
                         {stance.decision.tools.begin(), stance.decision.tools.end()}});
  TokensData::Row words{"words", agentLabel("row.words"), {}},
      roles{"roles", agentLabel("row.roles"), {}};
  const std::size_t most = std::min(stance.context.size(), stance.decision.roles.size());
  for (std::size_t i = 1; i < most; ++i) {
    const auto& [role, probability] = stance.decision.roles[i];
    const std::string name = agentWords()[static_cast<std::size_t>(role)];
    const bool is_used = name != "-";
    words.pieces.push_back(
        {shown(stance.context[i]),
         is_used ? std::optional(probability) : std::nullopt,
         {kOfAgent + "piece.role", {{"role", name}, {"probability", percent(probability)}}}});
    roles.pieces.push_back({is_used ? name.substr(1) : "·", std::nullopt});
  }
  tokens.rows = {std::move(words), std::move(roles)};
}

void showMemory(Frame& frame, const AgentMemory& memory, const std::vector<AgentNote>& notes,
                const AgentEpisode& episode) {
  const std::string query = queryIn(episode, notes);
  std::vector<AgentText> texts;
  for (const AgentNote& note : notes) texts.push_back(note.text);
  texts.push_back(std::get<AgentText>(readAgentText(query, "query")));
  const auto vectors = memory.vectors(texts);
  const auto plane = principalPlane(vectors.narrow(0, 0, vectors.size(0) - 1));
  const auto places = pointsIn(plane.project(vectors));

  PlaneData& data = frame.at<PlaneData>("memory");
  data.x0 = data.y0 = -1.1;
  data.x1 = data.y1 = 1.1;
  std::vector<Point> lengths, weights;
  for (std::size_t i = 0; i < notes.size(); ++i)
    (notes[i].is_length ? lengths : weights).push_back(places[i]);
  const auto found = memory.find(query, notes, AgentMemoryKind::Vectors);
  const auto by_words = memory.find(query, notes, AgentMemoryKind::Words);
  data.layers.emplace_back(noteCloud("lengths", lengths, 6));
  data.layers.emplace_back(noteCloud("weights", weights, 6));
  data.layers.emplace_back(noteCloud("question", {places.back()}, 11));
  PathLayer path;
  path.name = path.id = "found";
  path.label = agentLabel("curve." + path.id);
  path.points = {places.back(), places[static_cast<std::size_t>(found)]};
  data.layers.emplace_back(std::move(path));

  TableData& table = frame.at<TableData>("notes");
  table.columns = {{"note"},
                   {"cosine", TableData::Best::Largest},
                   {"words", TableData::Best::Largest},
                   {"ago"},
                   {"found_by"}};
  const auto cosines = memory.cosines(query, notes, true),
             overlaps = memory.cosines(query, notes, false);
  std::vector<std::size_t> order(notes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return cosines[a] > cosines[b]; });
  for (std::size_t place = 0; place < std::min(kShownNotes, order.size()); ++place) {
    const std::size_t i = order[place];
    TableData::Cell finder = std::monostate{};
    const auto number = static_cast<std::int64_t>(i);
    if (number == found && number == by_words)
      finder = agentLabel("found.both");
    else if (number == found)
      finder = agentLabel("found.vectors");
    else if (number == by_words)
      finder = agentLabel("found.words");
    table.rows.push_back({notes[i].is_length ? "lengths" : "weights",
                          {shown(notes[i].text), cosines[i], overlaps[i],
                           static_cast<double>(notes.size() - i), finder}});
  }
}

void showAgentRates(Frame& frame, const AgentLoopState& state, AgentRival compare) {
  showFaultMatrix(frame, state);
  BarsData& rates = frame.at<BarsData>("rates");
  TableData& table = frame.at<TableData>("standings");
  table.columns = {{"agent"}, {"success", TableData::Best::Largest}, {"leaks"}, {"tool_calls"}};
  rates.categories = {agentLabel("bar.solved"), agentLabel("bar.leaked")};
  if (compare == AgentRival::Faults) {
    showGuards(rates, table, state);
    return;
  }
  for (const AgentTally& tally : state.tallies) {
    const std::string id = tally.id.empty() ? "agent" : tally.id;
    const double leaks = AgentTally::share(tally.leaked, tally.tasks);
    rates.groups.push_back({id, agentLabel("curve." + id), {tally.success(), leaks}});
    table.rows.push_back(
        {id, {agentLabel("curve." + id), tally.success(), leaks, tally.callsEach()}});
  }
}

void checkAgent(const AgentMind& mind, const AgentMemory& memory,
                const std::vector<AgentNote>& notes, const std::vector<AgentTask>& tasks,
                CheckSink& sink) {
  const torch::NoGradGuard no_grad;
  // Probabilities of tools, from a batch and one exponential at a time.
  double apart = 0;
  for (std::int64_t i = 0; i < kCheckedTasks; ++i) {
    const AgentStep& step = tasks[static_cast<std::size_t>(i)].steps.front();
    const AgentText context = stepContext(step.words, {}, false);
    std::vector<std::int64_t> words(kAgentContext, agentWord("."));
    for (std::size_t place = 0; place < context.size(); ++place) words[place] = context[place].word;
    const auto row = torch::tensor(words, torch::kLong).unsqueeze(0).repeat({2, 1});
    const auto said = mind.logits(row)[1][0].cpu().to(torch::kDouble);
    double sum = 0;
    std::array<double, kAgentTools.size()> powers{};
    for (std::size_t tool = 0; tool < powers.size(); ++tool) {
      powers[tool] = std::exp(said[agentWord(kAgentTools[tool])].item<double>());
      sum += powers[tool];
    }
    const auto& decided = mind.decide(context).tools;
    for (std::size_t tool = 0; tool < powers.size(); ++tool)
      apart = std::max(apart, std::abs(powers[tool] / sum - decided[tool]));
  }
  sink.compare("probabilities", apart, 1e-4);

  // A cosine from the vectors themselves, one product at a time.
  double cosine_apart = 0;
  const std::string query = queryFor(notes.front(), false);
  const auto found = memory.cosines(query, notes, true);
  const auto asked = numbersOf(
      memory.vectors({std::get<AgentText>(readAgentText(query, "query"))})[0].to(torch::kDouble));
  for (std::size_t i = 0; i < notes.size(); ++i) {
    const auto vector = numbersOf(memory.vectors({notes[i].text})[0].to(torch::kDouble));
    double dot = 0, of_note = 0, of_query = 0;
    for (std::size_t k = 0; k < vector.size(); ++k) {
      dot += vector[k] * asked[k];
      of_note += vector[k] * vector[k];
      of_query += asked[k] * asked[k];
    }
    cosine_apart = std::max(cosine_apart, std::abs(dot / std::sqrt(of_note * of_query) - found[i]));
  }
  sink.compare("cosines", cosine_apart, 1e-5);

  // Every task, solved by its own calls.
  double wrong = 0;
  for (const AgentTask& task : tasks) {
    AgentSurroundings surroundings;
    for (const AgentNote& note : notes)
      if (task.steps.front().answer == note.text)
        surroundings.search = [&note](const std::string&) { return note.text; };
    for (const AgentStep& step : task.steps)
      if (step.call.tool != AgentTool::Finish)
        wrong += execute(step.call, surroundings).text != step.answer;
    wrong += surroundings.sent.size() != task.mails.size();
  }
  sink.compare("tools", wrong, 0);
}

}  // namespace viva
