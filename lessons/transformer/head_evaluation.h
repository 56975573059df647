// SPDX-License-Identifier: GPL-3.0-or-later
// What each head does, on sequences that nobody learned from.
#pragma once

#include <torch/types.h>

#include <vector>

#include "lessons/nn/transformer.h"
#include "lessons/transformer/attention_lab.h"
#include "lessons/transformer/attention_task.h"

namespace viva {

/// Sequences to evaluate with, and an order to put their tokens in.
struct HeldOut {
  TokenBatch batch, twice_as_long;
  torch::Tensor order;  ///< [length], int64: a permutation

  HeldOut(const AttentionTask& task, std::int64_t length, at::Generator generator,
          const torch::Device& device);
};

/// Of copy 0: each head, layer by layer. `gain` [layers, heads] as the net is read now.
std::vector<HeadFigures> headFigures(const Transformer& net, const HeldOut& held_out,
                                     const torch::Tensor& gain);
double accuracyOn(const Transformer& net, const TokenBatch& batch, const torch::Tensor& gain);
/// Of each copy.
std::vector<NetFigures> netFigures(const Transformer& net, const HeldOut& held_out,
                                   const torch::Tensor& gain);

/// The mean entropy of rows [..., keys] that sum to 1, in nats.
double meanEntropy(const torch::Tensor& rows);
/// The mean of weights [batch, queries, keys] at `needed` [batch, queries], over where that is not
/// negative.
double meanAlignment(const torch::Tensor& weights, const torch::Tensor& needed);

}  // namespace viva
