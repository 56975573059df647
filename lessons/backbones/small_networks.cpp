// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/small_networks.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace viva {
namespace {

constexpr int kStages = 3;
constexpr auto kRelu = Operator::Relu;

/// Convolution, batch norm and ReLU, the image keeping its size.
int layer(Network& net, const std::string& name, std::int64_t channels, std::int64_t kernel,
          int input = -1, std::int64_t groups = 1) {
  return normed(net, name + ".conv", name + ".bn", channels, {kernel, 1, kernel / 2, groups}, kRelu,
                input);
}

void pair(Network& net, const std::string& name, std::int64_t channels, std::int64_t stride,
          std::optional<Shortcut> shortcut) {
  net.block(name);
  const int input = net.last();
  normed(net, name + ".conv1", name + ".bn1", channels, {3, stride, 1}, kRelu);
  const int place = normed(net, name + ".conv2", name + ".bn2", channels, {3, 1, 1}, {});
  if (shortcut)
    net.add(name + ".add", place, shortcutOf(net, name, input, channels, stride, *shortcut));
  net.activation(kRelu, name + ".relu");
}

void inception(Network& net, const std::string& name, std::int64_t channels) {
  const int input = net.last();
  const std::int64_t quarter = std::max<std::int64_t>(1, channels / 4);
  const int one = layer(net, name + ".branch1", channels - 3 * quarter, 1, input);
  layer(net, name + ".branch2.0", quarter, 1, input);
  const int three = layer(net, name + ".branch2.1", quarter, 3);
  layer(net, name + ".branch3.0", quarter, 1, input);
  const int five = layer(net, name + ".branch3.1", quarter, 5);
  net.pool(Operator::MaxPool, name + ".branch4.0", {3, 1, 1}, false, input);
  const int pooled = layer(net, name + ".branch4.1", quarter, 1);
  net.concatenate(name, {one, three, five, pooled});
}

void dense(Network& net, const std::string& name, std::int64_t growth) {
  for (int i = 1; i <= 2; ++i) {
    const int seen = net.last();
    const std::string own = name + ".denselayer" + std::to_string(i);
    const int grown = layer(net, own, growth, 3);
    net.concatenate(own, {seen, grown});
  }
}

void block(Network& net, BlockKind kind, const std::string& name, std::int64_t channels) {
  net.block(name);
  const std::int64_t before = net.shape(net.last())[0];
  switch (kind) {
    case BlockKind::Plain:
      layer(net, name, channels, 5);
      break;
    case BlockKind::Vgg:
      layer(net, name + ".0", channels, 3);
      layer(net, name + ".1", channels, 3);
      break;
    case BlockKind::Inception:
      inception(net, name, channels);
      break;
    case BlockKind::Residual:
      pair(net, name, channels, 1, Shortcut::ZeroPadding);
      break;
    case BlockKind::Dense:
      dense(net, name, channels);
      break;
    case BlockKind::Depthwise:
      layer(net, name + ".0", before, 3, -1, before);
      layer(net, name + ".1", channels, 1);
      layer(net, name + ".2", channels, 3, -1, channels);
      layer(net, name + ".3", channels, 1);
      break;
  }
}

std::int64_t rounded(double channels) { return std::max<std::int64_t>(4, std::llround(channels)); }

}  // namespace

Network stackedPairs(const ImageTask& task, std::int64_t depth, std::int64_t width,
                     std::optional<Shortcut> shortcut) {
  Network net(task.channels, task.side);
  normed(net, "conv1", "bn1", width, {3, 1, 1}, kRelu);
  for (int stage = 0; stage < kStages; ++stage)
    for (std::int64_t i = 0; i < (depth - 2) / 6; ++i)
      pair(net, numbered("layer" + std::to_string(stage + 1), i), width << stage,
           i == 0 && stage > 0 ? 2 : 1, shortcut);
  meanHead(net, task.classes, "fc");
  return net;
}

Network repeatedBlocks(BlockKind kind, const ImageTask& task, std::int64_t blocks,
                       double channels) {
  const bool grows = kind == BlockKind::Dense;
  Network net(task.channels, task.side);
  layer(net, "stem", rounded(grows ? 2 * channels : channels), 3);
  for (int stage = 0; stage < kStages; ++stage) {
    const std::string name = "layer" + std::to_string(stage + 1);
    for (std::int64_t i = 0; i < blocks; ++i)
      block(net, kind, numbered(name, i), rounded(grows ? channels : channels * (1 << stage)));
    if (stage == kStages - 1) break;
    // As DenseNet's transitions: what was gathered is halved.
    if (grows) layer(net, name + ".transition", net.shape(net.last())[0] / 2, 1);
    net.pool(Operator::MaxPool, name + ".pool", {2, 2});
  }
  meanHead(net, task.classes, "fc");
  return net;
}

std::int64_t costOf(const Network& net, Equal equal) {
  const Totals totals = net.totals();
  return equal == Equal::Parameters ? totals.parameters : totals.macs;
}

Network repeatedBlocksFor(BlockKind kind, const ImageTask& task, std::int64_t blocks, Equal equal,
                          std::int64_t budget) {
  // Channels in steps that move one stage at a time; the cost grows with them.
  constexpr double kStep = 0.125, kMost = 512;
  const auto at = [&](double channels) { return repeatedBlocks(kind, task, blocks, channels); };
  double low = 1, high = kMost;
  while (high - low > kStep) {
    const double middle = low + kStep * std::floor((high - low) / (2 * kStep));
    (costOf(at(middle), equal) <= budget ? low : high) = middle;
  }
  Network below = at(low), above = at(high);
  const double wanted = static_cast<double>(budget);
  return wanted / static_cast<double>(costOf(below, equal)) <
                 static_cast<double>(costOf(above, equal)) / wanted
             ? below
             : above;
}

}  // namespace viva
