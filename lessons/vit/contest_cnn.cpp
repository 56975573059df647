// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/vit/contest_cnn.h"

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

std::vector<std::int64_t> widthsOf(CnnHead head) {
  if (head == CnnHead::Mean) return {16, 32, 45};
  return {16, 24, 28, 32};
}

/// Where layers stand in a Sequential: convolution, norm if any, ReLU, and a pool after each but
/// the last; then the mean, if any, and what makes a row of it.
std::int64_t stride(const CnnPlan& plan) { return plan.has_norm ? 4 : 3; }
std::int64_t placeOfLinear(const CnnPlan& plan, std::int64_t convolutions) {
  return stride(plan) * convolutions + (plan.head == CnnHead::Mean ? 1 : 0);
}

/// Pixels across behind the last convolution.
std::int64_t lastSide(const CnnPlan& plan) { return plan.side >> (widthsOf(plan.head).size() - 1); }
std::int64_t features(const CnnPlan& plan) {
  const std::int64_t side = plan.head == CnnHead::Mean ? 1 : lastSide(plan);
  return widthsOf(plan.head).back() * side * side;
}

std::vector<WeightShape> shapesOf(const CnnPlan& plan) {
  std::vector<WeightShape> shapes;
  std::int64_t in = plan.channels, place = 0;
  const auto widths = widthsOf(plan.head);
  for (const std::int64_t out : widths) {
    const std::int64_t fan_in = in * 9;
    const std::string name = std::to_string(place);
    shapes.push_back({name + ".weight", {out, in, 3, 3}, fan_in});
    if (plan.has_norm) {
      const std::string norm = std::to_string(place + 1);
      shapes.push_back({norm + ".weight", {out}, 1});
      shapes.push_back({norm + ".bias", {out}, 1});
    } else {
      shapes.push_back({name + ".bias", {out}, fan_in});
    }
    in = out;
    place += stride(plan);
  }
  const std::string last =
      std::to_string(placeOfLinear(plan, static_cast<std::int64_t>(widths.size())));
  shapes.push_back({last + ".weight", {plan.classes, features(plan)}, features(plan)});
  shapes.push_back({last + ".bias", {plan.classes}, features(plan)});
  return shapes;
}

/// PyTorch's defaults: [1, parameters].
torch::Tensor drawnWeights(const CnnPlan& plan, at::Generator generator) {
  const auto shapes = shapesOf(plan);
  auto flat = initialWeights(shapes, std::move(generator)).unsqueeze(0);
  if (!plan.has_norm) return flat;
  const auto views = weightViews(shapes, flat);
  for (std::size_t i = 0; i + 2 < views.size(); i += 3) {
    views[i + 1].fill_(1);
    views[i + 2].zero_();
  }
  return flat;
}

}  // namespace

ContestCnn::ContestCnn(const CnnPlan& plan, at::Generator generator, const std::string& device)
    : plan_(plan),
      widths_(widthsOf(plan.head)),
      weights_(shapesOf(plan), drawnWeights(plan, std::move(generator)).to(device)) {
  if (!plan.has_norm) return;
  for (const std::int64_t width : widths_) {
    const auto mean = torch::zeros({width}, weights_.flat().options());
    running_.emplace_back(mean, torch::ones_like(mean));
  }
}

torch::Tensor ContestCnn::logits(const torch::Tensor& images, bool is_training) const {
  const auto weights = weights_.single();
  auto x = images;
  std::size_t next = 0;
  for (std::size_t i = 0; i < widths_.size(); ++i) {
    if (plan_.has_norm) {
      x = torch::conv2d(x, weights[next], {}, 1, 1);
      x = torch::batch_norm(x, weights[next + 1], weights[next + 2], running_[i].first,
                            running_[i].second, is_training, /*momentum=*/0.1, /*eps=*/1e-5,
                            torch::globalContext().userEnabledCuDNN());
      next += 3;
    } else {
      x = torch::conv2d(x, weights[next], weights[next + 1], 1, 1);
      next += 2;
    }
    x = x.relu();
    if (i + 1 < widths_.size()) x = torch::max_pool2d(x, 2);
  }
  const auto row = plan_.head == CnnHead::Mean ? x.mean({2, 3}) : x.flatten(1);
  return torch::linear(row, weights[next], weights[next + 1]);
}

