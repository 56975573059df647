// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/architecture/layer_counts.h"

#include <initializer_list>
#include <limits>

namespace viva {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

std::int64_t times(std::initializer_list<std::int64_t> factors) {
  std::int64_t product = 1;
  for (const std::int64_t factor : factors)
    if (__builtin_mul_overflow(product, factor, &product)) return kLargest;
  return product;
}

std::int64_t plus(std::initializer_list<std::int64_t> terms) {
  std::int64_t sum = 0;
  for (const std::int64_t term : terms)
    if (__builtin_add_overflow(sum, term, &sum)) return kLargest;
  return sum;
}

std::string text(std::int64_t number) { return grouped(number); }

void countConvolution(const Layer& layer, LayerCount& count) {
  const std::int64_t depth = layer.in / layer.groups;
  const std::int64_t weights = times({layer.kernel_height, layer.kernel_width, depth, layer.out});
  count.parameters = plus({weights, layer.bias ? layer.out : 0});
  count.macs = times({weights, count.output.sizes[1], count.output.sizes[2]});
  const std::string kernel =
      text(layer.kernel_height) + "·" + text(layer.kernel_width) + "·" + text(depth);
  count.formula = (layer.bias ? "(" + kernel + " + 1)" : kernel) + "·" + text(layer.out);
}

void countDense(const Layer& layer, LayerCount& count) {
  const std::int64_t weights = times({layer.in, layer.out});
  count.parameters = plus({weights, layer.bias ? layer.out : 0});
  const std::int64_t positions =
      count.input.kind == Shape::Kind::Sequence ? count.input.sizes[0] : 1;
  count.macs = times({weights, positions});
  count.formula =
      text(layer.in) + "·" + text(layer.out) + (layer.bias ? " + " + text(layer.out) : "");
}

/// Each of the gates has a matrix for what comes in, one for the state, and in PyTorch two biases.
void countRecurrent(const Layer& layer, LayerCount& count) {
  const std::int64_t gates = layer.gates(), units = layer.out, directions = layer.directions();
  const std::int64_t state = layer.projection > 0 ? layer.projection : units;
  const std::int64_t time = count.input.sizes[0];
  // Keras has one bias a gate; its GRU (reset_after) has two, like PyTorch's.
  const std::int64_t keras_biases = layer.kind == LayerKind::Gru ? 2 : 1;
  std::int64_t keras = 0;
  for (std::int64_t i = 0; i < layer.layers; ++i) {
    const std::int64_t in = i == 0 ? layer.in : times({state, directions});
    const std::int64_t projection = layer.projection > 0 ? times({units, state}) : 0;
    const std::int64_t weights = plus({times({gates, units, plus({in, state})}), projection});
    const std::int64_t biases = layer.bias ? times({gates, units}) : 0;
    count.parameters =
        plus({count.parameters, times({directions, plus({weights, times({2, biases})})})});
    count.macs = plus({count.macs, times({directions, weights, time})});
    keras = plus({keras, times({directions, plus({weights, times({keras_biases, biases})})})});
    const std::string inner = text(units) + "·" + text(in) + " + " + text(units) + "·" +
                              text(state) + (layer.bias ? " + 2·" + text(units) : "");
    const std::string repeat = directions == 2 ? "2·" : "";
    count.formula += (i > 0 ? " + " : "") + repeat + (projection > 0 ? "(" : "") +
                     (gates > 1 ? text(gates) + "·" : "") + "(" + inner + ")" +
                     (projection > 0 ? " + " + text(state) + "·" + text(units) + ")" : "");
  }
  if (layer.projection == 0) count.keras = keras;
}

/// Queries, keys, values and the output each have a matrix; then every position meets every other,
/// once for the scores and once for the weighted sum, all heads together.
void countAttention(const Layer& layer, LayerCount& count) {
  const std::int64_t size = layer.in, time = count.input.sizes[0];
  count.parameters = times({4, plus({times({size, size}), layer.bias ? size : 0})});
  count.macs = plus({times({4, time, size, size}), times({2, time, time, size})});
  const std::string square = text(size) + "·" + text(size);
  count.formula = layer.bias ? "4·(" + square + " + " + text(size) + ")" : "4·" + square;
}

LayerCount countOf(const Layer& layer, const Shape& input, std::size_t number) {
  LayerCount count;
  count.input = input;
  count.output = shapeAfter(layer, input, number);
  switch (layer.kind) {
    case LayerKind::Conv:
      countConvolution(layer, count);
      break;
    case LayerKind::Dense:
      countDense(layer, count);
      break;
    case LayerKind::Lstm:
    case LayerKind::Gru:
    case LayerKind::Rnn:
      countRecurrent(layer, count);
      break;
    case LayerKind::Attention:
      countAttention(layer, count);
      break;
    case LayerKind::BatchNorm:
    case LayerKind::LayerNorm:
      count.parameters = 2 * layer.in;
      count.formula = "2·" + text(layer.in);
      if (layer.kind == LayerKind::BatchNorm) count.buffers = 2 * layer.in;
      break;
    case LayerKind::Embedding:
      count.parameters = times({layer.in, layer.out});
      count.formula = text(layer.in) + "·" + text(layer.out);
      break;
    default:
      break;
  }
  if (!layer.isRecurrent()) count.keras = plus({count.parameters, count.buffers});
  return count;
}

}  // namespace

std::vector<LayerCount> countsOf(const std::vector<Layer>& layers, const Shape& input) {
  std::vector<LayerCount> counts;
  Shape shape = input;
  for (const Layer& layer : layers) {
    counts.push_back(countOf(layer, shape, counts.size() + 1));
    shape = counts.back().output;
  }
  return counts;
}

StackTotals totalsOf(const std::vector<LayerCount>& counts) {
  StackTotals totals;
  for (const LayerCount& count : counts) {
    totals.parameters = plus({totals.parameters, count.parameters});
    totals.buffers = plus({totals.buffers, count.buffers});
    totals.macs = plus({totals.macs, count.macs});
    totals.activations = plus({totals.activations, count.output.elements()});
  }
  return totals;
}

std::int64_t wrongDenseCount(const Layer& layer) {
  return plus({times({layer.in, layer.out}), layer.in});
}

}  // namespace viva
