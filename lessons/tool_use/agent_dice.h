// SPDX-License-Identifier: GPL-3.0-or-later
// Small random choices, drawn many at a time from one stream of a run.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace viva {

class AgentDice {
 public:
  explicit AgentDice(at::Generator generator) : generator_(std::move(generator)) {}

  double share();  ///< uniform in [0, 1)
  /// Uniform from 0 to `count` - 1.
  std::int64_t below(std::int64_t count) {
    return static_cast<std::int64_t>(share() * static_cast<double>(count));
  }
  bool chance(double probability) { return share() < probability; }
  template <typename T>
  const T& one(const std::vector<T>& of) {
    return of[static_cast<std::size_t>(below(static_cast<std::int64_t>(of.size())))];
  }

 private:
  at::Generator generator_;
  std::vector<double> drawn_;
  std::size_t next_ = 0;
};

}  // namespace viva
