// SPDX-License-Identifier: GPL-3.0-or-later
// Counts a net layer by layer, by formula and by module, and times every layer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lessons/architecture/layer_counts.h"
#include "lessons/core/experiment.h"

namespace viva {

inline const auto kStack = text(
    "stack", "avgpool 4x4 | flatten | dense 192->64 | relu | dense 64->32 | relu | dense 32->10");
inline const auto kStackInput = text("input", "3x32x32");
inline const auto kAgainst = text("against", "");

/// A stack with what its formulas say and what its modules hold.
struct CountedStack {
  std::vector<Layer> layers;
  std::vector<LayerCount> counts;
  StackTotals totals;
  std::vector<std::int64_t> held;    ///< elements that each module learns
  std::vector<double> microseconds;  ///< median time of each layer; empty before the first pass

  /// Elements that all modules learn.
  std::int64_t heldInAll() const;
  /// As Keras counts it; as here where it has no such layer.
  std::int64_t kerasCount() const;
  double allTime() const;  ///< microseconds

  /// Of the dense layers with bias: in * out + out, the wrong in * out + in, what modules hold.
  struct DenseCounts {
    std::int64_t right = 0, wrong = 0, held = 0;
  };
  DenseCounts denseCounts() const;

  struct TimeShares {
    double without_work = 0;        ///< of all time, that of layers without a multiply-accumulate
    double slowest_to_fastest = 0;  ///< of the time of one, in the slowest layer and the fastest
  };
  TimeShares timeShares() const;
};
/// 0 of nothing.
double shareOf(double part, double whole);

TableData layersTable(const CountedStack& stack);
TableData liveTable(const CountedStack& stack);
/// `other` may be missing.
TableData totalsTable(const CountedStack& stack, const std::optional<CountedStack>& other);
TableData conventionsTable(const CountedStack& stack);
TableData denseTable(const CountedStack& stack);
/// Percent of all parameters and multiply-accumulates, of the layers that have any.
BarsData sharesBars(const CountedStack& stack);
/// Percent of all multiply-accumulates and of the time, of every layer.
BarsData timesBars(const CountedStack& stack);

VerdictData calculatorVerdict(const std::string& preset, std::int64_t step,
                              const CountedStack& stack, const std::optional<CountedStack>& other);

std::unique_ptr<Experiment> makeLayerCalculator(const Parameters& parameters,
                                                const RunContext& context);

}  // namespace viva
