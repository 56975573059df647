// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <limits>
#include <numeric>

#include "lessons/architecture/layer_calculator.h"

namespace viva {
namespace {

using Cell = TableData::Cell;

Cell number(std::int64_t value) { return static_cast<double>(value); }

/// `3 · conv 5x5 6->16`: two layers may be written alike.
std::string nameOf(const CountedStack& stack, std::size_t layer) {
  return std::to_string(layer + 1) + " · " + stack.layers[layer].text;
}

/// For a bar: the number and the word.
std::string shortNameOf(const CountedStack& stack, std::size_t layer) {
  const std::string& text = stack.layers[layer].text;
  return std::to_string(layer + 1) + " " + text.substr(0, text.find(' '));
}

}  // namespace

std::int64_t CountedStack::heldInAll() const {
  return std::accumulate(held.begin(), held.end(), std::int64_t{0});
}

std::int64_t CountedStack::kerasCount() const {
  std::int64_t sum = 0;
  for (const LayerCount& count : counts) sum += count.keras.value_or(count.parameters);
  return sum;
}

double CountedStack::allTime() const {
  return std::accumulate(microseconds.begin(), microseconds.end(), 0.0);
}

CountedStack::DenseCounts CountedStack::denseCounts() const {
  DenseCounts sums;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (layers[i].kind != LayerKind::Dense || !layers[i].bias) continue;
    sums.right += counts[i].parameters;
    sums.wrong += wrongDenseCount(layers[i]);
    sums.held += held[i];
  }
  return sums;
}

CountedStack::TimeShares CountedStack::timeShares() const {
  double without = 0, slowest = 0, fastest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < microseconds.size(); ++i) {
    if (counts[i].macs == 0) {
      without += microseconds[i];
      continue;
    }
    const double each = microseconds[i] / static_cast<double>(counts[i].macs);
    slowest = std::max(slowest, each);
    fastest = std::min(fastest, each);
  }
  return {shareOf(without, allTime()), slowest / fastest};
}

double shareOf(double part, double whole) { return whole > 0 ? part / whole : 0; }

TableData layersTable(const CountedStack& stack) {
  TableData table;
  table.columns = {{"layer"}, {"output"}, {"formula"}, {"parameters"}, {"macs"}, {"memory"}};
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const LayerCount& count = stack.counts[i];
    table.rows.push_back(
        {"",
         {nameOf(stack, i), count.output.text(),
          count.formula.empty() ? Cell{} : Cell{count.formula}, number(count.parameters),
          number(count.macs), number(4 * count.output.elements())}});
  }
  return table;
}

TableData liveTable(const CountedStack& stack) {
  TableData table;
  table.columns = {{"layer"}, {"by_formula"}, {"held"}, {"time"}, {"mac_rate"}};
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    Cell time, rate;
    if (!stack.microseconds.empty()) {
      time = stack.microseconds[i];
      if (stack.counts[i].macs > 0 && stack.microseconds[i] > 0)
        rate = static_cast<double>(stack.counts[i].macs) / stack.microseconds[i] / 1000;
    }
    table.rows.push_back({"",
                          {nameOf(stack, i), number(stack.counts[i].parameters),
                           number(stack.held[i]), time, rate}});
  }
  return table;
}

TableData totalsTable(const CountedStack& stack, const std::optional<CountedStack>& other) {
  TableData table;
  table.columns = {{"total"}, {"this_stack"}};
  if (other) table.columns.insert(table.columns.end(), {{"against"}, {"ratio"}});
  const auto row = [&](const char* name, auto valueOf) {
    const std::int64_t mine = valueOf(stack.totals);
    TableData::Row made{"", {Word{std::string("layer-calculator.total.") + name}, number(mine)}};
    if (other) {
      const std::int64_t theirs = valueOf(other->totals);
      made.cells.push_back(number(theirs));
      made.cells.push_back(
          theirs > 0 ? Cell{static_cast<double>(mine) / static_cast<double>(theirs)} : Cell{});
    }
    table.rows.push_back(std::move(made));
  };
  row("parameters", [](const StackTotals& totals) { return totals.parameters; });
  row("macs", [](const StackTotals& totals) { return totals.macs; });
  row("flops", [](const StackTotals& totals) { return 2 * totals.macs; });
  row("weight_memory",
      [](const StackTotals& totals) { return 4 * (totals.parameters + totals.buffers); });
  row("activation_memory", [](const StackTotals& totals) { return 4 * totals.activations; });
  row("buffers", [](const StackTotals& totals) { return totals.buffers; });
  return table;
}

