// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/transformer.h"

#include <torch/nn/functional/loss.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "lessons/nn/positions.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

using Start = TransformerWeight::Start;

/// The table of sines, halved: against embeddings that start at 0.1, whole ones drown the token.
constexpr double kSinusoidalSize = 0.5;

const std::string kPositionName = "position.weight";

std::vector<TransformerWeight> listOf(const TransformerShape& shape, bool learns_positions) {
  const std::int64_t d = shape.width;
  std::vector<TransformerWeight> list;
  if (shape.inputs > 0) {
    const double spread = 1 / std::sqrt(static_cast<double>(shape.inputs));
    list.push_back({{"token.weight", {d, shape.inputs}, shape.inputs}, Start::Uniform, spread});
    list.push_back({{"token.bias", {d}, shape.inputs}, Start::Uniform, spread});
  } else {
    list.push_back({{"token.weight", {shape.vocabulary, d}, 0}, Start::Normal, shape.table_spread});
  }
  if (learns_positions)
    list.push_back({{kPositionName, {shape.context, d}, 0}, Start::Normal, shape.table_spread});
  for (std::int64_t layer = 0; layer < shape.layers; ++layer) {
    const std::string prefix = "blocks." + std::to_string(layer) + ".";
    for (auto& weight : blockWeightList(prefix, d, shape.hidden, shape.has_cross))
      list.push_back(std::move(weight));
  }
  list.push_back({{"norm.weight", {d}, d}, Start::One});
  list.push_back({{"norm.bias", {d}, d}});
  list.push_back({{"head.weight", {shape.vocabulary, d}, d},
                  Start::Uniform,
                  1 / std::sqrt(static_cast<double>(d))});
  return list;
}

std::vector<WeightShape> shapesOf(const std::vector<TransformerWeight>& list) {
  std::vector<WeightShape> shapes;
  for (const auto& weight : list) shapes.push_back(weight.shape);
  return shapes;
}

/// [copies, parameters], every row the same.
torch::Tensor drawn(const std::vector<TransformerWeight>& list, std::int64_t copies,
                    at::Generator generator, const std::string& device) {
  std::vector<torch::Tensor> parts;
  for (const auto& weight : list) {
    parts.push_back(torch::empty(weight.shape.shape));
    drawWeight(parts.back(), weight, generator);
    parts.back() = parts.back().flatten();
  }
  return torch::cat(parts).repeat({copies, 1}).to(device);
}

TransformerShape completed(TransformerShape shape) {
  if (shape.hidden == 0) shape.hidden = 4 * shape.width;
  return shape;
}

bool anyOf(const std::vector<Manner>& manners, PositionKind kind) {
  return std::any_of(manners.begin(), manners.end(),
                     [&](const Manner& manner) { return manner.positions == kind; });
}

}  // namespace

Transformer::Transformer(TransformerShape shape, std::vector<Manner> manners,
                         at::Generator generator, const std::string& device)
    : shape_(completed(shape)),
      manners_(std::move(manners)),
      list_(listOf(shape_, shape_.has_position_table || anyOf(manners_, PositionKind::Learned))),
      weights_(shapesOf(list_), drawn(list_, copies(), std::move(generator), device)) {
  const auto& leaves = weights_.leaves();
  std::size_t next = 0;
  token_ = leaves[next++];
  if (shape_.inputs > 0) token_bias_ = leaves[next++];
  if (list_[next].shape.name == kPositionName) table_ = leaves[next++];
  for (std::int64_t layer = 0; layer < shape_.layers; ++layer)
    blocks_.push_back(blockWeights(leaves, next, shape_.has_cross));
  norm_weight_ = leaves[next++];
  norm_bias_ = leaves[next++];
  head_ = leaves[next++];
  followManners();
}

void Transformer::setManner(std::int64_t copy, Manner manner) {
  manners_.at(copy) = std::move(manner);
  followManners();
}

