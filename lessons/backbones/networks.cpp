// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/networks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "lessons/backbones/network_parts.h"
#include "lessons/core/error.h"
#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Kind = Operator;
using Kernel = Network::Kernel;

// --- LeNet-5, AlexNet, VGG ------------------------------------------------------

Network leNet5(std::int64_t side, std::int64_t classes) {
  Network net(1, side);
  const auto stage = [&](const std::string& number, std::int64_t channels, bool pools) {
    net.block("C" + number);
    net.convolution("conv" + number, channels, {5, 1, 0, 1, true});
    net.activation(Kind::Tanh, "tanh" + number);
    if (pools) net.pool(Kind::AveragePool, "pool" + number, {2, 2});
  };
  stage("1", 6, true);
  stage("3", 16, true);
  stage("5", 120, false);
  net.block("F6");
  net.flatten();
  net.dense("fc6", 84);
  net.activation(Kind::Tanh, "tanh6");
  net.block("output");
  net.dense("output", classes);
  return net;
}

void denseHead(Network& net, std::int64_t classes, const std::string& prefix,
               std::array<std::int64_t, 3> numbers) {
  net.block("classifier");
  net.flatten();
  for (int i = 0; i < 2; ++i) {
    net.dense(numbered(prefix, numbers[i]), 4096);
    net.activation(Kind::Relu, numbered(prefix, numbers[i] + 1));
  }
  net.dense(numbered(prefix, numbers[2]), classes);
}

Network alexNet(std::int64_t side, std::int64_t classes) {
  Network net(3, side);
  int number = 0;
  const auto layer = [&](std::int64_t channels, Kernel kernel, bool pools) {
    net.block("conv" +
              std::to_string(1 + std::ranges::count_if(net.operations(), [](const Operation& o) {
                               return o.kind == Kind::Convolution;
                             })));
    net.convolution(numbered("features", number++), channels, kernel);
    net.activation(Kind::Relu, numbered("features", number++));
    if (pools) net.pool(Kind::MaxPool, numbered("features", number++), {3, 2});
  };
  layer(64, {11, 4, 2, 1, true}, true);
  layer(192, {5, 1, 2, 1, true}, true);
  layer(384, {3, 1, 1, 1, true}, false);
  layer(256, {3, 1, 1, 1, true}, false);
  layer(256, {3, 1, 1, 1, true}, true);
  net.adaptivePool("avgpool", 6);
  denseHead(net, classes, "classifier", {1, 4, 6});
  return net;
}

/// Krizhevsky, Sutskever and Hinton, 2012: two towers in convolutions 2, 4 and 5.
Network alexNet2012(std::int64_t side, std::int64_t classes) {
  Network net(3, side);
  const auto layer = [&](const std::string& name, std::int64_t channels, Kernel kernel,
                         bool normalises, bool pools) {
    net.block(name);
    net.convolution(name, channels, kernel);
    net.activation(Kind::Relu, name + ".relu");
    if (normalises) net.norm(Kind::ResponseNorm, name + ".norm");
    if (pools) net.pool(Kind::MaxPool, name + ".pool", {3, 2});
  };
  layer("conv1", 96, {11, 4, 0, 1, true}, true, true);
  layer("conv2", 256, {5, 1, 2, 2, true}, true, true);
  layer("conv3", 384, {3, 1, 1, 1, true}, false, false);
  layer("conv4", 384, {3, 1, 1, 2, true}, false, false);
  layer("conv5", 256, {3, 1, 1, 2, true}, false, true);
  denseHead(net, classes, "fc", {6, 7, 8});
  return net;
}

Network vgg(const std::vector<std::int64_t>& repeats, std::int64_t side, std::int64_t classes) {
  Network net(3, side);
  constexpr std::int64_t kChannels[] = {64, 128, 256, 512, 512};
  std::int64_t number = 0;
  for (std::size_t stage = 0; stage < repeats.size(); ++stage) {
    net.block("conv" + std::to_string(stage + 1));
    for (std::int64_t i = 0; i < repeats[stage]; ++i) {
      net.convolution(numbered("features", number++), kChannels[stage], {3, 1, 1, 1, true});
      net.activation(Kind::Relu, numbered("features", number++));
    }
    net.pool(Kind::MaxPool, numbered("features", number++), {2, 2});
  }
  net.adaptivePool("avgpool", 7);
  denseHead(net, classes, "classifier", {0, 3, 6});
  return net;
}

