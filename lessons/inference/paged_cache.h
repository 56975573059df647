// SPDX-License-Identifier: GPL-3.0-or-later
// Keys and values of many sequences in blocks of one pool (PagedAttention, arXiv 2309.06180).
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "lessons/nn/transformer.h"

namespace viva {

/// What a sequence has in the pool: its blocks in order, and how many tokens are in them.
struct BlockTable {
  std::vector<std::int64_t> blocks{};
  std::int64_t length = 0;
};

class PagedCache {
 public:
  /// `pool` blocks of `block` tokens each, for nets of `shape`.
  PagedCache(const TransformerShape& shape, std::int64_t block, std::int64_t pool,
             torch::Device device);

  std::int64_t block() const { return block_; }
  std::int64_t pool() const { return static_cast<std::int64_t>(references_.size()); }
  std::int64_t freeBlocks() const;
  std::int64_t usedBlocks() const { return pool() - freeBlocks(); }
  /// Slots of used blocks that hold no token.
  std::int64_t wastedSlots() const;
  std::int64_t copies() const { return copies_; }  ///< blocks copied on write, so far
  /// How many sequences read a block; 0: it is free.
  std::int64_t references(std::int64_t block) const { return references_.at(block); }
  std::int64_t filled(std::int64_t block) const { return filled_.at(block); }

  /// Blocks that the next `tokens` of a sequence take from the pool, a copy of a shared one
  /// included.
  std::int64_t needed(const BlockTable& table, std::int64_t tokens) const;
  /// The last `tokens` of `cache` go behind those of `table`. There are free blocks enough.
  void append(BlockTable& table, const KeyValueCache& cache, std::int64_t tokens);
  /// A second sequence that begins with the same tokens; its blocks are the same ones.
  BlockTable shared(const BlockTable& table);
  void release(BlockTable& table);
  /// The blocks of a sequence behind one another, as the net reads them.
  KeyValueCache gathered(const BlockTable& table) const;

 private:
  std::int64_t take();

  std::int64_t layers_, block_, copies_ = 0;
  std::vector<std::int64_t> references_, filled_;  ///< a block each
  torch::Tensor memory_;  ///< [layers, keys and values, pool, heads, block, head width]
};

/// Slots that `lengths` leave empty in blocks of this size, without sharing.
std::int64_t emptySlots(const std::vector<std::int64_t>& lengths, std::int64_t block);

}  // namespace viva
