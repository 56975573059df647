// SPDX-License-Identifier: GPL-3.0-or-later
// REINFORCE (Williams 1992): which tool next, learned from nothing but the reward at the end.
#include "lessons/tool_use/tool_policy.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/core/number_text.h"
#include "lessons/data/dataset.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/stacked_net.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/tool_use/agent_dice.h"
#include "lessons/tool_use/tool_world.h"

namespace viva {
namespace {

constexpr std::uint64_t kPolicyStream = 0, kPolicyTaskStream = 1, kActionStream = 2,
                        kExampleTaskStream = 3;
constexpr std::int64_t kPolicyHidden = 64, kExampleTasks = 20;
constexpr double kLateShare = 0.05;  // of a running mean: the last twenty updates or so
const std::string kOfPolicy = "tool-policy.";

Word policyLabel(const std::string& key) { return {kOfPolicy + key}; }

torch::Tensor statesOf(const std::vector<const ToolWorld*>& worlds) {
  std::vector<float> all;
  for (const ToolWorld* world : worlds) {
    const auto state = world->state();
    all.insert(all.end(), state.begin(), state.end());
  }
  return torch::tensor(all).view({static_cast<std::int64_t>(worlds.size()), -1});
}

/// What was seen, done and earned in one update's tasks.
struct Experience {
  torch::Tensor states;   ///< [calls, words and tools]
  torch::Tensor actions;  ///< [calls], int64: tools
  torch::Tensor returns;  ///< [calls]: what the rest of its task earned
};

/// -mean of (return - baseline) log pi(action) - bonus H(pi), the sum over a task's calls.
torch::Tensor surrogate(const torch::Tensor& logits, const Experience& seen, double bonus,
                        std::int64_t tasks) {
  const auto log_pi = torch::log_softmax(logits, 1);  // [calls, tools]
  const auto chosen = log_pi.gather(1, seen.actions.unsqueeze(1)).squeeze(1);
  const auto advantage = seen.returns - seen.returns.mean();
  const auto entropy = -(log_pi.exp() * log_pi).sum(1);
  return -(advantage * chosen + bonus * entropy).sum() / static_cast<double>(tasks);
}

class ToolPolicy : public Experiment {
 public:
  ToolPolicy(const Parameters& p, const RunContext& context)
      : preset_(context.preset),
        device_(context.device),
        batch_(p[kPolicyBatch]),
        cost_(p[kPolicyCost]),
        net_(mlp(ToolWorld::stateSize(), kPolicyHidden,
                 static_cast<std::int64_t>(kAgentTools.size()))),
        tasks_(generatorFor(context.seed, kPolicyTaskStream)) {
    keepFreedMemory();
    const auto initial =
        initialWeights(net_.weights, generatorFor(context.seed, kPolicyStream)).to(device_);
    for (const std::string& id : policyIdsOf(p)) {
      policies_.emplace_back(net_.weights, initial.unsqueeze(0).clone());  // each its own
      actions_.emplace_back(generatorFor(context.seed, kActionStream));
      rewards_.push_back(id.empty()            ? p[kPolicyReward]
                         : id == kFormatPolicy ? PolicyReward::Format
                                               : PolicyReward::Checked);
      state_.standings.push_back({id});
    }
    seen_.resize(policies_.size());
    AgentDice examples(generatorFor(context.seed, kExampleTaskStream));
    const auto notes = drawNotes(examples);
    for (std::int64_t i = 0; i < kExampleTasks; ++i)
      examples_.push_back(drawTask(examples, notes, kPeopleToWriteTo));
    apply(p);
  }

  void apply(const Parameters& p) override {
    rate_ = p[kPolicyRate];
    bonus_ = p[kPolicyEntropy];
    example_ = p[kPolicyTask];
  }

  bool step(Recorder& recorder) override {
    state_.step += 1;
    const auto notes = drawNotes(tasks_);
    std::vector<AgentTask> tasks;  // new ones in each update, the same for all policies
    for (std::int64_t i = 0; i < batch_; ++i)
      tasks.push_back(drawTask(tasks_, notes, kPeopleToWriteTo));
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      seen_[i] = experience(i, tasks);
      const auto loss = surrogate(logits(i, seen_[i].states), seen_[i], bonus_, batch_);
      policies_[i].differentiate(loss.unsqueeze(0));
      policies_[i].update(Adam{rate_});
      if (!state_.standings[i].id.empty()) record(recorder, state_.standings[i].id + "/", i);
    }
    record(recorder, "", 0);
    return true;
  }

