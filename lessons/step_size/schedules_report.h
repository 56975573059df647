// SPDX-License-Identifier: GPL-3.0-or-later
// How `lr-schedules` is shown and judged.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lessons/core/frame.h"
#include "lessons/step_size/schedules_parameters.h"

namespace viva {

struct RacerHistory {
  Racer racer;
  double rate = 0;
  double accuracy = 0;
  std::vector<std::pair<std::int64_t, double>> full_loss;  ///< by step
};

/// What a range test has seen.
struct RangeHistory {
  std::vector<double> rates, losses, smoothed;
  /// A tenth of the rate at which the smoothed loss is lowest; 0 before there is any.
  double suggested() const;
  std::size_t lowest() const;  ///< index
  /// The smoothed loss has climbed far above its lowest value.
  bool blewUp() const;
  void add(double rate, double loss);
};

struct SharpnessHistory {
  std::vector<std::pair<std::int64_t, double>> values;  ///< by step
  std::int64_t rises = 0;                               ///< updates after which the loss was higher
  double first_loss = 0, last_loss = 0;
};

SeriesData rangeCurves(const RangeHistory& history);
/// By step, beside 2 / rate; without points where nothing is measured.
SeriesData sharpnessCurves(const SharpnessHistory& history, double rate);
TableData schedulesTable(const std::vector<RacerHistory>& racers);
VerdictData schedulesVerdict(const std::string& preset, std::int64_t step,
                             const Parameters& parameters, const std::vector<RacerHistory>& racers,
                             const RangeHistory& range, const SharpnessHistory& sharpness);

}  // namespace viva