torch::Tensor ContestCnn::logitsByModules(const torch::Tensor& images) const {
  namespace nn = torch::nn;
  const torch::NoGradGuard no_grad;
  const auto weights = weights_.single();
  auto x = images;
  std::size_t next = 0;
  for (std::size_t i = 0; i < widths_.size(); ++i) {
    nn::Conv2d convolution(
        nn::Conv2dOptions(x.size(1), widths_[i], 3).padding(1).bias(!plan_.has_norm));
    convolution->to(images.device());
    convolution->weight.copy_(weights[next++]);
    if (!plan_.has_norm) convolution->bias.copy_(weights[next++]);
    x = convolution(x);
    if (plan_.has_norm) {
      nn::BatchNorm2d norm(widths_[i]);
      norm->to(images.device());
      norm->weight.copy_(weights[next++]);
      norm->bias.copy_(weights[next++]);
      norm->running_mean.copy_(running_[i].first);
      norm->running_var.copy_(running_[i].second);
      norm->eval();
      x = norm(x);
    }
    x = x.clamp_min(0);
    // The largest of four, without the library's pool.
    if (i + 1 < widths_.size())
      x = x.view({x.size(0), x.size(1), x.size(2) / 2, 2, x.size(3) / 2, 2}).amax({3, 5});
  }
  const auto row = plan_.head == CnnHead::Mean ? x.flatten(2).mean(2) : x.flatten(1);
  nn::Linear linear(row.size(1), plan_.classes);
  linear->to(images.device());
  linear->weight.copy_(weights[next]);
  linear->bias.copy_(weights[next + 1]);
  return linear(row);
}

std::int64_t ContestCnn::macs() const {
  std::int64_t in = plan_.channels, side = plan_.side, macs = 0;
  for (const std::int64_t out : widths_) {
    macs += side * side * 9 * in * out;
    in = out;
    side /= 2;
  }
  return macs + features(plan_) * plan_.classes;
}

void ContestCnn::takeBodyFrom(const ContestCnn& other) {
  const torch::NoGradGuard no_grad;
  const std::int64_t body = weights_.flat().size(1) - (features(plan_) + 1) * plan_.classes;
  weights_.flat().narrow(1, 0, body).copy_(other.weights_.flat().narrow(1, 0, body));
  for (std::size_t i = 0; i < running_.size(); ++i) {
    running_[i].first.copy_(other.running_[i].first);
    running_[i].second.copy_(other.running_[i].second);
  }
}

void ContestCnn::save(WeightSink& sink, const std::string& prefix) const {
  weights_.save(sink, prefix);
  for (std::size_t i = 0; i < running_.size(); ++i) {
    const std::string norm =
        prefix + std::to_string(stride(plan_) * static_cast<std::int64_t>(i) + 1);
    sink.add(namedArray(norm + ".running_mean", running_[i].first));
    sink.add(namedArray(norm + ".running_var", running_[i].second));
  }
}

torch::Tensor ContestCnn::kept() const {
  std::vector<torch::Tensor> parts{weights_.flat()[0]};
  for (const auto& [mean, variance] : running_) parts.push_back(mean), parts.push_back(variance);
  return torch::cat(parts);
}

void ContestCnn::resume(const torch::Tensor& kept) {
  const torch::NoGradGuard no_grad;
  std::int64_t from = weights_.flat().size(1);
  weights_.flat()[0].copy_(kept.narrow(0, 0, from));
  for (auto& [mean, variance] : running_)
    for (torch::Tensor* part : {&mean, &variance}) {
      part->copy_(kept.narrow(0, from, part->numel()));
      from += part->numel();
    }
}

}  // namespace viva
