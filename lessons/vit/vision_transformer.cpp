// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/vit/vision_transformer.h"

#include <torch/utils.h>

#include <utility>

#include "lessons/vit/contest_images.h"

namespace viva {
namespace {

constexpr std::int64_t kWidth = 32, kHeads = 4, kLayers = 2, kHidden = 64;
/// Small, so that what is learned of the places soon outweighs what was drawn: after 500 updates on
/// images that are moved, the mean cosine of neighbours was 0.11 with 0.1, as words have it, and
/// 0.39 with 0.02.
constexpr double kPositionSpread = 0.02;

TransformerShape shapeOf(const VitPlan& plan) {
  TransformerShape shape;
  shape.vocabulary = plan.classes;
  shape.inputs = plan.channels * plan.patch * plan.patch;
  shape.context = plan.tokens();
  shape.width = kWidth;
  shape.heads = kHeads;
  shape.layers = kLayers;
  shape.hidden = kHidden;
  shape.table_spread = kPositionSpread;
  return shape;
}

Manner mannerOf(const VitPlan& plan) {
  Manner manner;
  manner.positions = plan.has_positions ? PositionKind::Learned : PositionKind::None;
  return manner;
}

}  // namespace

VisionTransformer::VisionTransformer(const VitPlan& plan, at::Generator generator,
                                     const std::string& device)
    : plan_(plan), net_(shapeOf(plan), {mannerOf(plan)}, std::move(generator), device) {}

torch::Tensor VisionTransformer::logits(const torch::Tensor& images, const Reading& reading) const {
  const auto tokens = net_.embeddedVectors(patchesOf(images, plan_.patch));  // [1, n, tokens, d]
  return net_.readOut(net_.hidden(tokens, reading)).mean(2).squeeze(0);
}

std::int64_t VisionTransformer::attentionMacs() const {
  return kLayers * 2 * plan_.tokens() * plan_.tokens() * kWidth;
}

std::int64_t VisionTransformer::macs() const {
  const std::int64_t inputs = net_.shape().inputs;
  const std::int64_t block = 4 * kWidth * kWidth + 2 * kWidth * kHidden;
  return plan_.tokens() * (inputs * kWidth + kLayers * block + kWidth * plan_.classes) +
         attentionMacs();
}

void VisionTransformer::takeBodyFrom(const VisionTransformer& other) {
  const torch::NoGradGuard no_grad;
  // The head is the last of the weights.
  const std::int64_t body = weights().flat().size(1) - kWidth * plan_.classes;
  weights().flat().narrow(1, 0, body).copy_(other.weights().flat().narrow(1, 0, body));
}

}  // namespace viva
