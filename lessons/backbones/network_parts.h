// SPDX-License-Identifier: GPL-3.0-or-later
// What many nets are put together from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lessons/backbones/network.h"

namespace viva {

/// Where shapes change: a 1x1 convolution, or pixels left out and channels of zeros (options B and
/// A of arXiv 1512.03385).
enum class Shortcut { Projection, ZeroPadding };

/// `layer1.0`.
std::string numbered(const std::string& name, std::int64_t number);

/// Convolution without bias, batch norm, activation. Answers the place of the last one, as all of
/// these do.
int normed(Network& net, const std::string& conv, const std::string& norm, std::int64_t channels,
           Network::Kernel kernel, std::optional<Operator> activation, int input = -1);

/// What the input of the block `name` is added as, behind `channels` channels and a stride.
int shortcutOf(Network& net, const std::string& name, int input, std::int64_t channels,
               std::int64_t stride, Shortcut shortcut);

/// The mean over the image and a dense layer.
int meanHead(Network& net, std::int64_t classes, const std::string& name);

}  // namespace viva
