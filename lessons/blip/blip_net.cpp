// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/blip/blip_net.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>

#include "lessons/data/captioned_shapes.h"
#include "lessons/nn/contrastive_loss.h"
#include "lessons/nn/normed_convolutions.h"
#include "lessons/nn/positions.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/transformer_block.h"

namespace viva {
namespace {

constexpr std::int64_t kWidth = 48, kSpace = 32, kHeads = 4, kHidden = 96,
                       kCells = kPictureCells * kPictureCells;
constexpr double kTableSpread = 0.1;
const std::string kOwnAttention = "captioner.";

const NormedConvolutions& convolutions() {
  static const NormedConvolutions made{{3, 16, 32, 32, kWidth}, {2, 1, 2, 2}};
  return made;
}

/// Where the weights behind the convolutions lie.
enum Rest : std::size_t {
  kCellPosition = 12,
  kImageOut,
  kTextOut,
  kLogitScale,
  kMatchWeight,
  kMatchBias,
  kInProjWeight,
  kInProjBias,
  kOutProjWeight,
  kOutProjBias,
  kRestEnd
};

std::vector<WeightShape> restShapes() {
  auto shapes = convolutions().weights("image.");
  shapes.push_back({"cell_position", {kCells, kWidth}, 0});
  shapes.push_back({"image_projection.weight", {kSpace, kCells * kWidth}, kCells * kWidth});
  shapes.push_back({"text_projection.weight", {kSpace, kWidth}, kWidth});
  shapes.push_back({"logit_scale", {1}, 1});
  shapes.push_back({"match.weight", {2, kWidth}, kWidth});
  shapes.push_back({"match.bias", {2}, kWidth});
  // The self-attention that the captioner has for itself: the first four of a block.
  const auto block = blockWeightList(kOwnAttention, kWidth, kHidden, false);
  for (std::size_t i = 0; i < kRestEnd - kInProjWeight; ++i) {
    shapes.push_back(block[i].shape);
    shapes.back().name.erase(kOwnAttention.size(), std::string("self_attn.").size());
  }
  return shapes;
}

torch::Tensor restStart(at::Generator generator) {
  const auto flat = initialWeights(restShapes(), generator).unsqueeze(0);
  const auto views = weightViews(restShapes(), flat);
  convolutions().startNorms(views);
  views[kCellPosition].mul_(kTableSpread);
  views[kLogitScale].fill_(std::log(kFirstScale));
  const auto block = blockWeightList(kOwnAttention, kWidth, kHidden, false);
  for (std::size_t i = 0; i < kRestEnd - kInProjWeight; ++i)
    drawWeight(views[kInProjWeight + i][0], block[i], generator);
  return flat;
}

TransformerShape textShape() {
  TransformerShape shape;
  shape.vocabulary = kBlipVocabulary;
  shape.context = 1 + kCaptionLength;
  shape.width = kWidth;
  shape.heads = kHeads;
  shape.hidden = kHidden;
  shape.has_cross = true;
  shape.table_spread = kTableSpread;
  return shape;
}

torch::Tensor unitLength(const torch::Tensor& x) {
  return x / x.norm(2, 1, /*keepdim=*/true).clamp_min(1e-12);
}

std::int64_t firstTokenOf(bool sees_pictures, bool is_causal) {
  if (is_causal) return kCaptionToken;
  return sees_pictures ? kMatchToken : kContrastToken;
}

}  // namespace

BlipNet::BlipNet(at::Generator generator, const std::string& device)
    : text_(textShape(), {Manner{}}, generator, device),
      rest_(restShapes(), restStart(generator).to(device)) {}

SeenPictures BlipNet::look(const torch::Tensor& pictures) const {
  const auto weight = rest_.single();
  const auto features = convolutions().features(pictures, weight);  // [pictures, 48, 4, 4]
  const auto cells = features.flatten(2).transpose(1, 2) + weight[kCellPosition];
  return {cells, unitLength(torch::linear(features.flatten(1), weight[kImageOut]))};
}

torch::Tensor BlipNet::read(Reading reading, const torch::Tensor& words, const torch::Tensor& cells,
                            torch::Tensor* weights) const {
  const bool sees_pictures = reading != Reading::Contrast, is_causal = reading == Reading::Caption;
  const std::int64_t captions = words.size(0), length = 1 + words.size(1);
  const auto first =
      torch::full({captions, 1}, firstTokenOf(sees_pictures, is_causal), words.options());
  const auto x = text_.embedded(torch::cat({first, words}, 1)).flatten(1, 2);

  BlockWeights block_weights = text_.block(0);
  BlockCall call;
  call.batch = captions;
  call.heads = kHeads;
  call.scales = {1 / std::sqrt(static_cast<double>(kWidth / kHeads))};
  if (is_causal) {
    const auto& own = rest_.leaves();
    block_weights.self_attn = {own[kInProjWeight], own[kInProjBias], own[kOutProjWeight],
                               own[kOutProjBias]};
    call.bias = causalMask(length, length).view({1, 1, 1, length, length}).to(device());
  }
  if (sees_pictures) {
    call.memory = cells.reshape({1, -1, kWidth});
  } else {  // cross-attention and its norm are passed by
    block_weights.multihead_attn = {};
    block_weights.norm2_weight = block_weights.norm3_weight;
    block_weights.norm2_bias = block_weights.norm3_bias;
  }
  BlockTrace trace;
  if (weights) call.trace = &trace;
  const auto hidden = viva::block(block_weights, call, x);
  if (weights) *weights = trace.cross.weights[0];

  const auto& leaves = text_.weights().leaves();  // the last norm stands before the head
  return stackedNorm(hidden, leaves[leaves.size() - 3], leaves[leaves.size() - 2])
      .view({captions, length, kWidth});
}

torch::Tensor BlipNet::vectors(const torch::Tensor& words) const {
  const auto first = read(Reading::Contrast, words, {}).select(1, 0);
  return unitLength(torch::linear(first, rest_.leaves()[kTextOut][0]));
}

torch::Tensor BlipNet::matching(const torch::Tensor& cells, const torch::Tensor& words,
                                torch::Tensor* weights) const {
  const auto mean = read(Reading::Match, words, cells, weights).mean(1);
  return torch::linear(mean, rest_.leaves()[kMatchWeight][0], rest_.leaves()[kMatchBias][0]);
}

torch::Tensor BlipNet::nextWords(const torch::Tensor& cells, const torch::Tensor& words,
                                 torch::Tensor* weights) const {
  const auto hidden = read(Reading::Caption, words, cells, weights);
  return torch::linear(hidden, text_.weights().leaves().back()[0]);
}

torch::Tensor BlipNet::written(const torch::Tensor& cells) const {
  auto words = torch::empty({cells.size(0), 0}, cells.options().dtype(torch::kLong));
  for (std::int64_t place = 0; place < kCaptionLength; ++place) {
    // A caption has five words, so neither the end nor a beginning can be the next one.
    const auto known = nextWords(cells, words).select(1, place).narrow(1, 0, kContrastToken);
    words = torch::cat({words, known.argmax(1, /*keepdim=*/true)}, 1);
  }
  return words;
}

torch::Tensor BlipNet::scale() const { return rest_.leaves()[kLogitScale].squeeze().exp(); }

void BlipNet::differentiate(const torch::Tensor& loss) {
  const auto& leaves = text_.weights().leaves();
  const auto parts = rest_.differentiate(loss.view({1}), leaves);
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> of_text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    of_text.push_back(
        (parts[i].defined() ? parts[i] : torch::zeros_like(leaves[i])).reshape({1, -1}));
  auto gradients = text_.weights().gradients();
  torch::cat_out(gradients, of_text, 1);
}

void BlipNet::update(const Adam& rule) {
  text_.weights().update(rule);
  rest_.update(rule);
  const torch::NoGradGuard no_grad;
  auto scale = rest_.leaves()[kLogitScale];
  scale.clamp_max_(std::log(kLargestScale));
}

std::map<std::string, std::vector<torch::Tensor>> BlipNet::parts() const {
  std::map<std::string, std::vector<torch::Tensor>> parts;
  const auto& shapes = text_.weights().shapes();
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::string& name = shapes[i].name;
    const auto holds = [&](const char* what) { return name.find(what) != std::string::npos; };
    const char* part = "words";  // with the last norm, which all three use
    if (holds("self_attn")) part = "self_attention";
    if (holds("multihead_attn") || holds("norm2")) part = "cross_attention";
    if (holds("linear") || holds("norm1") || holds("norm3")) part = "feed_forward";
    if (holds("head.")) part = "word_head";
    parts[part].push_back(text_.weights().leaves()[i]);
  }
  const auto& rest = rest_.leaves();
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char* part = "image";
    if (i == kCellPosition) part = "cross_attention";
    if (i >= kImageOut && i <= kLogitScale) part = "contrast";
    if (i == kMatchWeight || i == kMatchBias) part = "match_head";
    if (i >= kInProjWeight) part = "captioner_attention";
    parts[part].push_back(rest[i]);
  }
  return parts;
}

std::int64_t BlipNet::parameters() const { return flat().numel(); }

void BlipNet::save(WeightSink& sink, const std::string& prefix) const {
  text_.save(sink, 0, prefix + "text.");
  rest_.save(sink, prefix);
}

torch::Tensor BlipNet::flat() const {
  return torch::cat({text_.weights().flat().detach().flatten(), rest_.flat().detach().flatten()});
}

void BlipNet::take(const torch::Tensor& flat) {
  const torch::NoGradGuard no_grad;
  const std::int64_t of_text = text_.weights().flat().numel();
  text_.weights().flat().view({-1}).copy_(flat.narrow(0, 0, of_text));
  rest_.flat().view({-1}).copy_(flat.narrow(0, of_text, rest_.flat().numel()));
}

}  // namespace viva
