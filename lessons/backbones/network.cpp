// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/network.h"

#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "lessons/core/error.h"

namespace viva {
namespace {

std::int64_t product(const std::vector<std::int64_t>& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>());
}

/// Of a convolution or a pool, along one side.
std::int64_t sideAfter(std::int64_t side, const Operation& o) {
  const std::int64_t room = side + 2 * o.padding - o.kernel;
  if (room < 0)
    throw RequestError({"error.backbone.too_small", {{"layer", o.name}, {"side", side}}});
  std::int64_t after = room / o.stride + 1;
  // As the library has it: a window hangs over the edge, but does not begin behind it.
  if (o.rounds_up && room % o.stride != 0 && after * o.stride < side + o.padding) after += 1;
  return after;
}

Operation operation(Operator kind, std::string name, std::vector<int> inputs) {
  Operation made;
  made.kind = kind;
  made.name = std::move(name);
  made.inputs = std::move(inputs);
  return made;
}

}  // namespace

std::int64_t Operation::elements() const { return product(output); }

bool Operation::isDepthwise() const {
  return kind == Operator::Convolution && groups > 1 && groups == output.front();
}

Network::Network(std::int64_t channels, std::int64_t side) {
  Operation input;
  input.name = input.block = "input";
  input.output = {channels, side, side};
  operations_.push_back(std::move(input));
}

Totals Network::totals(std::size_t count) const {
  Totals totals;
  for (std::size_t i = 1; i <= count && i < operations_.size(); ++i) {
    totals.parameters += operations_[i].parameters;
    totals.macs += operations_[i].macs;
    totals.elements += operations_[i].elements();
  }
  return totals;
}

int Network::put(Operation operation) {
  operation.block = block_;
  operations_.push_back(std::move(operation));
  return last();
}

int Network::convolution(const std::string& name, std::int64_t channels, Kernel kernel, int input) {
  Operation o = operation(Operator::Convolution, name, {placeOf(input)});
  o.kernel = kernel.size;
  o.stride = kernel.stride;
  o.padding = kernel.padding;
  o.groups = kernel.groups;
  o.has_bias = kernel.has_bias;
  const auto& in = shape(o.inputs[0]);
  o.output = {channels, sideAfter(in[1], o), sideAfter(in[2], o)};
  const std::int64_t weights = channels * (in[0] / o.groups) * o.kernel * o.kernel;
  o.parameters = weights + (o.has_bias ? channels : 0);
  o.macs = weights * o.output[1] * o.output[2];
  return put(std::move(o));
}

int Network::norm(Operator kind, const std::string& name, int input) {
  Operation o = operation(kind, name, {placeOf(input)});
  o.output = shape(o.inputs[0]);
  if (kind == Operator::BatchNorm) o.parameters = 2 * o.output.front();
  if (kind == Operator::LayerNorm) o.parameters = 2 * o.output.back();
  return put(std::move(o));
}

int Network::activation(Operator kind, const std::string& name, int input) {
  Operation o = operation(kind, name, {placeOf(input)});
  o.output = shape(o.inputs[0]);
  return put(std::move(o));
}

int Network::pool(Operator kind, const std::string& name, Kernel kernel, bool rounds_up,
                  int input) {
  Operation o = operation(kind, name, {placeOf(input)});
  o.kernel = kernel.size;
  o.stride = kernel.stride;
  o.padding = kernel.padding;
  o.rounds_up = rounds_up;
  const auto& in = shape(o.inputs[0]);
  o.output = {in[0], sideAfter(in[1], o), sideAfter(in[2], o)};
  return put(std::move(o));
}

int Network::adaptivePool(const std::string& name, std::int64_t side, int input) {
  Operation o = operation(Operator::AdaptivePool, name, {placeOf(input)});
  o.output = {shape(o.inputs[0])[0], side, side};
  return put(std::move(o));
}

int Network::flatten(int input) {
  Operation o = operation(Operator::Flatten, "flatten", {placeOf(input)});
  o.output = {product(shape(o.inputs[0]))};
  return put(std::move(o));
}

int Network::dense(const std::string& name, std::int64_t features, int input) {
  Operation o = operation(Operator::Dense, name, {placeOf(input)});
  o.has_bias = true;
  o.output = shape(o.inputs[0]);
  const std::int64_t in = o.output.back(), rows = product(o.output) / in;
  o.output.back() = features;
  o.parameters = in * features + features;
  o.macs = rows * in * features;
  return put(std::move(o));
}

int Network::add(const std::string& name, int first, int second) {
  Operation o = operation(Operator::Add, name, {first, second});
  o.output = shape(first);
  return put(std::move(o));
}

int Network::multiply(const std::string& name, int first, int second) {
  Operation o = operation(Operator::Multiply, name, {first, second});
  o.output = shape(first);
  return put(std::move(o));
}

int Network::concatenate(const std::string& name, std::vector<int> inputs) {
  Operation o = operation(Operator::Concatenate, name, std::move(inputs));
  o.output = shape(o.inputs[0]);
  o.output[0] = 0;
  for (const int input : o.inputs) o.output[0] += shape(input)[0];
  return put(std::move(o));
}

int Network::subsample(const std::string& name, std::int64_t channels, std::int64_t stride,
                       int input) {
  Operation o = operation(Operator::Subsample, name, {input});
  o.stride = stride;
  const auto& in = shape(input);
  o.output = {channels, (in[1] + stride - 1) / stride, (in[2] + stride - 1) / stride};
  return put(std::move(o));
}

int Network::tokens(const std::string& name, int input) {
  Operation o = operation(Operator::Tokens, name, {placeOf(input)});
  const auto& in = shape(o.inputs[0]);
  o.output = {in[1] * in[2] + 1, in[0]};
  o.parameters = in[0] + product(o.output);
  return put(std::move(o));
}

int Network::attention(const std::string& name, std::int64_t heads, int input) {
  Operation o = operation(Operator::Attention, name, {placeOf(input)});
  o.heads = heads;
  o.has_bias = true;
  o.output = shape(o.inputs[0]);
  const std::int64_t tokens = o.output[0], width = o.output[1];
  o.parameters = 4 * (width * width + width);
  o.macs = 4 * tokens * width * width + 2 * tokens * tokens * width;
  return put(std::move(o));
}

int Network::firstToken(int input) {
  Operation o = operation(Operator::FirstToken, "class_token", {placeOf(input)});
  o.output = {shape(o.inputs[0])[1]};
  return put(std::move(o));
}

int stageOf(const Network& net, int place) {
  const auto& shape = net.shape(place);
  if (shape.size() != 3 || shape[1] <= 1) return -1;
  const double smaller = static_cast<double>(net.shape(0)[1]) / static_cast<double>(shape[1]);
  return static_cast<int>(std::lround(std::log2(smaller)));
}

}  // namespace viva
