// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fitting/fitted_model.h"

#include <torch/autograd.h>
#include <torch/nn/functional/loss.h>
#include <torch/utils.h>

#include <cmath>
#include <limits>
#include <utility>

#include "lessons/data/dataset.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr double kMomentum = 0.9;

/// `depth` hidden layers of `width` units; only its weights: the forward pass is below.
Architecture netOf(const Parameters& p, const LabData& data) {
  std::int64_t inputs = labFeatureCount(p[kLabFeatures], p[kLabDegree], data.is_curve ? 1 : 2);
  const std::int64_t outputs = data.is_curve ? 1 : data.classes;
  Architecture net;
  for (std::int64_t layer = 0; layer <= p[kLabDepth]; ++layer) {
    const std::int64_t units = layer == p[kLabDepth] ? outputs : p[kLabWidth];
    const std::string name = std::to_string(2 * layer);
    net.weights.push_back({name + ".weight", {units, inputs}, inputs});
    net.weights.push_back({name + ".bias", {units}, inputs});
    inputs = units;
  }
  return net;
}

/// Least squares through ten points needs float64 (1e-23 is left of the error, not 1e-10); a net
/// does not.
torch::Dtype typeOf(const Parameters& p) {
  return p[kLabDepth] == 0 ? torch::kFloat64 : torch::kFloat32;
}

/// [samples, features] -> [samples, outputs].
torch::Tensor forward(const std::vector<torch::Tensor>& layers, torch::Tensor x) {
  for (std::size_t i = 0; i < layers.size(); i += 2) {
    x = torch::addmm(layers[i + 1], x, layers[i].t());
    if (i + 2 < layers.size()) x = x.relu();
  }
  return x;
}

/// Squared error or cross-entropy, the mean over the samples.
torch::Tensor lossOf(const torch::Tensor& outputs, const torch::Tensor& targets) {
  if (targets.is_floating_point()) return (outputs.select(1, 0) - targets).square().mean();
  return torch::nn::functional::cross_entropy(outputs, targets);
}

std::vector<torch::Tensor> viewsOf(const Architecture& net, const torch::Tensor& flat) {
  std::vector<torch::Tensor> views = weightViews(net.weights, flat.unsqueeze(0));
  for (torch::Tensor& view : views) view = view[0];
  return views;
}

double shareRight(const torch::Tensor& outputs, const torch::Tensor& targets) {
  return (outputs.argmax(1) == targets).to(torch::kFloat).mean().item<double>();
}

}  // namespace

LabModel::LabModel(const Parameters& parameters, LabData data, const RunContext& context)
    : parameters_(parameters),
      data_(std::move(data)),
      type_(typeOf(parameters)),
      net_(netOf(parameters, data_)),
      weights_(initialWeights(net_.weights, generatorFor(context.seed, kLabInitialisation))
                   .to(torch::TensorOptions(torch::Device(context.device)).dtype(type_))),
      gradient_(torch::zeros_like(weights_)),
      velocity_(torch::zeros_like(weights_)),
      layers_(viewsOf(net_, weights_)),
      gradients_(viewsOf(net_, gradient_)),
      masks_(generatorFor(context.seed, kLabMasks)),
      jitter_(generatorFor(context.seed, kLabJitter)) {
  keepFreedMemory();
  std::vector<torch::Tensor> parts;
  for (const torch::Tensor& layer : layers_)
    parts.push_back(torch::full({layer.numel()}, layer.dim() > 1 ? 1.0 : 0.0, layer.options()));
  is_weight_ = torch::cat(parts);
  weight_places_ = is_weight_.nonzero().flatten();
  prepare();
}

void LabModel::replaceData(LabData data) {
  data_ = std::move(data);
  // What was best was best for other samples.
  numbers_.best_validation = std::numeric_limits<double>::infinity();
  numbers_.stopped_at.reset();
  prepare();
}

