// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/architecture/live_stack.h"

namespace viva {
namespace {

namespace nn = torch::nn;

/// A module with a forward(x).
template <typename Holder>
LiveLayer plainLayer(Holder module, torch::Device device) {
  module->eval();
  module->to(device);
  return {module.ptr(), [module](const torch::Tensor& x) mutable { return module->forward(x); }};
}

/// A recurrent module answers with its outputs and its last state.
template <typename Holder>
LiveLayer recurrentLayer(Holder module, torch::Device device) {
  module->eval();
  module->to(device);
  return {module.ptr(),
          [module](const torch::Tensor& x) mutable { return std::get<0>(module->forward(x)); }};
}

template <typename Options>
Options recurrentOptions(Options options, const Layer& layer) {
  return options.num_layers(layer.layers)
      .bidirectional(layer.bidirectional)
      .bias(layer.bias)
      .batch_first(true);
}

LiveLayer attentionLayer(const Layer& layer, torch::Device device) {
  nn::MultiheadAttention module(
      nn::MultiheadAttentionOptions(layer.in, layer.heads).bias(layer.bias));
  module->eval();
  module->to(device);
  return {module.ptr(), [module](const torch::Tensor& x) mutable {
            const auto by_time = x.transpose(0, 1);
            return std::get<0>(module->forward(by_time, by_time, by_time)).transpose(0, 1);
          }};
}

LiveLayer function(torch::Tensor (*apply)(const torch::Tensor&)) {
  return {nullptr, [apply](const torch::Tensor& x) { return apply(x); }};
}

}  // namespace

LiveLayer liveLayer(const Layer& layer, torch::Device device) {
  const torch::ExpandingArray<2> kernel({layer.kernel_height, layer.kernel_width});
  switch (layer.kind) {
    case LayerKind::Conv:
      return plainLayer(nn::Conv2d(nn::Conv2dOptions(layer.in, layer.out, kernel)
                                       .stride(layer.stride)
                                       .padding(layer.padding)
                                       .dilation(layer.dilation)
                                       .groups(layer.groups)
                                       .bias(layer.bias)),
                        device);
    case LayerKind::Dense:
      return plainLayer(nn::Linear(nn::LinearOptions(layer.in, layer.out).bias(layer.bias)),
                        device);
    case LayerKind::BatchNorm: {
      // The same module for features: an image of one pixel.
      LiveLayer made = plainLayer(nn::BatchNorm2d(layer.in), device);
      made.forward = [norm = made.forward](const torch::Tensor& x) {
        return x.dim() == 2 ? norm(x.unsqueeze(-1).unsqueeze(-1)).flatten(1) : norm(x);
      };
      return made;
    }
    case LayerKind::LayerNorm:
      return plainLayer(nn::LayerNorm(nn::LayerNormOptions({layer.in})), device);
    case LayerKind::Lstm:
      return recurrentLayer(nn::LSTM(recurrentOptions(nn::LSTMOptions(layer.in, layer.out), layer)
                                         .proj_size(layer.projection)),
                            device);
    case LayerKind::Gru:
      return recurrentLayer(nn::GRU(recurrentOptions(nn::GRUOptions(layer.in, layer.out), layer)),
                            device);
    case LayerKind::Rnn:
      return recurrentLayer(nn::RNN(recurrentOptions(nn::RNNOptions(layer.in, layer.out), layer)),
                            device);
    case LayerKind::Attention:
      return attentionLayer(layer, device);
    case LayerKind::Embedding:
      return plainLayer(nn::Embedding(layer.in, layer.out), device);
    case LayerKind::MaxPool:
      return plainLayer(
          nn::MaxPool2d(nn::MaxPool2dOptions(kernel).stride(layer.stride).padding(layer.padding)),
          device);
    case LayerKind::AveragePool:
      return plainLayer(
          nn::AvgPool2d(nn::AvgPool2dOptions(kernel).stride(layer.stride).padding(layer.padding)),
          device);
    case LayerKind::GlobalPool:
      return {nullptr, [](const torch::Tensor& x) { return x.mean({2, 3}); }};
    case LayerKind::Flatten:
      return {nullptr, [](const torch::Tensor& x) { return x.flatten(1); }};
    case LayerKind::LastStep:
      return {nullptr, [](const torch::Tensor& x) { return x.select(1, -1); }};
    case LayerKind::Relu:
      return function(torch::relu);
    case LayerKind::Sigmoid:
      return function(torch::sigmoid);
    case LayerKind::Tanh:
      return function(torch::tanh);
    case LayerKind::Gelu:
      return {nullptr, [](const torch::Tensor& x) { return torch::gelu(x); }};
    case LayerKind::Dropout:
      return plainLayer(nn::Dropout(layer.rate), device);
  }
  return {};
}

std::int64_t learnedElements(const LiveLayer& layer) {
  std::int64_t count = 0;
  if (layer.module)
    for (const auto& tensor : layer.module->parameters()) count += tensor.numel();
  return count;
}

std::int64_t keptElements(const LiveLayer& layer) {
  std::int64_t count = 0;
  if (layer.module)
    for (const auto& tensor : layer.module->buffers())
      if (tensor.is_floating_point()) count += tensor.numel();
  return count;
}

std::int64_t usedWeights(const Layer& layer, const LiveLayer& live, const torch::Tensor& input,
                         const torch::Tensor& output) {
  std::int64_t matrices = 0;  // biases and norms are vectors
  if (live.module)
    for (const auto& tensor : live.module->parameters())
      if (tensor.dim() > 1) matrices += tensor.numel();
  switch (layer.kind) {
    case LayerKind::Conv:
      return matrices * output.size(2) * output.size(3);
    case LayerKind::Dense:
      return matrices * (output.numel() / output.size(-1));
    case LayerKind::Lstm:
    case LayerKind::Gru:
    case LayerKind::Rnn:
      return matrices * input.size(1);
    case LayerKind::Attention: {
      // Scores and weighted sums as the products that they are.
      const auto x = input[0];
      const std::int64_t scores = torch::matmul(x, x.t()).numel() * x.size(1);
      return matrices * x.size(0) + 2 * scores;
    }
    default:
      return 0;
  }
}

}  // namespace viva