  void snapshot(Frame& frame) const override {
    TableData& table = frame.at<TableData>("example");
    table.columns = {{"call"}};
    MatrixData& matrix = frame.at<MatrixData>("policy");
    std::vector<std::vector<std::string>> calls;
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      std::vector<float> probabilities;
      calls.push_back(greedy(i, probabilities));
      const std::string& id = state_.standings[i].id;
      table.columns.push_back({id.empty() ? "policy" : id});
      if (i + 1 < policies_.size()) continue;  // the last one is shown whole
      matrix.rows = static_cast<int>(calls.back().size());
      matrix.columns = static_cast<int>(kAgentTools.size());
      matrix.values = shareFloats(std::move(probabilities));
      matrix.column_labels = {kAgentTools.begin(), kAgentTools.end()};
      for (int row = 1; row <= matrix.rows; ++row) matrix.row_labels.push_back(std::to_string(row));
      matrix.minimum = 0;
      matrix.maximum = 1;
    }
    const AgentTask& task = examples_[static_cast<std::size_t>(example_)];
    TableData::Row asked{"", {std::monostate{}}};
    for (std::size_t i = 0; i < calls.size(); ++i) asked.cells.emplace_back(shown(task.text));
    table.rows.push_back(std::move(asked));
    for (std::size_t row = 0; row < static_cast<std::size_t>(kMostPolicyCalls); ++row) {
      TableData::Row line{"", {static_cast<double>(row + 1)}};
      for (const auto& of : calls)
        line.cells.push_back(row < of.size() ? TableData::Cell(of[row]) : std::monostate{});
      table.rows.push_back(std::move(line));
    }
    showStandings(frame);
    frame.at<VerdictData>("verdict") = policyVerdict(preset_, state_);
  }

