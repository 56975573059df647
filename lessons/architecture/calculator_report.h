// SPDX-License-Identifier: GPL-3.0-or-later
// How the counts of `layer-calculator` are shown and judged.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lessons/architecture/layer_counts.h"
#include "lessons/core/frame.h"

namespace viva {

/// A stack with what its formulas say and what its modules hold.
struct CountedStack {
  std::vector<Layer> layers;
  std::vector<LayerCount> counts;
  StackTotals totals;
  std::vector<std::int64_t> held;    ///< elements that each module learns
  std::vector<double> microseconds;  ///< median time of each layer; empty before the first pass
};

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

}  // namespace viva