TableData conventionsTable(const CountedStack& stack) {
  TableData table;
  table.columns = {{"layer"}, {"pytorch"}, {"buffers"}, {"keras"}};
  const auto add = [&](Cell name, std::int64_t parameters, std::int64_t buffers,
                       std::optional<std::int64_t> keras) {
    table.rows.push_back(
        {"",
         {std::move(name), number(parameters), number(buffers), keras ? number(*keras) : Cell{}}});
  };
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const LayerCount& count = stack.counts[i];
    if (count.parameters > 0) add(nameOf(stack, i), count.parameters, count.buffers, count.keras);
  }
  const bool all = std::all_of(stack.counts.begin(), stack.counts.end(),
                               [](const LayerCount& count) { return count.keras.has_value(); });
  add(Word{"layer-calculator.total.all"}, stack.totals.parameters, stack.totals.buffers,
      all ? std::optional(stack.kerasCount()) : std::nullopt);
  return table;
}

TableData denseTable(const CountedStack& stack) {
  TableData table;
  table.columns = {{"layer"}, {"right"}, {"wrong"}, {"held"}};
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const Layer& layer = stack.layers[i];
    if (layer.kind != LayerKind::Dense || !layer.bias) continue;
    const std::string product = std::to_string(layer.in) + "·" + std::to_string(layer.out);
    table.rows.push_back(
        {"",
         {nameOf(stack, i), stack.counts[i].formula + " = " + grouped(stack.counts[i].parameters),
          product + " + " + std::to_string(layer.in) + " = " + grouped(wrongDenseCount(layer)),
          number(stack.held[i])}});
  }
  const CountedStack::DenseCounts sums = stack.denseCounts();
  table.rows.push_back({"",
                        {Word{"layer-calculator.total.all"}, grouped(sums.right),
                         grouped(sums.wrong), number(sums.held)}});
  return table;
}

BarsData sharesBars(const CountedStack& stack) {
  BarsData bars;
  BarsData::Group parameters{"parameters", Word{"layer-calculator.record.parameters"}, {}};
  BarsData::Group macs{"macs", Word{"layer-calculator.record.macs"}, {}};
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const LayerCount& count = stack.counts[i];
    if (count.parameters == 0 && count.macs == 0) continue;
    bars.categories.emplace_back(shortNameOf(stack, i));
    parameters.values.push_back(100 * shareOf(static_cast<double>(count.parameters),
                                              static_cast<double>(stack.totals.parameters)));
    macs.values.push_back(
        100 * shareOf(static_cast<double>(count.macs), static_cast<double>(stack.totals.macs)));
  }
  // A stack of functions alone has none of either.
  if (bars.categories.empty()) {
    bars.categories.emplace_back(shortNameOf(stack, 0));
    parameters.values.push_back(0);
    macs.values.push_back(0);
  }
  bars.groups = {std::move(parameters), std::move(macs)};
  return bars;
}

BarsData timesBars(const CountedStack& stack) {
  BarsData bars;
  BarsData::Group macs{"macs", Word{"layer-calculator.record.macs"}, {}};
  BarsData::Group times{"time", {}, {}};
  const double all = stack.allTime();
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    bars.categories.emplace_back(shortNameOf(stack, i));
    macs.values.push_back(100 * shareOf(static_cast<double>(stack.counts[i].macs),
                                        static_cast<double>(stack.totals.macs)));
    times.values.push_back(stack.microseconds.empty() ? std::numeric_limits<double>::quiet_NaN()
                                                      : 100 * shareOf(stack.microseconds[i], all));
  }
  bars.groups = {std::move(macs), std::move(times)};
  return bars;
}

}  // namespace viva
