// SPDX-License-Identifier: GPL-3.0-or-later
// Fourteen nets, operation by operation. Where torchvision has the net, it is torchvision's, with
// its names: AlexNet in one tower, GoogLeNet with batch norms, 3x3 where the paper has 5x5 and no
// auxiliary heads, ResNet-50 with the stride in the 3x3.
#pragma once

#include <cstdint>
#include <string>

#include "lessons/backbones/network.h"
#include "lessons/backbones/network_parts.h"

namespace viva {

enum class Backbone {
  LeNet5,
  AlexNet,
  AlexNet2012,
  Vgg11,
  Vgg16,
  GoogLeNet,
  ResNet18,
  ResNet34,
  ResNet50,
  DenseNet121,
  MobileNetV1,
  MobileNetV2,
  EfficientNetB0,
  VitB16
};

struct BackboneRequest {
  Backbone model = Backbone::ResNet18;
  std::int64_t side = 0;     ///< of the image, in pixels; 0: the model's own
  std::int64_t classes = 0;  ///< 0: the model's own
  double width = 1;          ///< MobileNets: the multiplier of all channels
  std::int64_t phi = 0;      ///< EfficientNet: the compound coefficient, 0 to 7 for B0 to B7
  Shortcut shortcut = Shortcut::Projection;  ///< ResNets
};

/// 32 for LeNet-5, 227 for AlexNet of 2012, 224 to 600 for EfficientNet-B0 to B7, else 224.
std::int64_t ownSide(const BackboneRequest& request);

/// `MobileNetV1 ×0.5`, `EfficientNet-B3`, `ResNet-34 (A)`: the net's own name, in any language.
std::string titleOf(const BackboneRequest& request);

/// Throws RequestError for an image that the net cannot take.
Network networkOf(const BackboneRequest& request);

/// Channels of a scaled net: the nearest multiple of 8 that is not more than a tenth below.
std::int64_t divisibleBy8(double channels);

}  // namespace viva