// --- GoogLeNet ------------------------------------------------------------------

int basic(Network& net, const std::string& name, std::int64_t channels, Kernel kernel,
          int input = -1) {
  return normed(net, name + ".conv", name + ".bn", channels, kernel, Kind::Relu, input);
}

struct Inception {
  const char* name;
  std::int64_t one, three_reduced, three, five_reduced, five, pooled;
};

void inception(Network& net, const Inception& i) {
  const std::string name = i.name;
  net.block(name);
  const int input = net.last();
  const int one = basic(net, name + ".branch1", i.one, {1}, input);
  basic(net, name + ".branch2.0", i.three_reduced, {1}, input);
  const int three = basic(net, name + ".branch2.1", i.three, {3, 1, 1});
  basic(net, name + ".branch3.0", i.five_reduced, {1}, input);
  const int five = basic(net, name + ".branch3.1", i.five, {3, 1, 1});
  net.pool(Kind::MaxPool, name + ".branch4.0", {3, 1, 1}, true, input);
  const int pooled = basic(net, name + ".branch4.1", i.pooled, {1});
  net.concatenate(name, {one, three, five, pooled});
}

Network googLeNet(std::int64_t side, std::int64_t classes) {
  Network net(3, side);
  basic(net, "conv1", 64, {7, 2, 3});
  net.pool(Kind::MaxPool, "maxpool1", {3, 2}, true);
  basic(net, "conv2", 64, {1});
  basic(net, "conv3", 192, {3, 1, 1});
  net.pool(Kind::MaxPool, "maxpool2", {3, 2}, true);
  inception(net, {"inception3a", 64, 96, 128, 16, 32, 32});
  inception(net, {"inception3b", 128, 128, 192, 32, 96, 64});
  net.pool(Kind::MaxPool, "maxpool3", {3, 2}, true);
  inception(net, {"inception4a", 192, 96, 208, 16, 48, 64});
  inception(net, {"inception4b", 160, 112, 224, 24, 64, 64});
  inception(net, {"inception4c", 128, 128, 256, 24, 64, 64});
  inception(net, {"inception4d", 112, 144, 288, 32, 64, 64});
  inception(net, {"inception4e", 256, 160, 320, 32, 128, 128});
  net.pool(Kind::MaxPool, "maxpool4", {2, 2}, true);
  inception(net, {"inception5a", 256, 160, 320, 32, 128, 128});
  inception(net, {"inception5b", 384, 192, 384, 48, 128, 128});
  meanHead(net, classes, "fc");
  return net;
}

// --- ResNet ---------------------------------------------------------------------

void residual(Network& net, const std::string& name, std::int64_t width, std::int64_t stride,
              bool has_bottleneck, Shortcut shortcut) {
  net.block(name);
  const int input = net.last();
  const std::int64_t channels = has_bottleneck ? 4 * width : width;
  int place = 0;
  if (has_bottleneck) {
    normed(net, name + ".conv1", name + ".bn1", width, {1}, Kind::Relu, input);
    normed(net, name + ".conv2", name + ".bn2", width, {3, stride, 1}, Kind::Relu);
    place = normed(net, name + ".conv3", name + ".bn3", channels, {1}, {});
  } else {
    normed(net, name + ".conv1", name + ".bn1", width, {3, stride, 1}, Kind::Relu, input);
    place = normed(net, name + ".conv2", name + ".bn2", channels, {3, 1, 1}, {});
  }
  const int aside = shortcutOf(net, name, input, channels, stride, shortcut);
  net.add(name + ".add", place, aside);
  net.activation(Kind::Relu, name + ".relu");
}

Network resNet(const std::array<std::int64_t, 4>& repeats, bool has_bottleneck, Shortcut shortcut,
               std::int64_t side, std::int64_t classes) {
  Network net(3, side);
  normed(net, "conv1", "bn1", 64, {7, 2, 3}, Kind::Relu);
  net.pool(Kind::MaxPool, "maxpool", {3, 2, 1});
  for (int stage = 0; stage < 4; ++stage)
    for (std::int64_t i = 0; i < repeats[stage]; ++i)
      residual(net, numbered("layer" + std::to_string(stage + 1), i), std::int64_t{64} << stage,
               i == 0 && stage > 0 ? 2 : 1, has_bottleneck, shortcut);
  meanHead(net, classes, "fc");
  return net;
}

