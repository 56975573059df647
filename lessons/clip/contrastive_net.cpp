// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/clip/contrastive_net.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "lessons/data/captioned_shapes.h"
#include "lessons/nn/contrastive_loss.h"
#include "lessons/nn/normed_convolutions.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kWidth = 48, kTextHeads = 4, kTextHidden = 96;
constexpr std::int64_t kConvolutions = 4, kFlatFeatures = 48 * 4 * 4;

const NormedConvolutions& convolutions() {
  static const NormedConvolutions made{{3, 16, 32, 32, 48}, {2, 1, 2, 2}};
  return made;
}

/// Where the weights behind the convolutions lie.
constexpr std::int64_t kDense = 3 * kConvolutions, kImageOut = kDense + 2, kLogitScale = kDense + 3,
                       kTextOut = kDense + 4;

std::vector<WeightShape> restShapes() {
  auto shapes = convolutions().weights("image.");
  shapes.push_back({"image.13.weight", {kWidth, kFlatFeatures}, kFlatFeatures});
  shapes.push_back({"image.13.bias", {kWidth}, kFlatFeatures});
  shapes.push_back({"image.15.weight", {kSharedWidth, kWidth}, kWidth});
  shapes.push_back({"logit_scale", {1}, 1});
  shapes.push_back({"projection.weight", {kSharedWidth, kWidth}, kWidth});
  return shapes;
}

torch::Tensor restStart(at::Generator generator) {
  const auto flat = initialWeights(restShapes(), std::move(generator)).unsqueeze(0);
  const auto views = weightViews(restShapes(), flat);
  convolutions().startNorms(views);
  views[kLogitScale].fill_(std::log(kFirstScale));
  return flat;
}

TransformerShape textShape() {
  TransformerShape shape;
  shape.vocabulary = static_cast<std::int64_t>(kCaptionWords.size());
  shape.context = kCaptionLength;
  shape.width = kWidth;
  shape.heads = kTextHeads;
  shape.hidden = kTextHidden;
  shape.has_position_table = true;  // drawn for a bag too, so that all nets begin alike
  return shape;
}

Manner textManner(const ContrastiveManner& manner) {
  Manner made;
  made.positions = manner.knows_order ? PositionKind::Learned : PositionKind::None;
  return made;
}

torch::Tensor unitLength(const torch::Tensor& x) {
  return x / x.norm(2, 1, /*keepdim=*/true).clamp_min(1e-12);
}

}  // namespace

ContrastiveNet::ContrastiveNet(const ContrastiveManner& manner, at::Generator generator,
                               const std::string& device)
    : manner_(manner),
      text_(textShape(), {textManner(manner)}, generator, device),
      rest_(restShapes(), restStart(generator).to(device)) {}

torch::Tensor ContrastiveNet::images(const torch::Tensor& pictures) const {
  const auto weight = rest_.single();
  auto x = convolutions().features(pictures, weight);
  x = torch::linear(x.flatten(1), weight[kDense], weight[kDense + 1]).relu();
  return unitLength(torch::linear(x, weight[kImageOut]));
}

torch::Tensor ContrastiveNet::texts(const torch::Tensor& captions) const {
  const auto words = text_.hidden(text_.embedded(captions));  // [1, captions, words, width]
  const auto& leaves = text_.weights().leaves();
  // The last norm stands before the head, which nothing is read out of here.
  const auto norm_weight = leaves[leaves.size() - 3], norm_bias = leaves[leaves.size() - 2];
  const auto normed = stackedNorm(words.mean(2), norm_weight, norm_bias)[0];
  return unitLength(torch::linear(normed, rest_.leaves()[kTextOut][0]));
}

torch::Tensor ContrastiveNet::scale() const {
  if (manner_.fixed_scale)
    return torch::full({}, *manner_.fixed_scale, rest_.flat().options().requires_grad(false));
  return rest_.leaves()[kLogitScale].squeeze().exp();
}

void ContrastiveNet::differentiate(const torch::Tensor& loss) {
  const auto parts = rest_.differentiate(loss.view({1}), text_.weights().leaves());
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> of_text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    of_text.push_back(
        (parts[i].defined() ? parts[i] : torch::zeros_like(text_.weights().leaves()[i]))
            .reshape({1, -1}));
  auto gradients = text_.weights().gradients();
  torch::cat_out(gradients, of_text, 1);
}

void ContrastiveNet::update(const Adam& rule) {
  text_.weights().update(rule);
  rest_.update(rule);
  const torch::NoGradGuard no_grad;
  auto scale = rest_.leaves()[kLogitScale];
  scale.clamp_max_(std::log(kLargestScale));
}

torch::Tensor ContrastiveNet::gradients() const {
  return torch::cat({text_.weights().gradients().flatten(), rest_.gradients().flatten()});
}

std::int64_t ContrastiveNet::parameters() const {
  // Nothing is read out of the text net's head.
  const std::int64_t head = text_.weights().leaves().back().numel();
  const std::int64_t fixed = manner_.fixed_scale ? 1 : 0;
  return text_.parameters() - head + rest_.flat().numel() - fixed;
}

void ContrastiveNet::save(WeightSink& sink, const std::string& prefix) const {
  text_.save(sink, 0, prefix + "text.");
  rest_.save(sink, prefix);
  if (manner_.fixed_scale) sink.add(namedArray(prefix + "fixed_scale", scale()));
}

torch::Tensor ContrastiveNet::flat() const {
  return torch::cat({text_.weights().flat().detach().flatten(), rest_.flat().detach().flatten()});
}

}  // namespace viva
