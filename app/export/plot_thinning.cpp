// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/plot_thinning.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace viva {
namespace {

/// More gaps than these in one stretch are not told apart.
constexpr int kMostGaps = 2;

/// The places of the smallest and the largest of the `values` from `begin` to `end` that are shown.
void addExtremes(const std::vector<double>& values, std::size_t begin, std::size_t end,
                 const std::vector<bool>& shown, std::set<std::size_t>& places) {
  std::size_t low = end, high = end;
  for (std::size_t i = begin; i < end; ++i) {
    if (!shown[i]) continue;
    if (low == end || values[i] < values[low]) low = i;
    if (high == end || values[i] > values[high]) high = i;
  }
  if (low < end) places.insert({low, high});
}

/// What a block of cells may be drawn with.
struct Block {
  double middle, low, high;
};

}  // namespace

std::vector<std::size_t> thinned(const PlotLine& line, const Plot& plot, std::size_t most) {
  const std::size_t count = std::min(line.x.size(), line.y.size());
  std::set<std::size_t> places;
  if (count <= most) {
    for (std::size_t i = 0; i < count; ++i) places.insert(places.end(), i);
    return {places.begin(), places.end()};
  }
  const auto is_shown = [](double value, bool logarithmic) {
    return std::isfinite(value) && (value > 0 || !logarithmic);
  };
  std::vector<bool> shown(count);
  for (std::size_t i = 0; i < count; ++i)
    shown[i] = is_shown(line.x[i], plot.x_logarithmic) && is_shown(line.y[i], plot.y_logarithmic);
  const bool goes_on = std::is_sorted(line.x.begin(), line.x.end());
  const std::size_t stretches = std::max<std::size_t>(1, most / (goes_on ? 2 : 4));
  places = {0, count - 1};
  for (std::size_t s = 0; s < stretches; ++s) {
    const std::size_t begin = s * count / stretches, end = (s + 1) * count / stretches;
    int gaps = 0;
    for (std::size_t i = std::max<std::size_t>(begin, 1); i < end && gaps < kMostGaps; ++i)
      if (!shown[i] && shown[i - 1]) {
        places.insert(i);
        ++gaps;
      }
    addExtremes(line.y, begin, end, shown, places);
    if (!goes_on) addExtremes(line.x, begin, end, shown, places);
  }
  return {places.begin(), places.end()};
}

PlotGrid thinned(const PlotGrid& grid, int most) {
  const int rows = std::min(grid.rows, most), columns = std::min(grid.columns, most);
  if (rows == grid.rows && columns == grid.columns) return grid;
  const auto first = [](int i, int of, int cells) {
    return static_cast<int>(std::int64_t{i} * cells / of);
  };
  const auto value = [&grid](int row, int column) {
    return grid.values[static_cast<std::size_t>(row) * grid.columns + column];
  };
  std::vector<Block> blocks;
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) {
      const int top = first(r, rows, grid.rows), below = first(r + 1, rows, grid.rows);
      const int left = first(c, columns, grid.columns),
                behind = first(c + 1, columns, grid.columns);
      constexpr double kInfinity = std::numeric_limits<double>::infinity();
      Block block{value((top + below) / 2, (left + behind) / 2), kInfinity, -kInfinity};
      for (int row = top; row < below; ++row)
        for (int column = left; column < behind; ++column) {
          const double one = value(row, column);
          if (!std::isfinite(one)) continue;
          block.low = std::min(block.low, one);
          block.high = std::max(block.high, one);
        }
      blocks.push_back(block);
    }
  PlotGrid coarse = grid;
  coarse.rows = rows;
  coarse.columns = columns;
  coarse.values.clear();
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) {
      const auto at = [&](int row, int column) -> const Block& {
        return blocks[static_cast<std::size_t>(row) * columns + column];
      };
      const Block& block = at(r, c);
      bool is_peak = std::isfinite(block.high), is_pit = std::isfinite(block.low);
      for (int row = std::max(0, r - 1); row <= std::min(rows - 1, r + 1); ++row)
        for (int column = std::max(0, c - 1); column <= std::min(columns - 1, c + 1); ++column) {
          is_peak = is_peak && block.high >= at(row, column).high;
          is_pit = is_pit && block.low <= at(row, column).low;
        }
      // Both: whichever is the farther from what is there otherwise.
      if (is_peak && is_pit && std::isfinite(block.middle))
        is_peak = block.high - block.middle >= block.middle - block.low;
      coarse.values.push_back(is_peak ? block.high : is_pit ? block.low : block.middle);
    }
  return coarse;
}

}  // namespace viva
