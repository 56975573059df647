// SPDX-License-Identifier: GPL-3.0-or-later
// The agent's notes and how one is found: by vectors of learned words, by equal words, among the
// last few only, or not at all.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "lessons/nn/flat_weights.h"
#include "lessons/tool_use/agent_dice.h"
#include "lessons/tool_use/agent_loop_kinds.h"
#include "lessons/tool_use/agent_tasks.h"

namespace viva {

inline constexpr std::int64_t kMemoryWidth = 16, kWindowNotes = 6;

/// Words as vectors, so that a question is near to the note that answers it: InfoNCE
/// (arXiv 1807.03748) on questions and notes; a text is the mean of its words.
class AgentMemory {
 public:
  AgentMemory(at::Generator generator, const std::string& device);

  /// One update on the notes of a run or on others; answers the loss in nats, before it.
  double learn(const std::vector<AgentNote>& notes, AgentDice& dice, double rate);
  FlatWeights& weights() { return weights_; }
  const FlatWeights& weights() const { return weights_; }

  /// Cosines of a question with each note: [notes], by learned vectors or by counts of words.
  std::vector<double> cosines(const std::string& query, const std::vector<AgentNote>& notes,
                              bool are_learned) const;
  /// [texts, width], float32, on the CPU: of length 1.
  torch::Tensor vectors(const std::vector<AgentText>& texts) const;
  /// The number of the note that `kind` of memory finds; -1 for none.
  std::int64_t find(const std::string& query, const std::vector<AgentNote>& notes,
                    AgentMemoryKind kind) const;

 private:
  /// [texts, width], of length 1, recording gradients.
  torch::Tensor embedded(const std::vector<AgentText>& texts) const;

  FlatWeights weights_;
};

}  // namespace viva