// --- DenseNet -------------------------------------------------------------------

/// A layer sees all that came before it in its block, and adds 32 channels.
Network denseNet121(std::int64_t side, std::int64_t classes) {
  constexpr std::int64_t kGrowth = 32, kBottleneck = 4 * kGrowth;
  constexpr std::int64_t kLayers[] = {6, 12, 24, 16};
  Network net(3, side);
  normed(net, "features.conv0", "features.norm0", 64, {7, 2, 3}, Kind::Relu);
  net.pool(Kind::MaxPool, "features.pool0", {3, 2, 1});
  for (int stage = 0; stage < 4; ++stage) {
    const std::string block = "denseblock" + std::to_string(stage + 1);
    net.block(block);
    int seen = net.last();
    for (std::int64_t i = 1; i <= kLayers[stage]; ++i) {
      const std::string name = "features." + block + ".denselayer" + std::to_string(i);
      net.norm(Kind::BatchNorm, name + ".norm1", seen);
      net.activation(Kind::Relu, name + ".relu1");
      normed(net, name + ".conv1", name + ".norm2", kBottleneck, {1}, Kind::Relu);
      const int grown = net.convolution(name + ".conv2", kGrowth, {3, 1, 1});
      seen = net.concatenate(name, {seen, grown});
    }
    if (stage == 3) break;
    const std::string transition = "transition" + std::to_string(stage + 1);
    const std::string name = "features." + transition;
    net.block(transition);
    net.norm(Kind::BatchNorm, name + ".norm");
    net.activation(Kind::Relu, name + ".relu");
    net.convolution(name + ".conv", net.shape(net.last())[0] / 2, {1});
    net.pool(Kind::AveragePool, name + ".pool", {2, 2});
  }
  net.block("head");
  net.norm(Kind::BatchNorm, "features.norm5");
  net.activation(Kind::Relu, "relu");
  meanHead(net, classes, "classifier");
  return net;
}

// --- MobileNets and EfficientNet --------------------------------------------------

Network mobileNetV1(double width, std::int64_t side, std::int64_t classes) {
  const auto scaled = [&](std::int64_t channels) {
    return std::max<std::int64_t>(8, static_cast<std::int64_t>(std::floor(channels * width)));
  };
  struct Block {
    std::int64_t channels, stride;
  };
  constexpr Block kBlocks[] = {{64, 1},  {128, 2},  {128, 1}, {256, 2}, {256, 1},
                               {512, 2}, {512, 1},  {512, 1}, {512, 1}, {512, 1},
                               {512, 1}, {1024, 2}, {1024, 1}};
  Network net(3, side);
  normed(net, "conv", "bn", scaled(32), {3, 2, 1}, Kind::Relu);
  std::int64_t number = 1;
  for (const Block& block : kBlocks) {
    const std::string name = numbered("blocks", number++);
    net.block(name);
    const std::int64_t in = net.shape(net.last())[0];
    normed(net, name + ".depthwise", name + ".bn1", in, {3, block.stride, 1, in}, Kind::Relu);
    normed(net, name + ".pointwise", name + ".bn2", scaled(block.channels), {1}, Kind::Relu);
  }
  meanHead(net, classes, "fc");
  return net;
}

