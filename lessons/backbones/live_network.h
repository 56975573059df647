// SPDX-License-Identifier: GPL-3.0-or-later
// A net carried out by LibTorch, operation by operation: weights are drawn for one and let go, and
// an output is kept only as long as something still reads it.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "lessons/backbones/network.h"

namespace viva {

/// What `operation` answers to its `inputs`, in their order, each [batch, ...]. `weights`: of a
/// convolution and a dense layer the kernel, then the bias where there is one; of a batch norm
/// scale and shift, and it takes the data for normalised already: mean 0, variance 1.
torch::Tensor carriedOut(const Operation& operation, const std::vector<torch::Tensor>& inputs,
                         const std::vector<torch::Tensor>& weights);

class LiveNetwork {
 public:
  /// Images [batch, channels, side, side] of standard normal numbers, in float32.
  LiveNetwork(Network net, std::int64_t batch, at::Generator generator, const std::string& device);

  const Network& net() const { return net_; }
  std::int64_t batch() const { return batch_; }
  /// What was carried out, in the order of the net's operations behind the input.
  const std::vector<Carried>& carried() const { return carried_; }
  bool isFinished() const { return carried_.size() + 1 == net_.operations().size(); }
  /// The next operation. Throws Stopped.
  void carryOut(const std::stop_token& stop);
  /// What the last one answered, [batch, ...].
  const torch::Tensor& output() const { return outputs_[carried_.size()]; }

 private:
  void letGo();

  Network net_;
  std::int64_t batch_;
  at::Generator generator_;
  std::string device_;
  std::vector<int> last_use_;           ///< of an output: the last operation that reads it
  std::vector<torch::Tensor> outputs_;  ///< one an operation; undefined before and after its use
  std::vector<Carried> carried_;
};

/// What this machine can do at most, with the threads that LibTorch has now.
struct MachineRoof {
  double macs_per_second = 0;   ///< the fastest of several products of two matrices of 768 x 768
  double bytes_per_second = 0;  ///< a copy of 64 MB, read and written
  /// The least seconds that this much work on this many bytes can take.
  double seconds(double macs, double bytes) const;
  /// Raised to the fastest operation of `live` so far. Convolutions have kernels of their own,
  /// which may be faster than products, and Winograd's algorithm multiplies less often than is
  /// counted.
  void raise(const LiveNetwork& live);
};
MachineRoof measuredRoof(const std::string& device, const std::stop_token& stop);

}  // namespace viva
