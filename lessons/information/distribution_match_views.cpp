// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/information/distribution_match.h"

namespace viva {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Word word(const std::string& kind, const std::string& name) {
  return {"distribution-match." + kind + "." + name};
}

std::vector<Label> classLabels(std::size_t classes) {
  std::vector<Label> labels;
  for (std::size_t i = 0; i < classes; ++i) labels.emplace_back(std::to_string(i + 1));
  return labels;
}

/// On top of another bar an infinite one cannot be drawn.
double drawable(double value) { return std::isfinite(value) ? value : kNaN; }

}  // namespace

double MatchState::theoryAfter(std::int64_t steps) const {
  const double classes = static_cast<double>(p.size());
  return (classes - 1) / (classes * rate * static_cast<double>(steps)) / unit;
}

BarsData distributionBars(const MatchState& state) {
  BarsData bars;
  bars.categories = classLabels(state.p.size());
  bars.groups = {{"p", {}, state.p}, {"q", {}, state.q}};
  return bars;
}

BarsData lengthBars(const MatchState& state) {
  BarsData bars;
  bars.stacked = true;
  bars.categories = {word("bar", "sum"), word("bar", "cross_entropy")};
  const double cross = drawable(crossEntropy(state.p, state.q) / state.unit);
  bars.groups = {
      {"entropy", word("record", "entropy"), {entropy(state.p) / state.unit, 0}},
      {"kl_forward",
       word("record", "kl_forward"),
       {drawable(divergence(state.p, state.q) / state.unit), 0}},
      {"cross_entropy", word("record", "cross_entropy"), {0, cross}},
  };
  return bars;
}

BarsData integrandBars(const MatchState& state) {
  BarsData bars;
  bars.categories = classLabels(state.p.size());
  const auto terms = [&](const Probabilities& from, const Probabilities& to) {
    std::vector<double> values;
    for (std::size_t i = 0; i < from.size(); ++i)
      values.push_back(from[i] > 0 ? drawable(from[i] * std::log(from[i] / to[i]) / state.unit)
                                   : 0.0);
    return values;
  };
  bars.groups = {{"kl_forward", word("record", "kl_forward"), terms(state.p, state.q)},
                 {"kl_reverse", word("record", "kl_reverse"), terms(state.q, state.p)}};
  return bars;
}

BarsData gradientBars(const MatchState& state) {
  BarsData bars;
  bars.categories = classLabels(state.p.size());
  const auto add = [&](const char* id, Objective objective) {
    std::vector<double> gradient = logitGradient(objective, state.p, state.q);
    for (double& value : gradient) value = drawable(value);
    bars.groups.push_back({id, word("record", id), std::move(gradient)});
  };
  add("cross_entropy", Objective::CrossEntropy);
  add("kl_forward", Objective::ForwardKl);
  add("kl_reverse", Objective::ReverseKl);
  return bars;
}

SeriesData towardsZero(const MatchState& state) {
  Curve theory{"theory", {}, {}, {}, true};
  if (isCertain(state.p))
    for (std::int64_t t = 1; t <= std::max<std::int64_t>(1, state.since); t += 1 + t / 20) {
      theory.x.push_back(static_cast<double>(state.step - state.since + t));
      theory.y.push_back(state.theoryAfter(t));
    }
  return {{std::move(theory)}};
}

TableData targetsTable(const MatchState& state) {
  TableData table;
  table.columns = {{"target"}, {"entropy"}, {"kl"}, {"cross_entropy"}};
  const auto add = [&](const char* name, const Probabilities& p) {
    table.rows.push_back(
        {"",
         {word("target", name), entropy(p) / state.unit, divergence(p, state.start_q) / state.unit,
          crossEntropy(p, state.start_q) / state.unit}});
  };
  add("certain", certain(state.p.size()));
  add("itself", state.start_q);
  add("uniform", uniform(state.p.size()));
  add("p", state.p);
  return table;
}

TableData triangleTable(const MatchState& state) {
  TableData table;
  table.columns = {{"way"}, {"kl"}};
  const double first = divergence(state.p, state.via) / state.unit;
  const double second = divergence(state.via, state.start_q) / state.unit;
  const auto add = [&](const char* name, double value) {
    table.rows.push_back({"", {word("way", name), value}});
  };
  add("direct", divergence(state.p, state.start_q) / state.unit);
  add("first", first);
  add("second", second);
  add("sum", first + second);
  return table;
}

}  // namespace viva