Network mobileNetV2(double width, std::int64_t side, std::int64_t classes) {
  struct Stage {
    std::int64_t expansion, channels, repeats, stride;
  };
  constexpr Stage kStages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                               {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
  Network net(3, side);
  normed(net, "features.0.0", "features.0.1", divisibleBy8(32 * width), {3, 2, 1}, Kind::Relu6);
  std::int64_t number = 1;
  for (const Stage& stage : kStages)
    for (std::int64_t i = 0; i < stage.repeats; ++i) {
      const std::string name = numbered("features", number++);
      net.block(name);
      const int input = net.last();
      const std::int64_t in = net.shape(input)[0], out = divisibleBy8(stage.channels * width);
      const std::int64_t hidden = in * stage.expansion, stride = i == 0 ? stage.stride : 1;
      if (stage.expansion > 1)
        normed(net, name + ".expand", name + ".expand.bn", hidden, {1}, Kind::Relu6);
      normed(net, name + ".depthwise", name + ".depthwise.bn", hidden, {3, stride, 1, hidden},
             Kind::Relu6);
      const int place = normed(net, name + ".project", name + ".project.bn", out, {1}, {});
      if (stride == 1 && in == out) net.add(name + ".add", place, input);
    }
  net.block("head");
  normed(net, "features.18.0", "features.18.1", divisibleBy8(1280 * std::max(1.0, width)), {1},
         Kind::Relu6);
  meanHead(net, classes, "classifier.1");
  return net;
}

/// Channels, layers and image of B0 to B7, as published (arXiv 1905.11946 and its code).
struct Compound {
  double width, depth;
  std::int64_t side;
};
constexpr Compound kCompounds[] = {{1, 1, 224},     {1, 1.1, 240},   {1.1, 1.2, 260},
                                   {1.2, 1.4, 300}, {1.4, 1.8, 380}, {1.6, 2.2, 456},
                                   {1.8, 2.6, 528}, {2, 3.1, 600}};

void squeezeAndExcite(Network& net, const std::string& name, std::int64_t squeezed) {
  const int input = net.last();
  const std::int64_t channels = net.shape(input)[0];
  net.adaptivePool(name + ".avgpool", 1);
  net.convolution(name + ".fc1", squeezed, {1, 1, 0, 1, true});
  net.activation(Kind::Silu, name + ".activation");
  net.convolution(name + ".fc2", channels, {1, 1, 0, 1, true});
  const int gate = net.activation(Kind::Sigmoid, name + ".scale_activation");
  net.multiply(name, input, gate);
}

Network efficientNet(std::int64_t phi, std::int64_t side, std::int64_t classes) {
  const Compound& compound = kCompounds[phi];
  struct Stage {
    std::int64_t expansion, kernel, stride, in, out, repeats;
  };
  constexpr Stage kStages[] = {{1, 3, 1, 32, 16, 1},  {6, 3, 2, 16, 24, 2},  {6, 5, 2, 24, 40, 2},
                               {6, 3, 2, 40, 80, 3},  {6, 5, 1, 80, 112, 3}, {6, 5, 2, 112, 192, 4},
                               {6, 3, 1, 192, 320, 1}};
  Network net(3, side);
  normed(net, "features.0.0", "features.0.1", divisibleBy8(32 * compound.width), {3, 2, 1},
         Kind::Silu);
  std::int64_t number = 1;
  for (const Stage& stage : kStages) {
    const auto repeats =
        static_cast<std::int64_t>(std::ceil(static_cast<double>(stage.repeats) * compound.depth));
    const std::int64_t out = divisibleBy8(stage.out * compound.width);
    for (std::int64_t i = 0; i < repeats; ++i) {
      const std::string name = numbered(numbered("features", number), i);
      net.block(name);
      const int input = net.last();
      const std::int64_t in = net.shape(input)[0], stride = i == 0 ? stage.stride : 1;
      const std::int64_t hidden = divisibleBy8(static_cast<double>(in * stage.expansion));
      if (stage.expansion > 1)
        normed(net, name + ".expand", name + ".expand.bn", hidden, {1}, Kind::Silu);
      normed(net, name + ".depthwise", name + ".depthwise.bn", hidden,
             {stage.kernel, stride, (stage.kernel - 1) / 2, hidden}, Kind::Silu);
      squeezeAndExcite(net, name + ".se", std::max<std::int64_t>(1, in / 4));
      const int place = normed(net, name + ".project", name + ".project.bn", out, {1}, {});
      if (stride == 1 && in == out) net.add(name + ".add", place, input);
    }
    number += 1;
  }
  net.block("head");
  const std::int64_t last = 4 * net.shape(net.last())[0];
  normed(net, numbered("features", number) + ".0", numbered("features", number) + ".1", last, {1},
         Kind::Silu);
  meanHead(net, classes, "classifier.1");
  return net;
}

// --- ViT ------------------------------------------------------------------------

Network vitB16(std::int64_t side, std::int64_t classes) {
  constexpr std::int64_t kPatch = 16, kWidth = 768, kHidden = 3072, kHeads = 12, kLayers = 12;
  Network net(3, side);
  net.convolution("conv_proj", kWidth, {kPatch, kPatch, 0, 1, true});
  net.tokens("encoder.pos_embedding");
  for (std::int64_t i = 0; i < kLayers; ++i) {
    const std::string name = "encoder.layers.encoder_layer_" + std::to_string(i);
    net.block("layer_" + std::to_string(i));
    const int input = net.last();
    net.norm(Kind::LayerNorm, name + ".ln_1");
    const int attended = net.attention(name + ".self_attention", kHeads);
    const int between = net.add(name + ".add_1", attended, input);
    net.norm(Kind::LayerNorm, name + ".ln_2");
    net.dense(name + ".mlp.0", kHidden);
    net.activation(Kind::Gelu, name + ".mlp.1");
    const int place = net.dense(name + ".mlp.3", kWidth);
    net.add(name + ".add_2", place, between);
  }
  net.block("head");
  net.norm(Kind::LayerNorm, "encoder.ln");
  net.firstToken();
  net.dense("heads.head", classes);
  return net;
}

/// Those that end in dense layers of a fixed size with nothing in front that would make it fit.
bool takesItsOwnSideOnly(Backbone model) {
  return model == Backbone::LeNet5 || model == Backbone::AlexNet2012;
}

void requireSide(const BackboneRequest& request, std::int64_t side) {
  const std::int64_t own = ownSide(request);
  if (takesItsOwnSideOnly(request.model) && side != own)
    throw RequestError({"error.backbone.own_input", {{"side", side}, {"own", own}}});
  if (request.model == Backbone::VitB16 && side % 16 != 0)
    throw RequestError({"error.backbone.patches", {{"side", side}}});
}

}  // namespace

