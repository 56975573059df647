// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/layer_history.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace viva {

void LayerHistory::add(std::int64_t step, const std::vector<double>& values) {
  if (count_++ % stride_ != 0) return;
  if (columns_.size() == kMostColumns) {
    for (std::size_t i = 1; 2 * i < columns_.size(); ++i) columns_[i] = std::move(columns_[2 * i]);
    columns_.resize((columns_.size() + 1) / 2);
    stride_ *= 2;
    if ((count_ - 1) % stride_ != 0) return;
  }
  columns_.push_back({step, {values.begin(), values.end()}});
  for (double value : values) {
    if (!(value > 0) || !std::isfinite(value)) continue;
    minimum_ = std::min(minimum_, value);
    maximum_ = std::max(maximum_, value);
  }
}

MatrixData LayerHistory::picture(std::size_t rows) const {
  MatrixData matrix;
  matrix.rows = static_cast<int>(rows);
  matrix.columns = static_cast<int>(std::max<std::size_t>(1, columns_.size()));
  matrix.logarithmic = true;
  std::vector<float> values(rows * static_cast<std::size_t>(matrix.columns),
                            std::numeric_limits<float>::quiet_NaN());
  for (std::size_t c = 0; c < columns_.size(); ++c)
    for (std::size_t r = 0; r < rows; ++r) values[r * columns_.size() + c] = columns_[c].values[r];
  matrix.values = shareFloats(std::move(values));
  for (const Column& column : columns_) matrix.column_labels.push_back(std::to_string(column.step));
  if (columns_.empty()) matrix.column_labels = {"0"};
  return matrix;
}

}  // namespace viva
