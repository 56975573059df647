// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/information/match_report.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/core/number_text.h"

namespace viva {
namespace {

using Mood = VerdictData::Mood;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Word word(const std::string& kind, const std::string& name) {
  return {"distribution-match." + kind + "." + name};
}

std::vector<Label> classLabels(std::size_t classes) {
  std::vector<Label> labels;
  for (std::size_t i = 0; i < classes; ++i) labels.emplace_back(std::to_string(i + 1));
  return labels;
}

bool isCertain(const Probabilities& p) {
  return std::count(p.begin(), p.end(), 0.0) == std::ssize(p) - 1;
}

/// On top of another bar an infinite one cannot be drawn.
double drawable(double value) { return std::isfinite(value) ? value : kNaN; }

}  // namespace

BarsData distributionBars(const MatchState& state) {
  BarsData bars;
  bars.categories = classLabels(state.p.size());
  bars.groups = {{"p", word("curve", "p"), state.p}, {"q", word("curve", "q"), state.q}};
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
  Curve theory{"theory", word("curve", "theory"), {}, {}, true};
  if (isCertain(state.p)) {
    const double classes = static_cast<double>(state.p.size());
    for (std::int64_t t = 1; t <= std::max<std::int64_t>(1, state.since); t += 1 + t / 20) {
      theory.x.push_back(static_cast<double>(state.step - state.since + t));
      theory.y.push_back((classes - 1) / (classes * state.rate * static_cast<double>(t)) /
                         state.unit);
    }
  }
  return {{std::move(theory)}};
}

TableData targetsTable(const MatchState& state) {
  TableData table;
  table.columns = {{"target"}, {"entropy"}, {"kl"}, {"cross_entropy"}};
  const std::size_t classes = state.p.size();
  Probabilities certain(classes, 0.0);
  certain[0] = 1;
  const Probabilities uniform(classes, 1.0 / static_cast<double>(classes));
  const auto add = [&](const char* name, const Probabilities& p) {
    table.rows.push_back(
        {"",
         {word("target", name), entropy(p) / state.unit, divergence(p, state.start_q) / state.unit,
          crossEntropy(p, state.start_q) / state.unit}});
  };
  add("certain", certain);
  add("itself", state.start_q);
  add("uniform", uniform);
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

VerdictData matchVerdict(const std::string& preset, const MatchState& state) {
  const double unit = state.unit;
  const double forward = divergence(state.p, state.start_q) / unit;
  const double reverse = divergence(state.start_q, state.p) / unit;
  const double now = valueOf(state.objective, state.p, state.q) / unit;
  const double cross = crossEntropy(state.p, state.q) / unit;
  std::vector<std::pair<std::string, Argument>> arguments{
      {"step", state.step},
      {"unit", unit == 1 ? Word{"distribution-match.choice.base.nats"}
                         : Word{"distribution-match.choice.base.bits"}},
      {"forward", readable(forward)},
      {"reverse", readable(reverse)},
      {"now", readable(now)},
      {"entropy", readable(entropy(state.p) / unit)},
      {"kl", readable(divergence(state.p, state.q) / unit)},
      {"cross", readable(cross)},
      {"own", readable(crossEntropy(state.p, state.p) / unit)},
      {"gap", readable(state.largest_gap)}};
  const auto judged = [&](std::int64_t patience, bool holds) {
    return VerdictData{state.step < patience ? Mood::Open
                       : holds               ? Mood::Holds
                                             : Mood::Fails,
                       {"verdict.match." + preset, arguments}};
  };
  if (state.step == 0) return {Mood::Open, {"verdict.match.early", arguments}};
  if (std::isinf(divergence(state.p, state.q)))
    return {Mood::Open, {"verdict.match.infinite", arguments}};
  if (state.objective == Objective::ReverseKl && std::isinf(now))
    return {Mood::Open, {"verdict.match.infinite_reverse", arguments}};
  if (preset == "asymmetry") return judged(1, std::abs(forward - reverse) > 0.05 * (1 + forward));
  if (preset == "cross-entropy-can-be-zero") {
    const double classes = static_cast<double>(state.p.size());
    const double theory =
        (classes - 1) /
        (classes * state.rate * static_cast<double>(std::max<std::int64_t>(1, state.since))) / unit;
    arguments.emplace_back("theory", readable(theory));
    return judged(500, isCertain(state.p) && crossEntropy(state.p, state.p) == 0 && cross > 0 &&
                           std::abs(cross / theory - 1) < 0.1);
  }
  if (preset == "depends-on-entropy") {
    Probabilities certain(state.p.size(), 0.0);
    certain[0] = 1;
    const Probabilities uniform(state.p.size(), 1.0 / static_cast<double>(state.p.size()));
    const double low = crossEntropy(certain, state.start_q) / unit;
    const double middle = entropy(state.start_q) / unit;
    const double high = crossEntropy(uniform, state.start_q) / unit;
    arguments.insert(
        arguments.end(),
        {{"low", readable(low)}, {"middle", readable(middle)}, {"high", readable(high)}});
    return judged(1, middle > low + 0.05 && high > middle + 0.05);
  }
  if (preset == "same-gradient")
    return judged(20, state.largest_gap < 1e-12 && entropy(state.p) > 0 &&
                          (state.objective == Objective::CrossEntropy ||
                           state.objective == Objective::ForwardKl));
  if (preset == "triangle-fails") {
    const double around =
        (divergence(state.p, state.via) + divergence(state.via, state.start_q)) / unit;
    arguments.emplace_back("around", readable(around));
    return judged(1, forward > around * (1 + 1e-9));
  }
  return {Mood::Open, {"verdict.match.standing", arguments}};
}

}  // namespace viva
