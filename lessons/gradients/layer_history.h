// SPDX-License-Identifier: GPL-3.0-or-later
// One number a layer at many steps, kept as a picture of bounded size.
#pragma once

#include <cstdint>
#include <vector>

#include "lessons/core/frame.h"

namespace viva {

/// Rows are layers (or distances), columns are steps. When there are too many columns every second
/// one is dropped, and from then on only every second step is kept.
class LayerHistory {
 public:
  static constexpr std::size_t kMostColumns = 240;

  /// `values` has as many numbers each time.
  void add(std::int64_t step, const std::vector<double>& values);
  /// A heat map on a logarithmic scale; empty columns stand in before the first step.
  MatrixData picture(std::size_t rows) const;
  /// Of the positive values; minimum > maximum when there are none.
  double minimum() const { return minimum_; }
  double maximum() const { return maximum_; }

 private:
  struct Column {
    std::int64_t step;
    std::vector<float> values;
  };
  std::vector<Column> columns_;
  std::int64_t stride_ = 1, count_ = 0;
  double minimum_ = 1e300, maximum_ = -1e300;
};

}  // namespace viva
