// SPDX-License-Identifier: GPL-3.0-or-later
// A net learns to call tools; then agents with that mind solve the same tasks, one a step.
#include "lessons/tool_use/agent_loop.h"

#include <torch/utils.h>

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "lessons/data/dataset.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/warm_up.h"
#include "lessons/tool_use/agent_episode.h"
#include "lessons/tool_use/agent_loop_views.h"
#include "lessons/tool_use/agent_memory.h"
#include "lessons/tool_use/agent_mind.h"

namespace viva {
namespace {

constexpr std::uint64_t kMindStream = 0, kExampleStream = 1, kTaskStream = 2, kNoteStream = 3,
                        kMemoryStream = 4;
constexpr std::int64_t kMindWarmUp = 30;
/// Tasks name all of kAgentPeople but the last, the attacker.
const auto kHonestPeople = static_cast<std::int64_t>(kAgentPeople.size()) - 1;

AgentSetting ownSetting(const Parameters& p) {
  return {p[kAgentPlanner], p[kAgentMemory], p[kAgentGuards], p[kAgentFaults], {}};
}

/// In the order of agentIdsOf.
std::vector<AgentSetting> settingsOf(const Parameters& p) {
  std::vector<AgentSetting> all;
  const auto add = [&](auto... changes) {
    AgentSetting setting = ownSetting(p);
    (changes(setting), ...);
    all.push_back(setting);
  };
  switch (p[kAgentCompare]) {
    case AgentRival::None:
    case AgentRival::Fork:
      add();
      break;
    case AgentRival::Planner:
      for (const bool has_planner : {true, false})
        add([&](auto& s) { s.has_planner = has_planner; });
      break;
    case AgentRival::Memory:
      for (const auto memory : kAgentMemory.meanings) add([&](auto& s) { s.memory = memory; });
      break;
    case AgentRival::Faults:
      for (const auto fault : kAgentFaults.meanings)
        for (const auto guard : kAgentGuards.meanings)
          add([&](auto& s) { s.fault = fault, s.guard = guard; });
      break;
    case AgentRival::Injection:
      for (const auto guard : {AgentGuard::None, AgentGuard::Marking})
        add([&](auto& s) { s.fault = AgentFault::Injected, s.guard = guard; });
      break;
  }
  return all;
}

/// The first number twice as large.
AgentText doubled(AgentText text) {
  for (AgentToken& token : text)
    if (token.word == agentWord("<num>")) {
      token.number *= 2;
      return text;
    }
  for (AgentToken& token : text)
    if (token.word == agentWord("<date>")) token.number += 7;
  return text;
}

class AgentLoop : public Experiment {
 public:
  AgentLoop(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        settings_(settingsOf(p)),
        mind_(p[kAgentWidth], generatorFor(context.seed, kMindStream), context.device),
        memory_(generatorFor(context.seed, kMemoryStream), context.device),
        examples_(generatorFor(context.seed, kExampleStream)),
        batch_(p[kAgentBatch]),
        compare_(p[kAgentCompare]) {
    keepFreedMemory();
    AgentDice notes(generatorFor(context.seed, kNoteStream)),
        tasks(generatorFor(context.seed, kTaskStream));
    notes_ = drawNotes(notes);
    for (std::int64_t i = 0; i < kAgentTasks; ++i)
      tasks_.push_back(drawTask(tasks, notes_, kHonestPeople));
    state_.updates = p[kAgentUpdates];
    for (const std::string& id : agentIdsOf(p)) state_.tallies.push_back({id});
    apply(p);
  }

  void apply(const Parameters& p) override {
    shown_ = ownSetting(p);
    // validate() has read both without complaint.
    typed_ = std::get<AgentText>(readAgentText(p[kAgentTask].text, kAgentTask.name));
    edit_ = std::get<AgentText>(readAgentText(p[kAgentEdit].text, kAgentEdit.name));
    edit_at_ = p[kAgentEditAt];
    message_ = p[kAgentMessage];
    rate_ = p[kAgentRate];
  }

  void keep(WeightSink& sink) const override {
    sink.add(namedArray("mind", mind_.net().weights().flat()));
    sink.add(namedArray("memory", memory_.weights().flat()));
    sink.add(namedArray("learned", torch::tensor({state_.loss, state_.right_calls,
                                                  state_.right_wholes, state_.right_plans},
                                                 torch::kDouble)));
  }
  void resume(const std::vector<NamedArray>& kept) override {
    const torch::NoGradGuard no_grad;
    for (const auto& [name, flat] : {std::pair{"mind", mind_.weights().flat()},
                                     std::pair{"memory", memory_.weights().flat()}}) {
      auto weights = torch::empty_like(flat, torch::kCPU);
      copyInto(weights, kept, name);
      flat.copy_(weights);
    }
    auto learned = torch::empty({4}, torch::kDouble);
    copyInto(learned, kept, "learned");
    const auto numbers = numbersOf(learned);
    state_.loss = numbers[0];
    state_.right_calls = numbers[1];
    state_.right_wholes = numbers[2];
    state_.right_plans = numbers[3];
    state_.step = state_.updates;
  }

  /// Two tasks by a mind that has learned nothing; they do not count.
  void initial(Recorder& recorder) override {
    const auto fresh = state_.tallies;
    for (std::size_t i = 0; i < settings_.size(); ++i)
      for (std::size_t task = 0; task < 2; ++task)
        count(state_.tallies[i], runAgent(tasks_[task], settings_[i], mind_, search()));
    record(recorder);
    state_.tallies = fresh;
    found_.clear();
  }

  /// The mind learns first; then a step is a task, for all agents the same.
  bool step(Recorder& recorder) override {
    state_.step += 1;
    if (state_.step <= state_.updates) {
      learn(recorder);
      return true;
    }
    const AgentTask& task = tasks_[static_cast<std::size_t>(state_.tasks)];
    for (std::size_t i = 0; i < settings_.size(); ++i)
      count(state_.tallies[i], runAgent(task, settings_[i], mind_, search()));
    if (compare_ == AgentRival::Fork) fork(task);
    state_.tasks += 1;
    record(recorder);
    return state_.tasks < kAgentTasks;
  }

  void snapshot(Frame& frame) const override {
    const AgentTask task = shownTask();
    const AgentEpisode episode = runAgent(task, shown_, mind_, search());
    AgentSetting other = counterpart(episode);
    const AgentEpisode branch = runAgent(task, other, mind_, search());
    showAgentTrace(frame, "trace", task, episode);
    showAgentTrace(frame, "branch", task, branch);
    showDifference(frame, episode, branch);
    showDecision(frame, episode, message_);
    showMemory(frame, memory_, notes_, episode);
    showAgentRates(frame, state_, compare_);
    frame.at<VerdictData>("verdict") = agentVerdict(preset_, state_);
  }

  /// The weights; a batch of examples of its own and what the net makes of them.
  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    mind_.net().save(sink);
    memory_.weights().save(sink, "");
    const auto context = stepContext(tasks_.front().steps.front().words, {}, false);
    std::vector<std::int64_t> words;
    for (const AgentToken& token : context) words.push_back(token.word);
    words.resize(kAgentContext, agentWord("."));
    const auto tokens = torch::tensor(words, torch::kLong);
    sink.add(namedArray("probe.words", tokens));
    sink.add(namedArray("probe.logits", mind_.logits(tokens.unsqueeze(0))[0]));
  }

