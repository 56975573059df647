// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of `induction-heads`.
#pragma once

#include <cstdint>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/gpt/repeated_strings.h"
#include "lessons/nn/transformer.h"

namespace viva {

/// `attention` and `arcs`: what a head looks at while it reads one string; `next`: what comes next,
/// and how sure the net is of it.
void showString(Frame& frame, const Transformer& net, const RepeatedStrings& string,
                const torch::Tensor& gain, std::int64_t layer, std::int64_t head);

}  // namespace viva
