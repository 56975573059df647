// SPDX-License-Identifier: GPL-3.0-or-later
// The transformer of all lessons: logits = head(norm(blocks(token + position))). Several copies,
// which start from the same weights and differ in what they may see and in how they are told
// positions, can be trained side by side as one leading dimension.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/flat_weights.h"
#include "lessons/nn/position_kind.h"
#include "lessons/nn/transformer_block.h"

namespace viva {

struct TransformerShape {
  std::int64_t vocabulary = 2;  ///< V: the rows of `head.weight`, and of `token.weight`
  /// Where a token is not one of the vocabulary but a vector of so many numbers, an image's patch:
  /// `token.weight` [d, inputs] and `token.bias` [d] are those of a linear layer.
  std::int64_t inputs = 0;
  std::int64_t context = 16;  ///< rows of `position.weight`: the longest sequence
  std::int64_t width = 32;    ///< d; even, and a multiple of the heads
  std::int64_t heads = 1, layers = 1;
  std::int64_t hidden = 0;  ///< of the feed-forward part; 0: 4 d
  NormOrder norm = NormOrder::Pre;
  bool has_cross = false;     ///< blocks also look at a memory
  double table_spread = 0.1;  ///< the standard deviation that embeddings and positions start with
  /// `position.weight` is there also while no copy learns positions, so that one can begin to.
  bool has_position_table = false;
};

/// In what the copies differ.
struct Manner {
  PositionKind positions = PositionKind::Learned;
  bool is_causal = false;
  bool is_scaled = true;  ///< the scores are divided by the square root of the head width
  /// ALiBi: a slope for each head of each layer; empty: the paper's, alike in all layers.
  std::vector<std::vector<double>> slopes{};
};

/// Keys and values of what has been read, a block each.
struct KeyValueCache {
  std::vector<LayerCache> layers{};
  std::int64_t length = 0;
};

/// How a net is read, besides its tokens.
struct Reading {
  torch::Tensor gain{};  ///< [layers, heads]: what each head's output is multiplied by
  const BlockHooks* hooks = nullptr;
  KeyValueCache* cache = nullptr;             ///< the tokens follow what is in it, and join it
  std::vector<BlockTrace>* traces = nullptr;  ///< filled, a block each
  torch::Tensor memory{};                     ///< [copies, batch, n, d], for cross-attention
};

class Transformer {
 public:
  Transformer(TransformerShape shape, std::vector<Manner> manners, at::Generator generator,
              const std::string& device);

  const TransformerShape& shape() const { return shape_; }
  std::int64_t copies() const { return static_cast<std::int64_t>(manners_.size()); }
  const Manner& manner(std::int64_t copy) const { return manners_.at(copy); }
  /// From now on, with the weights as they are. Positions can be learned only where there is a
  /// table of them.
  void setManner(std::int64_t copy, Manner manner);
  /// What `copy` trains: a copy with fixed positions has no table of them.
  std::int64_t parameters(std::int64_t copy = 0) const;

  /// Logits [copies, batch, length, V] for tokens [batch, length], int64, which all copies read, or
  /// [copies, batch, length].
  torch::Tensor forward(const torch::Tensor& tokens, const Reading& reading = {}) const;
  /// token + position, [copies, batch, length, d], from position `first` on.
  torch::Tensor embedded(const torch::Tensor& tokens, std::int64_t first = 0) const;
  /// The same of tokens that are vectors, [batch, length, inputs], from the first position on.
  torch::Tensor embeddedVectors(const torch::Tensor& vectors) const;
  /// What the blocks make of x [copies, batch, length, d], before the last norm.
  torch::Tensor hidden(const torch::Tensor& x, const Reading& reading = {}) const;
  /// head(norm(x)): the logits that x [copies, batch, length, d] would give; after an inner block,
  /// the logit lens.
  torch::Tensor readOut(const torch::Tensor& x) const;

  FlatWeights& weights() { return weights_; }
  const FlatWeights& weights() const { return weights_; }
  /// The weights of block `layer`, [copies, ...] each.
  const BlockWeights& block(std::int64_t layer) const { return blocks_.at(layer); }
  /// [d] of `copy` at each position of the context: what is added to its embeddings. Undefined
  /// where nothing is.
  torch::Tensor positionTable(std::int64_t copy) const;

  /// All weights of `copy` as weights.pt has them, `position.weight` also where it is fixed.
  void save(WeightSink& sink, std::int64_t copy = 0, const std::string& prefix = "") const;

 private:
  struct Tables {
    std::vector<torch::Tensor> biases;  ///< a layer each, see attend(); undefined: none
    torch::Tensor rotary;
  };
  const Tables& tables(std::int64_t queries, std::int64_t keys) const;
  torch::Tensor biasOf(std::int64_t layer, std::int64_t queries, std::int64_t keys) const;
  torch::Tensor rotaryOf(std::int64_t queries, std::int64_t keys) const;
  torch::Tensor placed(torch::Tensor x, std::int64_t first, std::int64_t length) const;
  bool any(PositionKind kind) const;
  void followManners();

  TransformerShape shape_;
  std::vector<Manner> manners_;
  std::vector<double> scales_;
  std::vector<TransformerWeight> list_;
  FlatWeights weights_;
  torch::Tensor token_, head_, norm_weight_, norm_bias_;
  torch::Tensor token_bias_;     ///< [copies, d]; undefined: tokens are words
  torch::Tensor table_;          ///< [copies, context, d]; undefined: there is none
  torch::Tensor learned_;        ///< the same; undefined: no copy learns positions
  torch::Tensor learned_share_;  ///< [copies, 1, 1]: 1 where they are learned; undefined: all are
  torch::Tensor fixed_;          ///< [copies, context, d]; undefined: no copy has fixed ones
  std::vector<BlockWeights> blocks_;
  mutable std::map<std::pair<std::int64_t, std::int64_t>, Tables> tables_;
};

/// No target here.
inline constexpr std::int64_t kIgnored = -100;
/// Cross-entropy in nats of logits [copies, batch, length, V] against targets [batch, length] or,
/// of each copy its own, [copies, batch, length], the mean over those that are not kIgnored:
/// [copies].
torch::Tensor tokenLoss(const torch::Tensor& logits, const torch::Tensor& targets);
/// The share of targets whose logit is the largest: [copies].
torch::Tensor tokenAccuracy(const torch::Tensor& logits, const torch::Tensor& targets);

}  // namespace viva
