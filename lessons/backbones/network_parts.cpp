// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/network_parts.h"

namespace viva {

std::string numbered(const std::string& name, std::int64_t number) {
  return name + "." + std::to_string(number);
}

int normed(Network& net, const std::string& conv, const std::string& norm, std::int64_t channels,
           Network::Kernel kernel, std::optional<Operator> activation, int input) {
  net.convolution(conv, channels, kernel, input);
  int place = net.norm(Operator::BatchNorm, norm);
  if (activation) place = net.activation(*activation, norm + ".act");
  return place;
}

int shortcutOf(Network& net, const std::string& name, int input, std::int64_t channels,
               std::int64_t stride, Shortcut shortcut) {
  if (net.shape(input)[0] == channels && stride == 1) return input;
  if (shortcut == Shortcut::ZeroPadding)
    return net.subsample(name + ".shortcut", channels, stride, input);
  return normed(net, name + ".downsample.0", name + ".downsample.1", channels, {1, stride}, {},
                input);
}

int meanHead(Network& net, std::int64_t classes, const std::string& name) {
  net.block("head");
  net.adaptivePool("avgpool", 1);
  net.flatten();
  return net.dense(name, classes);
}

}  // namespace viva