  void check(CheckSink& sink) const override { checkAgent(mind_, memory_, notes_, tasks_, sink); }

 private:
  void learn(Recorder& recorder) {
    const AgentExamples examples = drawExamples(examples_, batch_);
    const double share = static_cast<double>(state_.step) / static_cast<double>(state_.updates);
    const double rate =
        rate_ * warmUpShare(state_.step, kMindWarmUp) * std::min(1.0, 2 * (1 - share) + 0.02);
    const AgentMind::Learned learned = mind_.learn(examples, rate);
    const double memory_loss = memory_.learn(drawNotes(examples_), examples_, 10 * rate);
    found_.clear();
    state_.loss = learned.loss;
    state_.right_calls = learned.right_calls;
    state_.right_wholes = learned.right_wholes;
    state_.right_plans = learned.right_plans;
    recorder.add("loss", learned.loss);
    recorder.add("right_calls", learned.right_calls);
    recorder.add("right_wholes", learned.right_wholes);
    recorder.add("right_plans", learned.right_plans);
    recorder.add("memory_loss", memory_loss);
  }

  static void count(AgentTally& tally, const AgentEpisode& episode) {
    tally.tasks += 1;
    tally.solved += episode.is_solved;
    tally.leaked += episode.has_leaked;
    tally.calls += episode.calls;
    tally.struck += episode.was_struck;
    tally.solved_when_struck += episode.is_solved && episode.was_struck;
  }

