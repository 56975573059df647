// SPDX-License-Identifier: GPL-3.0-or-later
// A net written as text: `conv 3x3 3->64 | relu | flatten | dense 57600->10`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/core/message.h"

namespace viva {

/// What flows between two layers, for a batch of one: channels, height, width of an image; time and
/// features of a sequence; features; the length of a sequence of token numbers.
struct Shape {
  enum class Kind { Image, Sequence, Features, Tokens };
  Kind kind = Kind::Features;
  std::vector<std::int64_t> sizes;

  std::int64_t elements() const;
  std::string text() const;  ///< `3x32x32`
  bool operator==(const Shape&) const = default;
};

/// `3x32x32`, `100x10` (time x features), `784` or `tokens 100`. Throws RequestError.
Shape parseInput(std::string_view text);

enum class LayerKind {
  Conv,
  Dense,
  BatchNorm,
  LayerNorm,
  Lstm,
  Gru,
  Rnn,
  Attention,
  Embedding,
  MaxPool,
  AveragePool,
  GlobalPool,
  Flatten,
  LastStep,
  Relu,
  Sigmoid,
  Tanh,
  Gelu,
  Dropout
};

/// One layer with its numbers. Which of them count depends on the kind.
struct Layer {
  LayerKind kind = LayerKind::Relu;
  std::string text;              ///< as it was written
  std::int64_t in = 0, out = 0;  ///< channels, features, units; of an embedding: words and features
  std::int64_t kernel_height = 1, kernel_width = 1;
  std::int64_t stride = 1, padding = 0, dilation = 1, groups = 1;
  std::int64_t layers = 1, heads = 1, projection = 0;
  double rate = 0;  ///< of a dropout
  bool bias = true, bidirectional = false;

  bool isConvolution() const { return kind == LayerKind::Conv; }
  bool isRecurrent() const;
  std::int64_t directions() const { return bidirectional ? 2 : 1; }
  /// Blocks of units in a recurrent layer: 4, 3 or 1.
  std::int64_t gates() const;
};

/// Layers between bars, in lower or upper case; `→` and `×` are read as `->` and `x`. Throws
/// RequestError that names the layer, what it says, and what is allowed there.
std::vector<Layer> parseStack(std::string_view text);

/// What comes out of `layer`; throws RequestError when it cannot take `input`. `number` from 1.
Shape shapeAfter(const Layer& layer, const Shape& input, std::size_t number);

}  // namespace viva
