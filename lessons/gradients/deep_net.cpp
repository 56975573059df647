// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/deep_net.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <cmath>
#include <numbers>

#include "lessons/nn/freed_memory.h"

namespace viva {
namespace {

constexpr double kLeak = 0.01, kNormEpsilon = 1e-5, kNormMomentum = 0.1;

torch::Tensor normal(at::IntArrayRef shape, double deviation, const at::Generator& generator) {
  return torch::randn(shape, generator) * deviation;
}

/// Orthonormal rows or columns: the Q of a Gaussian matrix, its signs made independent of those of
/// R (Mezzadri, math-ph/0609050).
torch::Tensor orthogonal(at::IntArrayRef shape, const at::Generator& generator) {
  auto gaussian = torch::randn(shape, generator);
  const bool wide = gaussian.size(-1) > gaussian.size(-2);
  if (wide) gaussian = gaussian.transpose(-2, -1);
  const auto [q, r] = torch::linalg_qr(gaussian, "reduced");
  const auto signs = r.diagonal(0, -2, -1).sign().unsqueeze(-2);
  return wide ? (q * signs).transpose(-2, -1) : q * signs;
}

double xavier(std::int64_t in, std::int64_t out) {
  return std::sqrt(2.0 / static_cast<double>(in + out));
}

/// Matrices [..., out, in].
torch::Tensor matrices(at::IntArrayRef shape, Initialisation initialisation,
                       const at::Generator& generator) {
  const std::int64_t out = shape[shape.size() - 2], in = shape.back();
  switch (initialisation) {
    case Initialisation::SmallNormal:
    case Initialisation::LargeNormal:
      return normal(shape, deviationOf(initialisation, in), generator);
    case Initialisation::Xavier:
      return normal(shape, xavier(in, out), generator);
    case Initialisation::He:
      return normal(shape, std::sqrt(2.0 / static_cast<double>(in)), generator);
    case Initialisation::Orthogonal:
      return orthogonal(shape, generator);
    case Initialisation::PyTorch:
      return (torch::rand(shape, generator) * 2 - 1) / std::sqrt(static_cast<double>(in));
  }
  return {};
}

}  // namespace

torch::Tensor activate(Activation activation, const torch::Tensor& z) {
  switch (activation) {
    case Activation::Sigmoid:
      return z.sigmoid();
    case Activation::Tanh:
      return z.tanh();
    case Activation::Relu:
      return z.relu();
    case Activation::LeakyRelu:
      return torch::leaky_relu(z, kLeak);
    case Activation::Gelu:
      return torch::gelu(z);
  }
  return z;
}

torch::Tensor derivative(Activation activation, const torch::Tensor& z) {
  switch (activation) {
    case Activation::Sigmoid:
      return z.sigmoid() * (-z).sigmoid();
    case Activation::Tanh:
      return 1 - z.tanh().square();
    case Activation::Relu:
      return (z > 0).to(z.scalar_type());
    case Activation::LeakyRelu:
      return kLeak + (1 - kLeak) * (z > 0).to(z.scalar_type());
    case Activation::Gelu:
      return 0.5 * (1 + (z * std::numbers::sqrt2 / 2).erf()) +
             z * (-z.square() / 2).exp() / std::sqrt(2 * std::numbers::pi);
  }
  return z;
}

double deviationOf(Initialisation initialisation, std::int64_t width) {
  const auto n = static_cast<double>(width);
  switch (initialisation) {
    case Initialisation::SmallNormal:
      return 0.01;
    case Initialisation::LargeNormal:
      return 1;
    case Initialisation::He:
      return std::sqrt(2 / n);
    case Initialisation::Xavier:
    case Initialisation::Orthogonal:
      return 1 / std::sqrt(n);
    case Initialisation::PyTorch:
      return 1 / std::sqrt(3 * n);
  }
  return 0;
}

torch::Tensor exactNorms(const torch::Tensor& values) {
  return values.flatten(1).to(torch::kDouble).norm(2, 1);
}

DeepNet::DeepNet(DeepNetSize size, Initialisation initialisation, at::Generator generator,
                 torch::Device device)
    : size_(size) {
  keepFreedMemory();
  const auto [depth, width, inputs, classes] = size;
  const std::vector<torch::Tensor> initial{
      matrices({width, inputs}, initialisation, generator),
      matrices({depth - 1, width, width}, initialisation, generator),
      torch::zeros({depth, width}),
      normal({classes, width}, xavier(width, classes), generator),
      torch::zeros({classes}),
      torch::ones({depth, width}),
  };
  std::vector<torch::Tensor> parts;
  for (const auto& tensor : initial) parts.push_back(tensor.flatten());
  flat_ = torch::cat(parts).to(device);
  gradients_ = torch::zeros_like(flat_);
  std::int64_t offset = 0, i = 0;
  for (torch::Tensor* leaf : {&first_, &hidden_, &biases_, &readout_, &readout_bias_, &scales_}) {
    const auto& tensor = initial[static_cast<std::size_t>(i++)];
    *leaf = flat_.narrow(0, offset, tensor.numel()).view(tensor.sizes()).detach().requires_grad_();
    offset += tensor.numel();
  }
  running_means_ = torch::zeros({depth, width}, flat_.options());
  running_variances_ = torch::ones({depth, width}, flat_.options());
}

torch::Tensor DeepNet::normalise(const Wiring& wiring, const torch::Tensor& sums,
                                 const torch::Tensor& scale, const torch::Tensor& shift,
                                 std::int64_t layer, Statistics statistics) const {
  if (wiring.norm == Normalisation::Layer)
    return torch::layer_norm(sums, {size_.width}, scale, shift, kNormEpsilon);
  const bool remembers = statistics != Statistics::Batch;
  return torch::batch_norm(sums, scale, shift, remembers ? running_means_[layer] : torch::Tensor(),
                           remembers ? running_variances_[layer] : torch::Tensor(),
                           statistics != Statistics::Running, kNormMomentum, kNormEpsilon,
                           /*cudnn_enabled=*/false);
}

Forward DeepNet::forward(const Wiring& wiring, const torch::Tensor& inputs,
                         Statistics statistics) const {
  const bool has_norm = wiring.norm != Normalisation::None;
  const auto matrices = hidden_.transpose(1, 2).unbind(0);
  const auto shifts = biases_.unbind(0);
  const auto scales = has_norm ? scales_.unbind(0) : std::vector<torch::Tensor>(size_.depth);
  Forward forward;
  torch::Tensor h = inputs;
  for (std::int64_t i = 0; i < size_.depth; ++i) {
    const auto layer = static_cast<std::size_t>(i);
    const auto matrix = i == 0 ? first_.t() : matrices[layer - 1];
    const auto z =
        has_norm ? normalise(wiring, h.mm(matrix), scales[layer], shifts[layer], i, statistics)
                 : torch::addmm(shifts[layer], h, matrix);
    const auto f = activate(wiring.activation, z);
    h = wiring.residual && i > 0 ? h + f : f;
    forward.pre_activations.push_back(z);
    forward.activations.push_back(h);
  }
  forward.logits = torch::addmm(readout_bias_, h, readout_.t());
  return forward;
}

std::vector<torch::Tensor> DeepNet::leaves(const Wiring& wiring) const {
  std::vector<torch::Tensor> used{first_, hidden_, biases_, readout_, readout_bias_};
  if (wiring.norm != Normalisation::None) used.push_back(scales_);
  return used;
}

torch::Tensor DeepNet::backward(const Wiring& wiring, const Forward& forward,
                                const torch::Tensor& loss) const {
  const auto weights = leaves(wiring);
  std::vector<torch::Tensor> wanted = forward.pre_activations;
  wanted.insert(wanted.end(), weights.begin(), weights.end());
  auto found = torch::autograd::grad({loss}, wanted);

  const torch::NoGradGuard no_grad;
  const auto flowing = torch::stack(at::ArrayRef(found).slice(0, forward.pre_activations.size()));
  std::vector<torch::Tensor> of_weights(found.begin() + size_.depth, found.end());
  const auto matrix_norms =
      torch::cat({exactNorms(of_weights[0].unsqueeze(0)), exactNorms(of_weights[1])});
  for (auto& gradient : of_weights) gradient = gradient.flatten();
  // Scales that no norm uses stay as they are.
  if (wiring.norm == Normalisation::None)
    of_weights.push_back(torch::zeros_like(scales_).flatten());
  auto all = gradients_;
  torch::cat_out(all, of_weights);
  return torch::stack({exactNorms(flowing), matrix_norms});
}

std::vector<DeepNet::Named> DeepNet::state(const Wiring& wiring) const {
  std::vector<Named> named;
  const bool has_norm = wiring.norm != Normalisation::None;
  for (std::int64_t i = 0; i < size_.depth; ++i) {
    const std::string number = std::to_string(i);
    named.push_back({"hidden." + number + ".weight", i == 0 ? first_ : hidden_[i - 1]});
    if (has_norm) named.push_back({"norm." + number + ".weight", scales_[i]});
    named.push_back({(has_norm ? "norm." : "hidden.") + number + ".bias", biases_[i]});
    if (wiring.norm == Normalisation::Batch) {
      named.push_back({"norm." + number + ".running_mean", running_means_[i]});
      named.push_back({"norm." + number + ".running_var", running_variances_[i]});
    }
  }
  named.push_back({"readout.weight", readout_});
  named.push_back({"readout.bias", readout_bias_});
  for (Named& entry : named) entry.tensor = entry.tensor.detach();
  return named;
}

}  // namespace viva