void Transformer::followManners() {
  const double head_width = static_cast<double>(shape_.width / shape_.heads);
  const auto device = weights_.flat().device();
  std::vector<torch::Tensor> fixed, shares;
  scales_.clear();
  for (const Manner& manner : manners_) {
    scales_.push_back(manner.is_scaled ? 1 / std::sqrt(head_width) : 1);
    fixed.push_back(manner.positions == PositionKind::Sinusoidal
                        ? sinusoidalTable(shape_.context, shape_.width) * kSinusoidalSize
                        : torch::zeros({shape_.context, shape_.width}));
    shares.push_back(torch::full({1, 1}, manner.positions == PositionKind::Learned ? 1.0 : 0.0));
  }
  fixed_ = any(PositionKind::Sinusoidal) ? torch::stack(fixed).to(device) : torch::Tensor();
  learned_ = any(PositionKind::Learned) ? table_ : torch::Tensor();
  const bool do_all = std::all_of(manners_.begin(), manners_.end(), [](const Manner& manner) {
    return manner.positions == PositionKind::Learned;
  });
  learned_share_ = do_all ? torch::Tensor() : torch::stack(shares).to(device);
  tables_.clear();
}

bool Transformer::any(PositionKind kind) const { return anyOf(manners_, kind); }

std::int64_t Transformer::parameters(std::int64_t copy) const {
  std::int64_t count = 0;
  for (const auto& weight : list_)
    if (weight.shape.name != kPositionName || manner(copy).positions == PositionKind::Learned)
      count += c10::multiply_integers(weight.shape.shape);
  return count;
}

torch::Tensor Transformer::forward(const torch::Tensor& tokens, const Reading& reading) const {
  return readOut(hidden(embedded(tokens, reading.cache ? reading.cache->length : 0), reading));
}

torch::Tensor Transformer::embedded(const torch::Tensor& tokens, std::int64_t first) const {
  const std::int64_t batch = tokens.size(-2), length = tokens.size(-1);
  // The tables of all copies as one, so that the backward pass is one that the library is fast at.
  const auto offsets =
      torch::arange(copies(), tokens.options()).mul_(shape_.vocabulary).view({-1, 1, 1});
  const auto of_copies = tokens.dim() == 3 ? tokens : tokens.unsqueeze(0);
  const auto x =
      torch::embedding(token_.flatten(0, 1), copies() == 1 ? of_copies : of_copies + offsets);
  return placed(x, first, length).view({copies(), batch, length, shape_.width});
}

torch::Tensor Transformer::embeddedVectors(const torch::Tensor& vectors) const {
  const std::int64_t batch = vectors.size(0), length = vectors.size(1);
  const auto rows = vectors.flatten(0, 1).unsqueeze(0).expand({copies(), -1, -1});
  const auto x = stackedLinear(rows, token_, token_bias_);
  return placed(x.view({copies(), batch, length, shape_.width}), 0, length);
}

/// x [copies, batch, length, d] with what tells its positions.
torch::Tensor Transformer::placed(torch::Tensor x, std::int64_t first, std::int64_t length) const {
  if (learned_.defined()) {
    auto rows = learned_.narrow(1, first, length);
    if (learned_share_.defined()) rows = rows * learned_share_;
    x = x + rows.unsqueeze(1);
  }
  if (fixed_.defined()) x = x + fixed_.narrow(1, first, length).unsqueeze(1);
  return x;
}

torch::Tensor Transformer::hidden(const torch::Tensor& x, const Reading& reading) const {
  const std::int64_t batch = x.size(1), length = x.size(2);
  const std::int64_t before = reading.cache ? reading.cache->length : 0;
  if (reading.cache) reading.cache->layers.resize(shape_.layers);
  if (reading.traces) reading.traces->assign(shape_.layers, {});
  const Tables& prepared = tables(length, before + length);
  auto state = x.flatten(1, 2);
  for (std::int64_t layer = 0; layer < shape_.layers; ++layer) {
    BlockCall call;
    call.layer = layer;
    call.batch = batch;
    call.heads = shape_.heads;
    call.norm = shape_.norm;
    call.scales = scales_;
    call.bias = prepared.biases[layer];
    call.rotary = prepared.rotary;
    if (reading.gain.defined()) call.gain = reading.gain[layer];
    if (reading.memory.defined()) call.memory = reading.memory.flatten(1, 2);
    call.hooks = reading.hooks;
    if (reading.cache) call.cache = &reading.cache->layers[layer];
    if (reading.traces) call.trace = &(*reading.traces)[layer];
    state = viva::block(blocks_[layer], call, state);
  }
  if (reading.cache) reading.cache->length += length;
  return state.view({copies(), batch, length, shape_.width});
}

