// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/paged_cache.h"

#include <torch/utils.h>

#include <algorithm>

namespace viva {

PagedCache::PagedCache(const TransformerShape& shape, std::int64_t block, std::int64_t pool,
                       torch::Device device)
    : layers_(shape.layers),
      block_(block),
      references_(static_cast<std::size_t>(pool), 0),
      filled_(static_cast<std::size_t>(pool), 0),
      memory_(torch::zeros({layers_, 2, pool, shape.heads, block, shape.width / shape.heads},
                           torch::TensorOptions(torch::kFloat).device(device))) {}

std::int64_t PagedCache::freeBlocks() const {
  return std::count(references_.begin(), references_.end(), 0);
}

std::int64_t PagedCache::wastedSlots() const {
  std::int64_t wasted = 0;
  for (std::size_t i = 0; i < references_.size(); ++i)
    if (references_[i] > 0) wasted += block_ - filled_[i];
  return wasted;
}

std::int64_t PagedCache::needed(const BlockTable& table, std::int64_t tokens) const {
  const auto have = static_cast<std::int64_t>(table.blocks.size());
  const std::int64_t all = (table.length + tokens + block_ - 1) / block_;
  const bool writes_into_shared =
      tokens > 0 && table.length % block_ != 0 && references_[table.blocks.back()] > 1;
  return all - have + (writes_into_shared ? 1 : 0);
}

std::int64_t PagedCache::take() {
  const auto place = std::find(references_.begin(), references_.end(), 0) - references_.begin();
  references_.at(place) = 1;
  filled_[place] = 0;
  return place;
}

void PagedCache::append(BlockTable& table, const KeyValueCache& cache, std::int64_t tokens) {
  for (std::int64_t i = 0; i < tokens; ++i) {
    const std::int64_t slot = table.length % block_;
    if (slot == 0) {
      table.blocks.push_back(take());
    } else if (std::int64_t& last = table.blocks.back(); references_[last] > 1) {
      // Copy on write: others go on reading the old one.
      const std::int64_t own = take();
      memory_.select(2, own).copy_(memory_.select(2, last).clone());
      filled_[own] = slot;
      references_[last] -= 1;
      last = own;
      copies_ += 1;
    }
    const std::int64_t from = cache.length - tokens + i;
    const auto target = memory_.select(2, table.blocks.back()).select(3, slot);
    for (std::int64_t layer = 0; layer < layers_; ++layer) {
      target[layer][0].copy_(cache.layers[layer].keys[0][0].select(1, from));
      target[layer][1].copy_(cache.layers[layer].values[0][0].select(1, from));
    }
    filled_[table.blocks.back()] = slot + 1;
    table.length += 1;
  }
}

BlockTable PagedCache::shared(const BlockTable& table) {
  for (const std::int64_t block : table.blocks) references_[block] += 1;
  return table;
}

void PagedCache::release(BlockTable& table) {
  for (const std::int64_t block : table.blocks) references_[block] -= 1;
  table = {};
}

KeyValueCache PagedCache::gathered(const BlockTable& table) const {
  KeyValueCache cache;
  if (table.length == 0) return cache;
  cache.length = table.length;
  const auto blocks = torch::tensor(table.blocks, torch::kLong).to(memory_.device());
  // [layers, 2, heads, blocks, block, head width], then all slots of a head in a row
  const auto slots = memory_.index_select(2, blocks).transpose(2, 3).flatten(3, 4);
  for (std::int64_t layer = 0; layer < layers_; ++layer) {
    const auto part = [&](std::int64_t which) {
      return slots[layer][which].narrow(1, 0, table.length).unsqueeze(0).unsqueeze(0);
    };
    cache.layers.push_back({part(0), part(1)});
  }
  return cache;
}

std::int64_t emptySlots(const std::vector<std::int64_t>& lengths, std::int64_t block) {
  std::int64_t empty = 0;
  for (const std::int64_t length : lengths) empty += (block - length % block) % block;
  return empty;
}

}  // namespace viva