  /// The weights; the last update's experience and what it costs by the weights of now.
  void save(WeightSink& sink) const override {
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      const std::string& id = state_.standings[i].id;
      const std::string prefix = id.empty() ? "" : id + ".";
      policies_[i].save(sink, prefix);
      if (!seen_[i].states.defined()) continue;
      sink.add(namedArray(prefix + "probe.states", seen_[i].states));
      sink.add(namedArray(prefix + "probe.actions", seen_[i].actions));
      sink.add(namedArray(prefix + "probe.returns", seen_[i].returns));
      sink.add(namedArray(prefix + "probe.loss",
                          surrogate(logits(i, seen_[i].states), seen_[i], bonus_, batch_)));
    }
  }

  /// The gradient with respect to the logits of one call is -(A (1 - pi)) for the chosen tool and
  /// A pi for the others.
  void check(CheckSink& sink) const override {
    const ToolWorld world(examples_.front());
    const auto said = logits(0, statesOf({&world}).to(device_)).to(torch::kDouble);
    const auto leaf = said.detach().clone().requires_grad_();
    double apart = 0;
    const auto pi = torch::softmax(said.detach(), 1)[0];
    for (std::int64_t action = 0; action < pi.size(0); ++action) {
      const double advantage = 0.7;
      const auto loss = -advantage * torch::log_softmax(leaf, 1)[0][action];
      const auto found = torch::autograd::grad({loss}, {leaf})[0][0];
      const auto one_hot = torch::zeros_like(pi);
      one_hot[action] = 1;
      apart = std::max(apart, (found - advantage * (pi - one_hot)).abs().max().item<double>());
    }
    sink.compare("score-function", apart, 1e-9);
    sink.compare("probabilities", std::abs(pi.sum().item<double>() - 1), 1e-9);
  }

 private:
  static constexpr std::int64_t kPeopleToWriteTo = 4;

  /// [calls, tools] for states [calls, words and tools].
  torch::Tensor logits(std::size_t policy, const torch::Tensor& states) const {
    return net_.forward(policies_[policy].leaves(), states)[0].t();
  }

  /// All tasks side by side, a call each at a time, until all are over.
  Experience experience(std::size_t policy, const std::vector<AgentTask>& tasks) {
    const torch::NoGradGuard no_grad;
    std::vector<ToolWorld> worlds(tasks.begin(), tasks.end());
    std::vector<torch::Tensor> states;
    std::vector<std::int64_t> actions;
    std::vector<std::size_t> whose;
    double entropy = 0;
    for (;;) {
      std::vector<const ToolWorld*> open;
      std::vector<std::size_t> numbers;
      for (std::size_t i = 0; i < worlds.size(); ++i)
        if (!worlds[i].isOver()) open.push_back(&worlds[i]), numbers.push_back(i);
      if (open.empty()) break;
      states.push_back(statesOf(open).to(device_));
      const auto pi =
          numbersOf(torch::softmax(logits(policy, states.back()).to(torch::kDouble), 1));
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const double* of = pi.data() + i * kAgentTools.size();
        const std::size_t action = drawnFrom(of, actions_[policy].share());
        for (std::size_t tool = 0; tool < kAgentTools.size(); ++tool)
          entropy -= of[tool] > 0 ? of[tool] * std::log(of[tool]) : 0;
        worlds[numbers[i]].call(static_cast<AgentTool>(action));
        actions.push_back(static_cast<std::int64_t>(action));
        whose.push_back(numbers[i]);
      }
    }
    judge(policy, worlds, entropy / static_cast<double>(actions.size()));
    return {torch::cat(states), torch::tensor(actions, torch::kLong).to(device_),
            returnsOf(policy, worlds, whose).to(device_)};
  }

  static std::size_t drawnFrom(const double* pi, double share) {
    for (std::size_t tool = 0; tool + 1 < kAgentTools.size(); ++tool) {
      share -= pi[tool];
      if (share < 0) return tool;
    }
    return kAgentTools.size() - 1;
  }

  double endReward(std::size_t policy, const ToolWorld& world) const {
    return rewards_[policy] == PolicyReward::Checked ? world.isSolved() : world.looksSolved();
  }

  /// What the end earns less what this call and those behind it cost.
  torch::Tensor returnsOf(std::size_t policy, const std::vector<ToolWorld>& worlds,
                          const std::vector<std::size_t>& whose) const {
    std::vector<std::int64_t> before(worlds.size(), 0);
    std::vector<float> returns;
    for (const std::size_t i : whose) {
      const auto left = worlds[i].calls() - before[i]++;
      returns.push_back(
          static_cast<float>(endReward(policy, worlds[i]) - cost_ * static_cast<double>(left)));
    }
    return torch::tensor(returns);
  }

  void judge(std::size_t policy, const std::vector<ToolWorld>& worlds, double entropy) {
    PolicyStanding& now = state_.standings[policy];
    double reward = 0, solved = 0, calls = 0;
    for (const ToolWorld& world : worlds) {
      reward += endReward(policy, world) - cost_ * static_cast<double>(world.calls());
      solved += world.isSolved();
      calls += static_cast<double>(world.calls());
    }
    const auto count = static_cast<double>(worlds.size());
    now.reward = reward / count;
    now.success = solved / count;
    now.calls = calls / count;
    now.entropy = entropy;
    if (state_.step == 1)
      now.first_success = now.late_success = now.success, now.late_reward = now.reward;
    now.late_success += kLateShare * (now.success - now.late_success);
    now.late_reward += kLateShare * (now.reward - now.late_reward);
  }

  void record(Recorder& recorder, const std::string& prefix, std::size_t policy) const {
    const PolicyStanding& now = state_.standings[policy];
    recorder.add(prefix + "reward", now.reward);
    recorder.add(prefix + "success", now.success);
    recorder.add(prefix + "entropy", now.entropy);
    recorder.add(prefix + "calls", now.calls);
  }

  /// The most probable tools for the example, and the probabilities [calls, tools] on the way.
  std::vector<std::string> greedy(std::size_t policy, std::vector<float>& probabilities) const {
    const torch::NoGradGuard no_grad;
    ToolWorld world(examples_[static_cast<std::size_t>(example_)]);
    std::vector<std::string> calls;
    while (!world.isOver()) {
      const auto said = logits(policy, statesOf({&world}).to(device_));
      const auto pi = numbersOf(torch::softmax(said.to(torch::kDouble), 1));
      probabilities.insert(probabilities.end(), pi.begin(), pi.end());
      const auto tool = static_cast<AgentTool>(std::ranges::max_element(pi) - pi.begin());
      world.call(tool);
      calls.emplace_back(nameOf(tool));
    }
    return calls;
  }

  void showStandings(Frame& frame) const {
    using Best = TableData::Best;
    TableData& table = frame.at<TableData>("standings");
    table.columns = {{"policy"}, {"reward"}, {"success", Best::Largest}, {"calls"}, {"entropy"}};
    for (const PolicyStanding& now : state_.standings) {
      const std::string id = now.id.empty() ? "policy" : now.id;
      table.rows.push_back({id,
                            {policyLabel("curve." + id), now.late_reward, now.late_success,
                             now.calls, now.entropy}});
    }
  }

  std::string preset_;
  torch::Device device_;
  std::int64_t batch_;
  double cost_, rate_ = 0, bonus_ = 0;
  Architecture net_;
  AgentDice tasks_;
  std::vector<FlatWeights> policies_;
  std::vector<AgentDice> actions_;
  std::vector<PolicyReward> rewards_;
  std::vector<Experience> seen_;
  std::vector<AgentTask> examples_;
  std::int64_t example_ = 0;
  PolicyState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeToolPolicy(const Parameters& parameters,
                                           const RunContext& context) {
  return std::make_unique<ToolPolicy>(parameters, context);
}

}  // namespace viva
