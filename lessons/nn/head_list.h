// SPDX-License-Identifier: GPL-3.0-or-later
// The heads of a transformer by name, `layer.head`, both from 0; without LibTorch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lessons/core/index_list.h"
#include "lessons/core/message.h"

namespace viva {

/// `1.0`, as records and the parameter `ablate` spell it.
std::string headName(std::int64_t layer, std::int64_t head);

/// A piece of `text` that names no head of a net with so many layers and heads, if there is one.
std::optional<Message> problemWithHeads(const std::string& text, std::int64_t layers,
                                        std::int64_t heads);

}  // namespace viva
