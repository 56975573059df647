// SPDX-License-Identifier: GPL-3.0-or-later
// Records and frames that look like an optimizer race, without LibTorch.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva::fakes {

/// Records with these columns; `value(row, column)` fills them.
Records recordsOf(const std::vector<std::string>& names, std::int64_t rows,
                  const std::function<double(std::int64_t, std::size_t)>& value);

/// `weights`, `magnitudes`, `history` (histograms), `digits`, `scenes` (images), `cell` (a graph),
/// `attention`, `translation` (tokens) and `wire` (a sequence) as they are at `frame.step`.
void addLiveViews(Frame& frame);

/// Seven descents down a ravine: `<id>/x`, `<id>/y`, `<id>/f`, rows = steps + 1.
class FakeRace {
 public:
  FakeRace();
  /// Goes on to this step.
  void advance(std::int64_t step);
  const Records& records() const { return table_.records(); }
  /// A field of 100 x 100, a table, bars, a matrix and a verdict of the present state.
  std::shared_ptr<const Frame> frame() const;

  static const std::vector<std::string>& ids();
  static std::vector<ViewSpec> views();
  static const std::vector<ParameterSpec>& parameters();
  /// The view of this id.
  static ViewSpec view(const std::string& id);

 private:
  void record();
  struct Ball {
    double x, y, speed_x = 0, speed_y = 0;
  };
  RecordTable table_;
  std::vector<Ball> balls_;
  std::int64_t step_ = 0;
};

}  // namespace viva::fakes
