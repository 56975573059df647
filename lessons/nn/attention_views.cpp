// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/attention_views.h"

#include <torch/types.h>

#include "lessons/core/index_list.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {

MatrixData attentionMatrix(const torch::Tensor& weights, const std::vector<std::string>& queries,
                           const std::vector<std::string>& keys) {
  const auto values = weights.detach().to(torch::kCPU, torch::kFloat).contiguous();
  MatrixData matrix;
  matrix.rows = static_cast<int>(values.size(0));
  matrix.columns = static_cast<int>(values.size(1));
  const float* first = values.data_ptr<float>();
  matrix.values = shareFloats({first, first + values.numel()});
  matrix.row_labels = queries;
  matrix.column_labels = keys;
  matrix.minimum = 0;
  matrix.maximum = 1;
  return matrix;
}

void addArcs(TokensData& tokens, const torch::Tensor& weights, int from_row, int to_row,
             std::int64_t query, const std::string& id, double least) {
  const auto values = numbersOf(weights);
  const std::int64_t keys = weights.size(1);
  for (std::int64_t i = 0; i < weights.size(0); ++i) {
    if (query >= 0 && i != query) continue;
    for (std::int64_t j = 0; j < keys; ++j) {
      const double weight = values[i * keys + j];
      if (weight >= least)
        tokens.arcs.push_back(
            {from_row, static_cast<int>(i), to_row, static_cast<int>(j), weight, id});
    }
  }
}

torch::Tensor headGain(std::int64_t layers, std::int64_t heads, const std::string& ablated,
                       const torch::Tensor& like) {
  auto gain = torch::ones({layers, heads});
  for (const auto& [layer, head] : pairList(ablated)) gain[layer][head] = 0;
  return gain.to(like.device());
}

void saveProbe(WeightSink& sink, const torch::Tensor& tokens, const torch::Tensor& logits,
               const std::string& prefix) {
  const auto host = tokens.to(torch::kCPU, torch::kLong).contiguous();
  NamedArray array;
  array.name = prefix + "probe.tokens";
  array.type = NamedArray::Type::Int64;
  array.shape = host.sizes().vec();
  const auto* bytes = reinterpret_cast<const std::byte*>(host.data_ptr<std::int64_t>());
  array.bytes.assign(bytes, bytes + host.nbytes());
  sink.add(std::move(array));
  sink.add(namedArray(prefix + "probe.logits", logits));
}

}  // namespace viva
