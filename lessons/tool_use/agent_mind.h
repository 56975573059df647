// SPDX-License-Identifier: GPL-3.0-or-later
// The mind of the agent: one transformer without a mask that reads a context and names, at the
// first place, the tool to call, and at every other place what that word is to the call. It never
// executes anything.
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lessons/nn/transformer.h"
#include "lessons/tool_use/agent_dice.h"
#include "lessons/tool_use/agent_tasks.h"
#include "lessons/tool_use/agent_tools.h"

namespace viva {

inline constexpr std::int64_t kAgentContext = 48;  ///< words that the net reads at a time

/// What the net says about a context.
struct AgentDecision {
  std::array<double, kAgentTools.size()> tools{};  ///< probabilities
  struct Role {
    std::int64_t role = 0;  ///< a word: `=value`
    double probability = 0;
  };
  std::vector<Role> roles{};  ///< one a word of the context
  AgentTool tool() const;     ///< the most probable one
};

/// `<act>` the words that ask, a full stop, what the last tool answered; marked, where guards do.
AgentText stepContext(const AgentText& words, const AgentText& answer, bool is_marked);
/// `<act>` the whole task, `<did>` the tools called so far, a full stop, the last answer.
AgentText wholeContext(const AgentText& task, const std::vector<AgentTool>& done,
                       const AgentText& answer, bool is_marked);

/// The call that a decision about `context` spells out. What it does not name is not there.
AgentCall callFrom(const AgentDecision& decision, const AgentText& context);

/// Contexts and what a mind should say about each: [batch, kAgentContext] int64 both; kIgnored
/// where nothing is asked.
struct AgentExamples {
  torch::Tensor words, targets;
};
/// Of twelve examples two are plans, four single steps and six whole tasks; of the latter two kinds
/// every second one has marked data, into half of which an instruction was injected that is to be
/// ignored. Data without marks never instruct; in half of the single steps with such data what is
/// asked stands behind, and in half of these after another order: people change their minds, and
/// the last order counts.
AgentExamples drawExamples(AgentDice& dice, std::int64_t batch);

class AgentMind {
 public:
  AgentMind(std::int64_t width, at::Generator generator, const std::string& device);

  struct Learned {
    double loss = 0;                                            ///< nats a word, before the update
    double right_calls = 0, right_wholes = 0, right_plans = 0;  ///< shares of the batch, all words
  };
  Learned learn(const AgentExamples& examples, double rate);

  /// What is asked twice is computed once.
  const AgentDecision& decide(const AgentText& context) const;
  /// The steps that the net sees in a task, in the order in which they are to be done.
  std::vector<AgentText> plan(const AgentText& task) const;

  /// [batch, kAgentContext, V]
  torch::Tensor logits(const torch::Tensor& words) const;
  const Transformer& net() const { return net_; }
  FlatWeights& weights();

 private:
  AgentDecision read(const AgentText& context) const;

  Transformer net_;
  torch::Device device_;
  mutable std::map<std::vector<std::int64_t>, AgentDecision> known_;
};

}  // namespace viva
