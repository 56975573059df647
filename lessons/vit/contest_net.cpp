// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/vit/contest_net.h"

#include <torch/nn/functional/loss.h>
#include <torch/utils.h>

#include <algorithm>
#include <utility>

#include "lessons/vit/attention_reach.h"
#include "lessons/vit/contest_images.h"

namespace viva {
namespace {

constexpr double kWeightDecay = 0.01;
constexpr std::int64_t kChunk = 200;  // images, between which a run may be stopped

std::variant<VisionTransformer, ContestCnn> netOf(const VitContestant& about, CnnHead head,
                                                  const Dataset& data, std::int64_t classes,
                                                  at::Generator generator,
                                                  const std::string& device) {
  const std::int64_t channels = data.inputs.size(1), side = data.inputs.size(2);
  if (about.is_vit)
    return VisionTransformer({side, channels, classes, about.patch, about.has_positions},
                             std::move(generator), device);
  return ContestCnn({side, channels, classes, head, about.is_tuned}, std::move(generator), device);
}

}  // namespace

ContestTests contestTests(const Dataset& held_out, std::int64_t patch, at::Generator generator) {
  ContestTests tests;
  tests.plain = held_out;
  for (std::int64_t pixels = 0; pixels <= kMostShift; ++pixels) {
    tests.moved.push_back(held_out);
    tests.moved.back().inputs = movedEachWay(held_out.inputs, pixels);
  }
  const std::int64_t across = held_out.inputs.size(2) / patch;
  tests.shuffled = held_out;
  tests.shuffled.inputs =
      rearranged(held_out.inputs, patch, torch::randperm(across * across, std::move(generator)));
  return tests;
}

ContestNet::ContestNet(const VitContestant& about, CnnHead head, const Dataset& data,
                       std::int64_t classes, at::Generator generator, const std::string& device)
    : about_(about), net_(netOf(about, head, data, classes, std::move(generator), device)) {}

torch::Tensor ContestNet::logits(const torch::Tensor& images, bool is_training) const {
  if (const VisionTransformer* net = vit()) return net->logits(images);
  return cnn()->logits(images, is_training);
}

double ContestNet::learn(const torch::Tensor& images, const torch::Tensor& labels, double rate) {
  const auto loss = torch::nn::functional::cross_entropy(logits(images, true), labels);
  weights().differentiate(loss.view({1}));
  AdamW rule;
  rule.learning_rate = rate;
  rule.decay = kWeightDecay;
  weights().update(rule);
  return loss.item<double>();
}

double ContestNet::accuracy(const Dataset& data, const std::stop_token& stop) const {
  const torch::NoGradGuard no_grad;
  std::int64_t right = 0;
  for (std::int64_t from = 0; from < data.samples(); from += kChunk) {
    stopIfAsked(stop);
    const std::int64_t count = std::min(kChunk, data.samples() - from);
    const auto said = logits(data.inputs.narrow(0, from, count)).argmax(1);
    right += (said == data.labels.narrow(0, from, count)).sum().item<std::int64_t>();
  }
  return static_cast<double>(right) / static_cast<double>(data.samples());
}

void ContestNet::judge(const Dataset& seen, const ContestTests& tests, VitStanding& standing,
                       const std::stop_token& stop) const {
  const torch::NoGradGuard no_grad;
  standing.train_accuracy = accuracy(seen, stop);
  standing.accuracy = accuracy(tests.plain, stop);
  std::vector<double> shifted{standing.accuracy};  // moved by 0 pixels they are the plain ones
  for (std::size_t pixels = 1; pixels < tests.moved.size(); ++pixels)
    shifted.push_back(accuracy(tests.moved[pixels], stop));
  standing.shifted = std::move(shifted);
  standing.shuffled = accuracy(tests.shuffled, stop);
  if (!vit()) return;
  if (about_.has_positions) {
    standing.grid = gridOf(positionCosines(*vit()), vit()->plan().across());
    return;
  }
  const std::int64_t compared = std::min(kChunk, tests.plain.samples());
  const auto of = [&](const Dataset& data) { return logits(data.inputs.narrow(0, 0, compared)); };
  standing.order_effect = (of(tests.shuffled) - of(tests.plain)).abs().max().item<double>();
}

FlatWeights& ContestNet::weights() {
  return std::visit([](auto& net) -> FlatWeights& { return net.weights(); }, net_);
}

std::int64_t ContestNet::parameters() const {
  return std::visit([](const auto& net) { return net.parameters(); }, net_);
}

void ContestNet::takeBodyFrom(const ContestNet& other) {
  if (auto* own = std::get_if<VisionTransformer>(&net_)) own->takeBodyFrom(*other.vit());
  if (auto* own = std::get_if<ContestCnn>(&net_)) own->takeBodyFrom(*other.cnn());
}

void ContestNet::save(WeightSink& sink, const std::string& prefix) const {
  if (const VisionTransformer* net = vit()) return net->net().save(sink, 0, prefix);
  cnn()->save(sink, prefix);
}

torch::Tensor ContestNet::kept() const {
  return vit() ? vit()->weights().flat()[0] : cnn()->kept();
}

void ContestNet::resume(const torch::Tensor& kept) {
  const torch::NoGradGuard no_grad;
  if (auto* own = std::get_if<ContestCnn>(&net_)) return own->resume(kept);
  weights().flat().select(0, 0).copy_(kept);
}

}  // namespace viva
