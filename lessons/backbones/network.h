// SPDX-License-Identifier: GPL-3.0-or-later
// A net as the operations that it carries out, in order, each with its shape and its cost: no
// tensors, so that a net of 138 million parameters is counted in a moment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace viva {

enum class Operator {
  Input,
  Convolution,
  BatchNorm,
  LayerNorm,
  ResponseNorm,  ///< local response normalisation
  Tanh,
  Relu,
  Relu6,
  Silu,
  Gelu,
  Sigmoid,
  MaxPool,
  AveragePool,
  AdaptivePool,  ///< the mean over as many windows as the output has places
  Flatten,
  Dense,
  Add,
  Multiply,  ///< the second input has one number a channel
  Concatenate,
  Subsample,  ///< every other pixel, and channels of zeros behind: a shortcut without parameters
  Tokens,     ///< patches as tokens, a learned one in front, learned positions added
  Attention,
  FirstToken
};

/// One operation and what it costs. Shapes are without the batch: channels, height, width; or
/// features; or tokens, features.
struct Operation {
  Operator kind = Operator::Input;
  std::string name;   ///< as torchvision calls the module, where it has one: `layer1.0.conv1`
  std::string block;  ///< what it belongs to on the blueprint: `layer1.0`
  std::vector<int> inputs;
  std::vector<std::int64_t> output;
  std::int64_t kernel = 1, stride = 1, padding = 0, groups = 1;
  bool has_bias = false;
  bool rounds_up = false;  ///< a pool whose last window may hang over the edge
  std::int64_t heads = 1;

  std::int64_t parameters = 0;  ///< learned
  /// Multiply-accumulates of convolutions, dense layers and attention for one image, without
  /// biases, norms, activations and pools: what torchvision's tables call FLOPs. One is two FLOPs.
  std::int64_t macs = 0;

  std::int64_t elements() const;  ///< of the output, for one image
  bool isDepthwise() const;       ///< one filter a channel
};

struct Totals {
  std::int64_t parameters = 0, macs = 0;
  std::int64_t elements = 0;  ///< of all outputs, for one image
};

class Network {
 public:
  /// `channels`, `side`, `side`.
  Network(std::int64_t channels, std::int64_t side);

  const std::vector<Operation>& operations() const { return operations_; }
  const Operation& at(int place) const { return operations_.at(place); }
  int last() const { return static_cast<int>(operations_.size()) - 1; }
  const std::vector<std::int64_t>& shape(int place) const { return at(place).output; }
  /// Of the first `count` operations behind the input.
  Totals totals(std::size_t count) const;
  Totals totals() const { return totals(operations_.size() - 1); }

  /// What the following operations belong to.
  void block(std::string name) { block_ = std::move(name); }

  // Each puts an operation behind `input` (the last one, where it is not given) and answers its
  // place. They throw RequestError where the image has become smaller than the kernel.
  struct Kernel {
    std::int64_t size = 1, stride = 1, padding = 0, groups = 1;
    bool has_bias = false;
  };
  int convolution(const std::string& name, std::int64_t channels, Kernel kernel, int input = -1);
  int norm(Operator kind, const std::string& name, int input = -1);
  int activation(Operator kind, const std::string& name, int input = -1);
  int pool(Operator kind, const std::string& name, Kernel kernel, bool rounds_up = false,
           int input = -1);
  int adaptivePool(const std::string& name, std::int64_t side, int input = -1);
  int flatten(int input = -1);
  int dense(const std::string& name, std::int64_t features, int input = -1);
  int add(const std::string& name, int first, int second);
  int multiply(const std::string& name, int first, int second);
  int concatenate(const std::string& name, std::vector<int> inputs);
  int subsample(const std::string& name, std::int64_t channels, std::int64_t stride, int input);
  int tokens(const std::string& name, int input = -1);
  int attention(const std::string& name, std::int64_t heads, int input = -1);
  int firstToken(int input = -1);

 private:
  int put(Operation operation);
  int placeOf(int input) const { return input < 0 ? last() : input; }

  std::vector<Operation> operations_;
  std::string block_ = "stem";
};

/// The operations of `net` by how much smaller than the input their images are: 0 for full size, 1
/// for a half, 2 for a quarter ...; -1 where there is no image any more.
int stageOf(const Network& net, int place);

/// What an operation did on this machine.
struct Carried {
  double seconds = 0;         ///< the fastest of a few repetitions
  std::int64_t bytes = 0;     ///< read and written at least: inputs, weights, output
  std::int64_t held = 0;      ///< elements of the weights that were made
  std::int64_t used = 0;      ///< multiply-accumulates for one image, from weights and output made
  bool has_its_shape = true;  ///< the output's, as declared
};

}  // namespace viva
