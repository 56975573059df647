// SPDX-License-Identifier: GPL-3.0-or-later
// A small convolutional net as a list of operations, and the rewrites of compilers for inference.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace viva {

enum class GraphOperation { Convolution, BatchNorm, Sigmoid, Multiply, Add, Fused };

/// One call of a kernel: it reads its inputs from memory and writes its output there.
struct GraphCall {
  GraphOperation operation = GraphOperation::Convolution;
  std::int64_t layer = 0;
  torch::Tensor weight{}, bias{};  ///< of a convolution [out, in, 3, 3] and [out], bias may be none
  /// Of batch norm (and, fused, of what it did): gamma, beta, running mean and variance [channels].
  torch::Tensor gamma{}, beta{}, mean{}, variance{};
};

inline constexpr double kNormEpsilon = 1e-5;

/// What a run of the graph cost.
struct GraphCost {
  std::int64_t kernels = 0;
  std::int64_t bytes = 0;  ///< read and written by all kernels: inputs, outputs and weights
};

/// Layers of convolution, batch norm and SiLU, written as sigmoid and product, with what came in
/// added: five calls each.
class OperatorGraph {
 public:
  OperatorGraph(std::int64_t layers, std::int64_t channels, at::Generator generator,
                torch::Device device);

  /// x [batch, channels, height, width]. `uses_batch_statistics`: batch norm as in training.
  torch::Tensor run(const torch::Tensor& x, GraphCost* cost = nullptr,
                    bool uses_batch_statistics = false) const;
  const std::vector<GraphCall>& calls() const { return calls_; }
  std::int64_t layers() const { return layers_; }

  /// Batch norm of `layer` goes into the weights of the convolution before it: w gamma / sqrt(var +
  /// eps), and (b - mean) gamma / sqrt(var + eps) + beta.
  void foldBatchNorm(std::int64_t layer);
  /// All that follows the convolution of `layer` becomes one loop over the numbers.
  void fusePointwise(std::int64_t layer);
  /// Weights and activations of `layer` are kept in 16 bits: bfloat16, on CUDA float16.
  void halve(std::int64_t layer);

 private:
  std::vector<GraphCall> calls_;
  std::int64_t layers_;
  std::vector<bool> is_half_;  ///< a layer each
};

/// SiLU of gamma (x - mean) / sqrt(variance + eps) + beta, plus `residual`, in one pass over
/// memory.
torch::Tensor fusedPointwise(const torch::Tensor& x, const GraphCall& call,
                             const torch::Tensor& residual);

}  // namespace viva
