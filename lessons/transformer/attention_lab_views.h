// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of attention-lab.
#pragma once

#include <string>

#include "lessons/core/frame.h"
#include "lessons/nn/transformer.h"
#include "lessons/transformer/attention_lab.h"
#include "lessons/transformer/attention_task.h"

namespace viva {

/// What was clicked; clamped to what there is.
struct LabPicks {
  std::int64_t head = 0, query = 0, key = 0, component = 0;
};

struct LabPicture {
  const AttentionTask& task;
  const Transformer& net;         ///< copy 0 is the net
  const Transformer& rival;       ///< its last copy is the rival
  const std::string& rival_name;  ///< empty: there is none
  const TokenBatch& probe;        ///< of one sequence
  const torch::Tensor& order;     ///< a permutation of a sequence as long as those it learns from
  const torch::Tensor& gain;      ///< [layers, heads]
  LabPicks picks;
  const LabState& state;
};

/// All views but the verdict.
void showLab(Frame& frame, const LabPicture& picture);

}  // namespace viva
