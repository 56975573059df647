// SPDX-License-Identifier: GPL-3.0-or-later
// Learning rates that change with the step, as torch.optim.lr_scheduler defines them.
#pragma once

#include <cstdint>

namespace viva {

enum class Schedule { Constant, StepDecay, Cosine, WarmUp, OneCycle };

struct ScheduleShape {
  double peak = 1;
  std::int64_t horizon = 1500;  ///< steps until a schedule has come to its end
  std::int64_t warm_up = 150;   ///< steps of WarmUp's linear rise; a cosine follows
  std::int64_t decay_every = 500;
  double decay = 0.1;  ///< StepDecay multiplies by it every `decay_every` steps
};

/// The rate of update number `step`, from 0. From the horizon on it stays.
double rateAt(Schedule schedule, const ScheduleShape& shape, std::int64_t step);

/// Of a range test: from `low` to `high` by the same factor a step.
double rangeRateAt(double low, double high, std::int64_t horizon, std::int64_t step);

}  // namespace viva
