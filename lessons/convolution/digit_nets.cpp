// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/convolution/digit_nets.h"

#include <torch/nn.h>
#include <torch/utils.h>

namespace viva {
namespace {

constexpr std::int64_t kHidden = 78;  // 62,020 weights beside LeNet's 61,706

torch::Tensor pooledByTwo(const torch::Tensor& maps) { return torch::max_pool2d(maps, 2); }

torch::Tensor lenet(const NetWeights& w, const torch::Tensor& images) {
  const auto plain = [](const torch::Tensor& x) { return x.relu(); };
  return readOut(w, lenetPass(w, images).second.relu(), plain);
}

torch::Tensor mlp(const NetWeights& w, const torch::Tensor& images) {
  return torch::linear(torch::linear(images.flatten(1), w[0], w[1]).relu(), w[2], w[3]);
}

torch::Tensor pooled(const NetWeights& w, const torch::Tensor& images) {
  const auto first = pooledByTwo(torch::conv2d(images, w[0], w[1], 1, 2).relu());
  const auto second = pooledByTwo(torch::conv2d(first, w[2], w[3], 1, 2).relu());
  const auto third = torch::conv2d(second, w[4], w[5], 1, 1).relu();
  return torch::linear(third.mean({2, 3}), w[6], w[7]);
}

WeightShape weight(const std::string& layer, std::vector<std::int64_t> shape, std::int64_t fan_in) {
  return {layer + ".weight", std::move(shape), fan_in};
}
WeightShape bias(const std::string& layer, std::int64_t units, std::int64_t fan_in) {
  return {layer + ".bias", {units}, fan_in};
}

void addLayer(std::vector<WeightShape>& shapes, const std::string& layer,
              const std::vector<std::int64_t>& shape) {
  const std::int64_t fan_in = c10::multiply_integers(shape) / shape[0];
  shapes.push_back(weight(layer, shape, fan_in));
  shapes.push_back(bias(layer, shape[0], fan_in));
}

}  // namespace

std::string nameOf(DigitNet net) {
  switch (net) {
    case DigitNet::LeNet:
      return "lenet";
    case DigitNet::Mlp:
      return "mlp";
    case DigitNet::Pooled:
      break;
  }
  return "pooled";
}

std::vector<WeightShape> shapesOf(DigitNet net, std::int64_t classes) {
  std::vector<WeightShape> shapes;
  switch (net) {
    case DigitNet::LeNet:
      addLayer(shapes, "0", {6, 1, 5, 5});
      addLayer(shapes, "3", {16, 6, 5, 5});
      addLayer(shapes, "7", {120, 400});
      addLayer(shapes, "9", {84, 120});
      addLayer(shapes, "11", {classes, 84});
      break;
    case DigitNet::Mlp:
      addLayer(shapes, "1", {kHidden, kReaderSide * kReaderSide});
      addLayer(shapes, "3", {classes, kHidden});
      break;
    case DigitNet::Pooled:
      addLayer(shapes, "0", {8, 1, 5, 5});
      addLayer(shapes, "3", {16, 8, 5, 5});
      addLayer(shapes, "6", {32, 16, 3, 3});
      addLayer(shapes, "10", {classes, 32});
      break;
  }
  return shapes;
}

std::int64_t macsOf(DigitNet net, std::int64_t classes) {
  // A convolution uses each weight once a place of its output.
  const auto places = [&](std::size_t layer) -> std::int64_t {
    if (net == DigitNet::LeNet) return layer == 0 ? 28 * 28 : layer == 1 ? 10 * 10 : 1;
    if (net == DigitNet::Pooled)
      return layer == 0 ? 28 * 28 : layer == 1 ? 14 * 14 : layer == 2 ? 7 * 7 : 1;
    return 1;
  };
  const auto shapes = shapesOf(net, classes);
  std::int64_t macs = 0;
  for (std::size_t layer = 0; 2 * layer < shapes.size(); ++layer)
    macs += places(layer) * c10::multiply_integers(shapes[2 * layer].shape);
  return macs;
}

NetWeights weightsOf(const std::vector<WeightShape>& shapes, const torch::Tensor& row) {
  NetWeights own;
  for (const auto& view : weightViews(shapes, row.unsqueeze(0))) own.push_back(view.squeeze(0));
  return own;
}

NetWeights detached(const NetWeights& weights) {
  NetWeights own;
  for (const auto& weight : weights) own.push_back(weight.detach());
  return own;
}

torch::Tensor logitsOf(DigitNet net, const NetWeights& weights, const torch::Tensor& images) {
  switch (net) {
    case DigitNet::LeNet:
      return lenet(weights, images);
    case DigitNet::Mlp:
      return mlp(weights, images);
    case DigitNet::Pooled:
      break;
  }
  return pooled(weights, images);
}

LeNetPass lenetPass(const NetWeights& w, const torch::Tensor& images) {
  LeNetPass pass;
  pass.first = torch::conv2d(images, w[0], w[1], /*stride=*/1, /*padding=*/2);
  pass.pooled = pooledByTwo(pass.first.relu());
  pass.second = torch::conv2d(pass.pooled, w[2], w[3]);
  return pass;
}

torch::Tensor readOut(const NetWeights& w, const torch::Tensor& maps,
                      torch::Tensor (*relu)(const torch::Tensor&)) {
  const auto features = pooledByTwo(maps).flatten(1);  // [images, 400]
  const auto fifth = relu(torch::linear(features, w[4], w[5]));
  return torch::linear(relu(torch::linear(fifth, w[6], w[7])), w[8], w[9]);
}

torch::Tensor logitsByModules(const NetWeights& weights, const torch::Tensor& images) {
  namespace nn = torch::nn;
  nn::Sequential net(nn::Conv2d(nn::Conv2dOptions(1, 6, 5).padding(2)), nn::ReLU(),
                     nn::MaxPool2d(2), nn::Conv2d(6, 16, 5), nn::ReLU(), nn::MaxPool2d(2),
                     nn::Flatten(), nn::Linear(400, 120), nn::ReLU(), nn::Linear(120, 84),
                     nn::ReLU(), nn::Linear(84, weights[8].size(0)));
  net->to(images.device());
  const torch::NoGradGuard no_grad;
  std::size_t next = 0;
  for (auto& parameter : net->parameters()) parameter.copy_(weights[next++]);
  return net->forward(images);
}

}  // namespace viva