void LabModel::prepare() {
  numbers_.noise_floor = data_.noise_floor;
  numbers_.baseline = data_.baseline;
  seen_ = featuresOf(data_.training.inputs);
  asked_ = featuresOf(data_.validation.inputs);
  if (data_.test.inputs.defined()) moved_ = featuresOf(data_.test.inputs);
  for (LabSamples* samples : {&data_.training, &data_.validation, &data_.test})
    if (data_.is_curve && samples->targets.defined()) samples->targets = samples->targets.to(type_);
  wanted_ = data_.is_curve ? data_.training.targets.unsqueeze(1)
                           : torch::one_hot(data_.training.targets, data_.classes).to(type_);
}

torch::Tensor LabModel::featuresOf(const torch::Tensor& places) const {
  return labFeatures(parameters_[kLabFeatures], parameters_[kLabDegree], places.to(type_))
      .t()
      .contiguous();
}

torch::Tensor LabModel::outputs(const torch::Tensor& places) const {
  const torch::NoGradGuard no_grad;
  return forward(layers_, featuresOf(places)).t();
}

void LabModel::update() {
  numbers_.update.reset();
  if (!data_.isEnough() || numbers_.stopped_at || epoch_ == parameters_[kLabEpochs]) return;
  epoch_ += 1;
  if (parameters_[kLabSolver] == LabSolver::Exact)
    solve();
  else
    descend();
}

void LabModel::descend() {
  const double rate = parameters_[kLabRate], l1 = parameters_[kLabL1], l2 = parameters_[kLabL2];
  const torch::NoGradGuard no_grad;
  torch::Tensor features = seen_;
  if (parameters_[kLabAugmentation] > 0) {
    const auto& inputs = data_.training.inputs;
    const auto jitter = torch::randn(inputs.sizes(), jitter_).to(inputs.device());
    features = featuresOf(inputs + parameters_[kLabAugmentation] * jitter);
  }
  numbers_.update = backpropagate(features, parameters_[kLabDropout], masks_, gradients_);
  velocity_.mul_(kMomentum).sub_(gradient_, rate);
  if (l2 > 0) velocity_.addcmul_(weights_, is_weight_, -rate * 2 * l2);
  if (l1 == 0) {
    weights_.add_(velocity_);
    return;
  }
  // |w| has no slope at zero: shrinking by rate * l1 and no further is what lands on it exactly.
  const auto ahead = weights_ + velocity_;
  const auto shrunk = ahead.sign() * (ahead.abs() - rate * l1 * is_weight_).clamp_min(0);
  velocity_.copy_(shrunk - weights_);
  weights_.copy_(shrunk);
}

/// By hand: autograd takes 1.3 times as long for a whole step of these small nets.
double LabModel::backpropagate(const torch::Tensor& features, double dropout,
                               const at::Generator& masks,
                               const std::vector<torch::Tensor>& gradients) const {
  std::vector<torch::Tensor> inputs{features};  // of each layer
  torch::Tensor outputs;
  for (std::size_t i = 0; i < layers_.size(); i += 2) {
    outputs = torch::addmm(layers_[i + 1], inputs.back(), layers_[i].t());
    if (i + 2 == layers_.size()) break;
    inputs.push_back(outputs.relu_());
    if (dropout > 0)
      inputs.back().mul_(torch::empty(outputs.sizes())
                             .bernoulli_(1 - dropout, masks)
                             .div_(1 - dropout)
                             .to(outputs.options()));
  }
  const auto samples = static_cast<double>(features.size(0));
  double loss = 0;
  torch::Tensor slope;  // of the loss at what a layer gives
  if (data_.is_curve) {
    const auto error = outputs - wanted_;
    loss = error.square().sum().item<double>() / samples;
    slope = error.mul_(2 / samples);
  } else {
    const auto log_shares = torch::log_softmax(outputs, 1);
    loss = -(log_shares * wanted_).sum().item<double>() / samples;
    slope = log_shares.exp_().sub_(wanted_).div_(samples);
  }
  for (std::size_t i = layers_.size(); i >= 2; i -= 2) {
    const torch::Tensor& input = inputs[i / 2 - 1];
    torch::Tensor of_weights = gradients[i - 2], of_biases = gradients[i - 1];
    torch::mm_out(of_weights, slope.t(), input);
    torch::sum_out(of_biases, slope, 0);
    if (i == 2) break;
    // A unit that is off or dropped passes nothing back.
    slope = torch::threshold_backward(torch::mm(slope, layers_[i - 2]), input, 0);
    if (dropout > 0) slope.div_(1 - dropout);
  }
  return loss;
}