torch::Tensor Transformer::readOut(const torch::Tensor& x) const {
  const auto normed = stackedNorm(x.flatten(1, 2), norm_weight_, norm_bias_);
  return stackedLinear(normed, head_).view({copies(), x.size(1), x.size(2), shape_.vocabulary});
}

torch::Tensor Transformer::positionTable(std::int64_t copy) const {
  switch (manner(copy).positions) {
    case PositionKind::Learned:
      return learned_.detach()[copy];
    case PositionKind::Sinusoidal:
      return fixed_[copy];
    default:
      return {};
  }
}

const Transformer::Tables& Transformer::tables(std::int64_t queries, std::int64_t keys) const {
  const auto known = tables_.find({queries, keys});
  if (known != tables_.end()) return known->second;
  constexpr std::size_t kMostLengths = 64;
  if (tables_.size() >= kMostLengths) tables_.clear();
  Tables made;
  for (std::int64_t layer = 0; layer < shape_.layers; ++layer)
    made.biases.push_back(biasOf(layer, queries, keys));
  made.rotary = rotaryOf(queries, keys);
  return tables_.emplace(std::pair{queries, keys}, std::move(made)).first->second;
}

torch::Tensor Transformer::biasOf(std::int64_t layer, std::int64_t queries,
                                  std::int64_t keys) const {
  const bool is_free = std::none_of(manners_.begin(), manners_.end(), [](const Manner& manner) {
    return manner.is_causal || manner.positions == PositionKind::Alibi;
  });
  if (is_free) return {};
  const std::int64_t heads = any(PositionKind::Alibi) ? shape_.heads : 1;
  std::vector<torch::Tensor> biases;
  for (const Manner& manner : manners_) {
    auto bias = torch::zeros({heads, queries, keys});
    if (manner.positions == PositionKind::Alibi)
      bias += alibiBias(manner.slopes.empty() ? alibiSlopes(shape_.heads) : manner.slopes.at(layer),
                        queries, keys);
    if (manner.is_causal) bias += causalMask(queries, keys);
    biases.push_back(bias);
  }
  return torch::stack(biases).unsqueeze(1).to(weights_.flat().device());
}

torch::Tensor Transformer::rotaryOf(std::int64_t queries, std::int64_t keys) const {
  if (!any(PositionKind::Rope)) return {};
  const std::int64_t width = shape_.width / shape_.heads;
  const auto turning = rotaryTable(queries, width, keys - queries);
  const auto still = torch::stack({torch::ones({queries, width}), torch::zeros({queries, width})});
  std::vector<torch::Tensor> of_copies;
  for (const Manner& manner : manners_)
    of_copies.push_back(manner.positions == PositionKind::Rope ? turning : still);
  return torch::stack(of_copies, 1).unsqueeze(2).unsqueeze(2).to(weights_.flat().device());
}

void Transformer::save(WeightSink& sink, std::int64_t copy, const std::string& prefix) const {
  const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
    sink.add(namedArray(prefix + name, tensor));
  };
  const auto position = positionTable(copy);
  const std::size_t last_of_token = shape_.inputs > 0 ? 1 : 0;
  for (std::size_t i = 0; i < list_.size(); ++i) {
    const std::string& name = list_[i].shape.name;
    if (name == kPositionName) continue;
    add(name, weights_.leaves()[i][copy]);
    if (i == last_of_token && position.defined()) add(kPositionName, position);
  }
}

torch::Tensor tokenLoss(const torch::Tensor& logits, const torch::Tensor& targets) {
  const std::int64_t copies = logits.size(0);
  const auto of_copies =
      targets.dim() == 3 ? targets.flatten() : targets.flatten().repeat({copies});
  const auto each =
      torch::nn::functional::cross_entropy(
          logits.flatten(0, 2), of_copies,
          torch::nn::functional::CrossEntropyFuncOptions().ignore_index(kIgnored).reduction(
              torch::kNone))
          .view({copies, -1});
  return each.sum(1) / (targets != kIgnored).sum({-2, -1});
}

torch::Tensor tokenAccuracy(const torch::Tensor& logits, const torch::Tensor& targets) {
  const auto counted = targets != kIgnored;
  const auto right = (logits.argmax(-1) == targets).logical_and(counted);
  return right.sum({1, 2}).to(torch::kFloat) / counted.sum({-2, -1});
}

}  // namespace viva