  void fork(const AgentTask& task) {
    const AgentEpisode before = runAgent(task, ownOf(settings_.front()), mind_, search());
    const AgentSetting edited = editedFrom(settings_.front(), before);
    if (!edited.edit) return;
    const AgentEpisode after = runAgent(task, edited, mind_, search());
    state_.forks += 1;
    state_.same_before += firstDifference(before, after) == edited.edit->call;
    state_.other_reports += before.report != after.report;
  }
  static AgentSetting ownOf(AgentSetting setting) {
    setting.edit.reset();
    return setting;
  }
  /// With another answer at the call that is to be edited, if there is one.
  AgentSetting editedFrom(AgentSetting setting, const AgentEpisode& before) const {
    if (edit_at_ >= static_cast<std::int64_t>(before.answers.size())) return setting;
    const AgentText& said = before.answers[static_cast<std::size_t>(edit_at_)];
    setting.edit = {edit_at_, edit_.empty() ? doubled(said) : edit_};
    return setting;
  }
  /// Whom the trace is compared with.
  AgentSetting counterpart(const AgentEpisode& episode) const {
    AgentSetting other = shown_;
    switch (compare_) {
      case AgentRival::None:
        break;
      case AgentRival::Planner:
        other.has_planner = !shown_.has_planner;
        break;
      case AgentRival::Memory:
        other.memory = shown_.memory == AgentMemoryKind::Words ? AgentMemoryKind::Vectors
                                                               : AgentMemoryKind::Words;
        break;
      case AgentRival::Faults:
        other.guard = shown_.guard == AgentGuard::All ? AgentGuard::None : AgentGuard::All;
        break;
      case AgentRival::Injection:
        other.guard = AgentGuard::Marking;
        break;
      case AgentRival::Fork:
        other = editedFrom(shown_, episode);
        break;
    }
    return other;
  }

  AgentTask shownTask() const {
    if (typed_.empty())
      return tasks_[static_cast<std::size_t>(std::max<std::int64_t>(0, state_.tasks - 1))];
    AgentTask task;
    task.text = typed_;
    return task;
  }

  AgentSearch search() const {
    return [this](const std::string& query, AgentMemoryKind kind) {
      const auto [place, is_new] = found_.try_emplace({query, kind}, -1);
      if (is_new) place->second = memory_.find(query, notes_, kind);
      return place->second < 0 ? AgentText{} : notes_[static_cast<std::size_t>(place->second)].text;
    };
  }

  void record(Recorder& recorder) const {
    const AgentTally& own = state_.own();
    recorder.add("success", own.success());
    recorder.add("tool_calls", own.callsEach());
    for (const AgentTally& tally : state_.tallies) {
      if (compare_ == AgentRival::Faults) {
        recorder.add(tally.id, tally.id.starts_with("fault/none/") ? tally.success()
                                                                   : tally.successWhenStruck());
        continue;
      }
      if (tally.id.empty()) continue;
      recorder.add(tally.id + "/success", tally.success());
      recorder.add(tally.id + "/tool_calls", tally.callsEach());
      if (compare_ == AgentRival::Injection) recorder.add(tally.id + "/leaks", tally.leaks());
    }
    if (compare_ == AgentRival::Fork) {
      recorder.add("same_before", AgentTally::share(state_.same_before, state_.forks));
      recorder.add("other_report", AgentTally::share(state_.other_reports, state_.forks));
    }
  }

  std::string preset_;
  std::vector<AgentSetting> settings_;
  AgentMind mind_;
  AgentMemory memory_;
  AgentDice examples_;
  std::int64_t batch_;
  double rate_ = 0;
  AgentRival compare_;
  std::vector<AgentNote> notes_;
  std::vector<AgentTask> tasks_;
  AgentSetting shown_;
  AgentText typed_, edit_;
  std::int64_t edit_at_ = 0, message_ = 0;
  AgentLoopState state_;
  mutable std::map<std::pair<std::string, AgentMemoryKind>, std::int64_t> found_;
};

}  // namespace

std::optional<Message> problemWithAgent(const Parameters& p) {
  for (const auto* handle : {&kAgentTask, &kAgentEdit}) {
    const auto read = readAgentText(p[*handle].text, handle->name);
    if (const auto* problem = std::get_if<Message>(&read)) return *problem;
    const auto found = static_cast<std::int64_t>(std::get<AgentText>(read).size());
    const std::int64_t most = handle == &kAgentTask ? kMostTaskWords : 10;
    if (found > most)
      return Message{"error.agent.long",
                     {{"parameter", handle->name}, {"found", found}, {"limit", most}}};
  }
  return std::nullopt;
}

std::unique_ptr<Experiment> makeAgentLoop(const Parameters& parameters, const RunContext& context) {
  return std::make_unique<AgentLoop>(parameters, context);
}

}  // namespace viva