/// Ridge regression, or the smallest of all least-squares solutions without a penalty. The bias is
/// free: features and targets are centred first.
void LabModel::solve() {
  const torch::NoGradGuard no_grad;
  const auto& targets = data_.training.targets;
  const auto mean = seen_.mean(0, true);
  const auto centred = seen_ - mean;
  const auto heights = (targets - targets.mean()).unsqueeze(1);
  const auto samples = static_cast<double>(data_.training.size());
  const double l2 = parameters_[kLabL2];
  torch::Tensor solution;
  if (l2 > 0) {
    const auto curvature =
        torch::mm(centred.t(), centred) / samples + l2 * torch::eye(seen_.size(1), seen_.options());
    solution = torch::linalg_solve(curvature, torch::mm(centred.t(), heights) / samples);
  } else {
    const auto inverse = torch::linalg_pinv(centred, 1e-12);
    solution = torch::mm(inverse, heights);
    // The error of the inverse is fitted once more.
    solution += torch::mm(inverse, heights - torch::mm(centred, solution));
  }
  weights_.copy_(torch::cat({solution.flatten(), (targets.mean() - mean.mm(solution)).flatten()}));
}

void LabModel::evaluate() {
  if (!data_.isEnough()) return;
  const torch::NoGradGuard no_grad;
  const auto trained = forward(layers_, seen_), held_out = forward(layers_, asked_);
  numbers_.train = lossOf(trained, data_.training.targets).item<double>();
  numbers_.validation = lossOf(held_out, data_.validation.targets).item<double>();
  if (moved_.defined())
    numbers_.test = lossOf(forward(layers_, moved_), data_.test.targets).item<double>();
  if (!data_.is_curve) {
    numbers_.train_accuracy = shareRight(trained, data_.training.targets);
    numbers_.validation_accuracy = shareRight(held_out, data_.validation.targets);
  }
  const auto weights = plainWeights();
  numbers_.weight_norm = weights.norm().item<double>();
  numbers_.weights = weights.numel();
  numbers_.zero_weights = (weights == 0).sum().item<std::int64_t>();

  if (numbers_.stopped_at) return;
  const bool stops = parameters_[kLabEarlyStopping];
  if (numbers_.validation < numbers_.best_validation) {
    numbers_.best_validation = numbers_.validation;
    numbers_.best_epoch = epoch_;
    if (stops) best_ = weights_.clone();
  } else if (stops && epoch_ - numbers_.best_epoch >= parameters_[kLabPatience]) {
    weights_.copy_(best_);
    numbers_.stopped_at = epoch_;
    evaluate();
  }
}

torch::Tensor LabModel::plainWeights() const { return weights_.index_select(0, weight_places_); }

void LabModel::save(WeightSink& sink, const std::string& prefix) const {
  for (std::size_t w = 0; w < layers_.size(); ++w)
    sink.add(namedArray(prefix + net_.weights[w].name, layers_[w]));
}

double LabModel::gradientDifference() const {
  const bool exact = parameters_[kLabSolver] == LabSolver::Exact;
  if (!data_.isEnough() || (exact && epoch_ == 0)) return 0;
  const auto ours = torch::empty_like(gradient_);
  {
    const torch::NoGradGuard no_grad;
    backpropagate(seen_, 0, {}, viewsOf(net_, ours));
    if (exact)
      return (ours + 2 * parameters_[kLabL2] * weights_ * is_weight_).abs().max().item<double>();
  }
  const auto flat = weights_.clone().requires_grad_();
  const auto loss = lossOf(forward(viewsOf(net_, flat), seen_), data_.training.targets);
  const auto theirs = torch::autograd::grad({loss}, {flat})[0];
  const double length = theirs.norm().item<double>();
  return std::isfinite(length) ? (ours - theirs).norm().item<double>() / (1 + length) : 0;
}

double LabModel::restoredDifference() const {
  if (!numbers_.stopped_at) return 0;
  return std::abs(numbers_.validation - numbers_.best_validation);
}

}  // namespace viva