std::int64_t divisibleBy8(double channels) {
  const auto rounded = std::max<std::int64_t>(8, static_cast<std::int64_t>(channels + 4) / 8 * 8);
  return static_cast<double>(rounded) < 0.9 * channels ? rounded + 8 : rounded;
}

std::string titleOf(const BackboneRequest& request) {
  static constexpr std::array<const char*, 14> kTitles{
      "LeNet-5",     "AlexNet",     "AlexNet (2012)", "VGG-11",    "VGG-16",
      "GoogLeNet",   "ResNet-18",   "ResNet-34",      "ResNet-50", "DenseNet-121",
      "MobileNetV1", "MobileNetV2", "EfficientNet-B", "ViT-B/16"};
  std::string title = kTitles.at(static_cast<std::size_t>(request.model));
  if (request.model == Backbone::EfficientNetB0) return title + std::to_string(request.phi);
  const bool is_mobile =
      request.model == Backbone::MobileNetV1 || request.model == Backbone::MobileNetV2;
  if (is_mobile && request.width != 1) return title + " ×" + withDigits(request.width, 3);
  if (request.shortcut == Shortcut::ZeroPadding && title.starts_with("ResNet"))
    return title + " (A)";
  return title;
}

std::int64_t ownSide(const BackboneRequest& request) {
  switch (request.model) {
    case Backbone::LeNet5:
      return 32;
    case Backbone::AlexNet2012:
      return 227;
    case Backbone::EfficientNetB0:
      return kCompounds[request.phi].side;
    default:
      return 224;
  }
}

Network networkOf(const BackboneRequest& request) {
  const std::int64_t side = request.side ? request.side : ownSide(request);
  requireSide(request, side);
  const std::int64_t own_classes = request.model == Backbone::LeNet5 ? 10 : 1000;
  const std::int64_t classes = request.classes ? request.classes : own_classes;
  switch (request.model) {
    case Backbone::LeNet5:
      return leNet5(side, classes);
    case Backbone::AlexNet:
      return alexNet(side, classes);
    case Backbone::AlexNet2012:
      return alexNet2012(side, classes);
    case Backbone::Vgg11:
      return vgg({1, 1, 2, 2, 2}, side, classes);
    case Backbone::Vgg16:
      return vgg({2, 2, 3, 3, 3}, side, classes);
    case Backbone::GoogLeNet:
      return googLeNet(side, classes);
    case Backbone::ResNet18:
      return resNet({2, 2, 2, 2}, false, request.shortcut, side, classes);
    case Backbone::ResNet34:
      return resNet({3, 4, 6, 3}, false, request.shortcut, side, classes);
    case Backbone::ResNet50:
      return resNet({3, 4, 6, 3}, true, request.shortcut, side, classes);
    case Backbone::DenseNet121:
      return denseNet121(side, classes);
    case Backbone::MobileNetV1:
      return mobileNetV1(request.width, side, classes);
    case Backbone::MobileNetV2:
      return mobileNetV2(request.width, side, classes);
    case Backbone::EfficientNetB0:
      return efficientNet(request.phi, side, classes);
    case Backbone::VitB16:
      break;
  }
  return vitB16(side, classes);
}

}  // namespace viva
