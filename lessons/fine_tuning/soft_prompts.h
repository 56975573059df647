// SPDX-License-Identifier: GPL-3.0-or-later
// Vectors that are learned in front of a sequence: of its embeddings only (prompt tuning, arXiv
// 2104.08691), or of the keys and values of every layer, made by a small net while they are trained
// (prefix tuning, 2101.00190) or trained themselves (P-Tuning v2, 2110.07602).
#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include <utility>
#include <vector>

#include "lessons/fine_tuning/peft_method.h"
#include "lessons/nn/transformer.h"
#include "lessons/nn/weight_shape.h"

namespace viva {

/// What is trained, of Prompt, Prefix and PTuningV2.
std::vector<WeightShape> softPromptShapes(const Contender& contender, const TransformerShape& net);
/// A prompt starts as rows of `embeddings` [V, d] drawn at random, the others as random numbers.
void startSoftPrompt(const Contender& contender, std::vector<torch::Tensor>& own,
                     const torch::Tensor& embeddings, at::Generator generator);
/// Keys and values of every layer, [layers, 2, prompt_length, d].
torch::Tensor deepPrompt(const Contender& contender, const std::vector<torch::Tensor>& own,
                         const TransformerShape& net);
/// How many numbers are kept when the training is over: the small net of a prefix is thrown away.
std::int64_t keptNumbers(const Contender& contender, const TransformerShape& net);

}  // namespace viva
