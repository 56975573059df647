// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "lessons/optimization/optimizer_anatomy.h"

namespace viva {
namespace {

Point pointOf(const Pair& pair) { return {pair[0], pair[1]}; }

ArrowsLayer arrow(const char* name, const Pair& from, const Pair& by, double scale) {
  ArrowsLayer layer;
  layer.name = name;
  layer.label = Word{std::string("optimizer-anatomy.layer.") + name};
  layer.id = name;
  layer.from = {pointOf(from)};
  layer.to = {{from[0] + scale * by[0], from[1] + scale * by[1]}};
  return layer;
}

double lengthOf(const Pair& pair) { return std::hypot(pair[0], pair[1]); }

}  // namespace

void addArrows(PlaneData& plane, const Dissection& dissection, double scale) {
  const TakenApart& parts = dissection.parts;
  plane.layers.push_back(arrow("gradient", dissection.before, dissection.gradient, -scale));
  if (dissection.step == 0) return;
  if (parts.first_moment)
    plane.layers.push_back(arrow("first_moment", dissection.before, *parts.first_moment, -scale));
  if (parts.second_moment) {
    // A size without a direction: it is given the step's.
    Pair root;
    for (int i : kCoordinates)
      root[i] = std::copysign(std::sqrt((*parts.second_moment)[i]), parts.change[i]);
    plane.layers.push_back(arrow("second_moment", dissection.before, root, scale));
  }
  const Pair change{dissection.after[0] - dissection.before[0],
                    dissection.after[1] - dissection.before[1]};
  plane.layers.push_back(arrow("step", dissection.before, change, 1));
}

TableData formulaTable(const Dissection& dissection) {
  TableData table;
  table.columns = {{"line"}, {"numbers"}, {"x"}, {"y"}};
  const auto add = [&](const std::string& formula, const std::string& numbers, const Pair& value) {
    table.rows.push_back({"", {formula, numbers, value[0], value[1]}});
  };
  if (dissection.step == 0) {
    add("θ", "", dissection.before);
    add("g = ∇f(θ)", "", dissection.gradient);
    return table;
  }
  add("θ", "", dissection.before);
  for (const UpdateLine& line : dissection.parts.lines) add(line.formula, line.numbers, line.value);
  add("θ + Δθ", "", dissection.after);
  return table;
}

VerdictData explain(const Dissection& dissection) {
  using Mood = VerdictData::Mood;
  if (dissection.step == 0) return {Mood::Open, {"optimizer-anatomy.verdict.early", {}}};
  const Pair change{dissection.after[0] - dissection.before[0],
                    dissection.after[1] - dissection.before[1]};
  const double length = lengthOf(change);
  if (!std::isfinite(length)) return {Mood::Fails, {"optimizer-anatomy.verdict.diverged", {}}};
  const double rate =
      std::visit([](const auto& rule) { return rule.learning_rate; }, dissection.rule);
  const auto ratio = [](double above, double below) { return std::abs(above) / std::abs(below); };
  Message sentence{"optimizer-anatomy.verdict." + nameOf(dissection.optimizer),
                   {{"length", length},
                    {"rate", rate},
                    {"rates", length / rate},
                    {"gradient", lengthOf(dissection.gradient)},
                    {"step_x", change[0]},
                    {"step_y", change[1]},
                    {"rate_x", dissection.parts.effective_rate[0]},
                    {"rate_y", dissection.parts.effective_rate[1]},
                    {"gradient_ratio", ratio(dissection.gradient[1], dissection.gradient[0])},
                    {"step_ratio", ratio(change[1], change[0])}}};
  if (dissection.parts.first_moment)
    sentence.arguments.push_back({"memory", lengthOf(*dissection.parts.first_moment)});
  return {Mood::Holds, std::move(sentence)};
}

}  // namespace viva
