// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/inference/grouped_cache.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <functional>

namespace viva {
namespace {

KeyValueCache changed(const KeyValueCache& cache,
                      const std::function<torch::Tensor(const torch::Tensor&)>& change) {
  KeyValueCache made;
  made.length = cache.length;
  for (const LayerCache& layer : cache.layers)
    made.layers.push_back({change(layer.keys), change(layer.values)});
  return made;
}

}  // namespace

void shareKeyHeads(Transformer& net, std::int64_t kv_heads) {
  const torch::NoGradGuard no_grad;
  const std::int64_t d = net.shape().width, group = net.shape().heads / kv_heads;
  for (std::int64_t layer = 0; layer < net.shape().layers; ++layer) {
    const AttentionWeights& w = net.block(layer).self_attn;
    // Keys and values are the second and the third part of the rows.
    const auto rows = w.in_proj_weight.narrow(1, d, 2 * d).view({2, kv_heads, group, -1, d});
    rows.copy_(rows.mean(2, true).expand_as(rows).clone());
    const auto biases = w.in_proj_bias.narrow(1, d, 2 * d).view({2, kv_heads, group, -1});
    biases.copy_(biases.mean(2, true).expand_as(biases).clone());
  }
}

KeyValueCache oneOfEachGroup(const KeyValueCache& cache, std::int64_t kv_heads) {
  return changed(cache, [&](const torch::Tensor& part) {
    return part.slice(2, 0, part.size(2), part.size(2) / kv_heads).contiguous();
  });
}

KeyValueCache forAllHeads(const KeyValueCache& cache, std::int64_t heads) {
  return changed(cache, [&](const torch::Tensor& part) {
    return part.repeat_interleave(heads / part.size(2), 2);
  });
}

std::int64_t cacheBytes(const KeyValueCache& cache) {
  std::int64_t bytes = 0;
  for (const LayerCache& layer : cache.layers)
    for (const torch::Tensor& part : {layer.keys, layer.values})
      bytes += part.numel() * static_cast<std::int64_t>(part.element_size());
  return bytes;
}

std::int64_t cacheBytesPerToken(std::int64_t layers, std::int64_t kv_heads, std::int64_t head_width,
                                std::int64_t bytes_per_number) {
  return 2 * layers * kv_heads * head_width * bytes_per_number;
}

KeyValueCache firstOf(const KeyValueCache& cache, std::int64_t length) {
  KeyValueCache made =
      changed(cache, [&](const torch::Tensor& part) { return part.narrow(3, 0, length); });
  made.length = length;
  return made;
}

}  // namespace viva
