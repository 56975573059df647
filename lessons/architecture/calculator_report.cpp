// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/architecture/calculator_report.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;
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

double shareOf(double part, double whole) { return whole > 0 ? part / whole : 0; }

double allTimeOf(const CountedStack& stack) {
  return std::accumulate(stack.microseconds.begin(), stack.microseconds.end(), 0.0);
}

/// Sums over the layers of which `chosen` is true.
template <typename Chosen>
StackTotals totalsWhere(const CountedStack& stack, Chosen chosen) {
  std::vector<LayerCount> some;
  for (std::size_t i = 0; i < stack.layers.size(); ++i)
    if (chosen(stack.layers[i])) some.push_back(stack.counts[i]);
  return totalsOf(some);
}

struct DenseCounts {
  std::int64_t right = 0, wrong = 0, held = 0;
};
DenseCounts denseOf(const CountedStack& stack) {
  DenseCounts counts;
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    if (stack.layers[i].kind != LayerKind::Dense || !stack.layers[i].bias) continue;
    counts.right += stack.counts[i].parameters;
    counts.wrong += wrongDenseCount(stack.layers[i]);
    counts.held += stack.held[i];
  }
  return counts;
}

std::int64_t heldBy(const CountedStack& stack) {
  return std::accumulate(stack.held.begin(), stack.held.end(), std::int64_t{0});
}

std::int64_t kerasCountOf(const CountedStack& stack) {
  std::int64_t sum = 0;
  for (const LayerCount& count : stack.counts) sum += count.keras.value_or(count.parameters);
  return sum;
}

}  // namespace

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
      all ? std::optional(kerasCountOf(stack)) : std::nullopt);
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
  const DenseCounts sums = denseOf(stack);
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
  BarsData::Group times{"time", Word{"layer-calculator.curve.time"}, {}};
  const double all = allTimeOf(stack);
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

VerdictData calculatorVerdict(const std::string& preset, std::int64_t step,
                              const CountedStack& stack, const std::optional<CountedStack>& other) {
  if (step == 0) return {Mood::Open, {"verdict.stack.early", {}}};
  const StackTotals& totals = stack.totals;
  const bool held = heldBy(stack) == totals.parameters;
  std::vector<std::pair<std::string, Argument>> arguments{
      {"parameters", grouped(totals.parameters)},
      {"macs", grouped(totals.macs)},
      {"flops", grouped(2 * totals.macs)},
      {"held", grouped(heldBy(stack))},
      {"buffers", grouped(totals.buffers)},
      {"keras", grouped(kerasCountOf(stack))},
      {"difference", grouped(std::abs(kerasCountOf(stack) - totals.parameters))},
  };
  const auto judged = [&](bool holds) {
    return VerdictData{held && holds ? Mood::Holds : Mood::Fails,
                       {"verdict.stack." + preset, arguments}};
  };
  if (preset == "lenet-5") {
    const StackTotals convolutions =
        totalsWhere(stack, [](const Layer& layer) { return layer.isConvolution(); });
    const auto first = std::find_if(stack.counts.begin(), stack.counts.end(),
                                    [](const LayerCount& count) { return count.macs > 0; });
    if (first != stack.counts.end()) {
      const double weights =
          shareOf(static_cast<double>(first->parameters), static_cast<double>(totals.parameters));
      const double work =
          shareOf(static_cast<double>(first->macs), static_cast<double>(totals.macs));
      arguments.insert(arguments.end(), {{"weights", percent(weights)}, {"work", percent(work)}});
      return judged(convolutions.macs > 0 && work > 10 * weights);
    }
  }
  if (preset == "dense-bias") {
    const DenseCounts dense = denseOf(stack);
    arguments.insert(arguments.end(), {{"right", grouped(dense.right)},
                                       {"wrong", grouped(dense.wrong)},
                                       {"in_modules", grouped(dense.held)}});
    return judged(dense.right == dense.held && dense.wrong != dense.held);
  }
  if ((preset == "vgg-block" || preset == "depthwise-separable" || preset == "attention") &&
      other) {
    const double ratio = shareOf(static_cast<double>(totals.parameters),
                                 static_cast<double>(other->totals.parameters));
    const double work =
        shareOf(static_cast<double>(totals.macs), static_cast<double>(other->totals.macs));
    const bool same_output = stack.counts.back().output == other->counts.back().output;
    arguments.insert(arguments.end(), {{"against", grouped(other->totals.parameters)},
                                       {"against_macs", grouped(other->totals.macs)},
                                       {"ratio", readable(ratio)},
                                       {"work_ratio", readable(work)}});
    if (preset == "vgg-block") return judged(same_output && ratio < 0.8 && work < 0.8);
    if (preset == "depthwise-separable") return judged(same_output && ratio < 0.2 && work < 0.2);
    const LayerCount& count = stack.counts.front();
    if (stack.layers.front().kind == LayerKind::Attention) {
      const double time = static_cast<double>(count.input.sizes[0]);
      const double size = static_cast<double>(count.input.sizes[1]);
      const double square = shareOf(2 * time * time * size, static_cast<double>(count.macs));
      arguments.insert(arguments.end(),
                       {{"square", percent(square)}, {"length", count.input.sizes[0]}});
      return judged(ratio == 1 && work == 1 && square > 0.5);
    }
  }
  if (preset == "batch-norm-buffers")
    return judged(totals.buffers > 0 && kerasCountOf(stack) - totals.parameters == totals.buffers);
  if (preset == "lstm-biases") return judged(kerasCountOf(stack) < totals.parameters);
  if (preset == "macs-are-not-latency" && !stack.microseconds.empty()) {
    double without = 0, slowest = 0, fastest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < stack.layers.size(); ++i) {
      if (stack.counts[i].macs == 0) {
        without += stack.microseconds[i];
        continue;
      }
      const double each = stack.microseconds[i] / static_cast<double>(stack.counts[i].macs);
      slowest = std::max(slowest, each);
      fastest = std::min(fastest, each);
    }
    const double share = shareOf(without, allTimeOf(stack));
    arguments.insert(arguments.end(),
                     {{"without", percent(share)}, {"times", readable(slowest / fastest)}});
    if (step < 20) return {Mood::Open, {"verdict.stack." + preset, arguments}};
    return judged(share > 0.05 && slowest > 2 * fastest);
  }
  return {Mood::Open, {"verdict.stack.standing", arguments}};
}

}  // namespace viva
