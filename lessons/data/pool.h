// SPDX-License-Identifier: GPL-3.0-or-later
// Random batches, many drawn at a time.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <utility>

namespace viva {

/// An endless source of batches from one stream of randomness. Drawing 256 points of the ring is
/// six small operations, a tenth of a whole update; 32 batches at once cost hardly more.
class Pool {
 public:
  /// Draws `count` samples [count, ...] on the CPU.
  using Draw = std::function<torch::Tensor(std::int64_t count, at::Generator generator)>;

  Pool(std::int64_t batch_size, at::Generator generator, torch::Device device)
      : batch_size_(batch_size), generator_(std::move(generator)), device_(device) {}

  /// From the next batch on; what was drawn before is thrown away.
  void drawWith(Draw draw) {
    draw_ = std::move(draw);
    position_ = kBatches;
  }
  /// [batch_size, ...]
  torch::Tensor next() {
    if (position_ == kBatches) {
      drawn_ = draw_(kBatches * batch_size_, generator_).to(device_);
      position_ = 0;
    }
    return drawn_.narrow(0, batch_size_ * position_++, batch_size_);
  }

 private:
  static constexpr std::int64_t kBatches = 32;
  std::int64_t batch_size_, position_ = kBatches;
  at::Generator generator_;
  torch::Device device_;
  Draw draw_;
  torch::Tensor drawn_;
};

}  // namespace viva
