// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/parameter.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lessons/core/error.h"

namespace viva {

namespace {
template <typename T>
Parameter<T> make(std::string name, Value default_value) {
  Parameter<T> made;
  made.name = std::move(name);
  made.default_value = std::move(default_value);
  made.minimum = std::numeric_limits<double>::lowest();
  made.maximum = std::numeric_limits<double>::max();
  return made;
}
}  // namespace

Parameter<double> real(std::string name, double default_value) {
  return make<double>(std::move(name), default_value);
}
Parameter<std::int64_t> integer(std::string name, std::int64_t default_value) {
  return make<std::int64_t>(std::move(name), default_value);
}
Parameter<bool> toggle(std::string name, bool default_value) {
  return make<bool>(std::move(name), default_value);
}
Parameter<Choice> choice(std::string name, std::vector<std::string> choices,
                         std::string default_name) {
  auto made = make<Choice>(std::move(name), Choice{std::move(default_name)});
  made.choices = std::move(choices);
  return made;
}
Parameter<Point> point(std::string name, Point default_value) {
  return make<Point>(std::move(name), default_value);
}
Parameter<Distribution> distribution(std::string name, std::vector<double> default_value) {
  return make<Distribution>(std::move(name), Distribution{std::move(default_value)});
}
Parameter<Text> text(std::string name, std::string default_value) {
  return make<Text>(std::move(name), Text{std::move(default_value)});
}
Parameter<File> file(std::string name) { return make<File>(std::move(name), File{}); }
Parameter<Points> points(std::string name, Points default_value) {
  return make<Points>(std::move(name), std::move(default_value));
}
Parameter<Box> box(std::string name, Box default_value) {
  return make<Box>(std::move(name), default_value);
}
Parameter<Drawing> drawing(std::string name) {
  return make<Drawing>(std::move(name), Drawing{}).range(0, 1);
}

namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Message outOfRange(const ParameterSpec& spec, double value) {
  return {"error.out_of_range",
          {{"name", spec.name},
           {"value", formatNumber(value)},
           {"minimum", formatNumber(spec.minimum)},
           {"maximum", formatNumber(spec.maximum)}}};
}

/// Every coordinate finite and in range.
std::optional<Message> problemWithNumber(const ParameterSpec& spec, double value) {
  if (!std::isfinite(value))
    return Message{"error.not_finite", {{"name", spec.name}, {"value", formatNumber(value)}}};
  if (value < spec.minimum || value > spec.maximum) return outOfRange(spec, value);
  return {};
}

std::optional<Message> problemWithDistribution(const ParameterSpec& spec, const Distribution& d) {
  double sum = 0;
  for (const double weight : d.weights) {
    if (!std::isfinite(weight) || weight < 0)
      return Message{"error.distribution_negative",
                     {{"name", spec.name}, {"value", formatNumber(weight)}}};
    sum += weight;
  }
  if (d.weights.size() < 2) return Message{"error.distribution_short", {{"name", spec.name}}};
  if (std::abs(sum - 1) > 1e-6)
    return Message{"error.distribution_sum", {{"name", spec.name}, {"value", formatNumber(sum)}}};
  return {};
}

std::optional<Message> problemWithBox(const ParameterSpec& spec, const Box& box) {
  for (const double coordinate : {box.x0, box.y0, box.x1, box.y1})
    if (auto problem = problemWithNumber(spec, coordinate)) return problem;
  if (box.x0 > box.x1 || box.y0 > box.y1)
    return Message{"error.box_corners", {{"name", spec.name}, {"value", formatValue(box)}}};
  return {};
}

/// So many points fit into a link and a run file, and no hand draws more.
constexpr std::size_t kMostDrawn = 5000;

std::optional<Message> problemWithDrawing(const ParameterSpec& spec, const Drawing& drawing) {
  std::size_t count = 0;
  for (const Drawing::Stroke& stroke : drawing.strokes)
    for (const Point& p : stroke) {
      if (auto problem = problemWithNumber(spec, p.x)) return problem;
      if (auto problem = problemWithNumber(spec, p.y)) return problem;
      ++count;
    }
  if (count > kMostDrawn)
    return Message{"error.drawing_too_long",
                   {{"name", spec.name},
                    {"found", static_cast<std::int64_t>(count)},
                    {"limit", static_cast<std::int64_t>(kMostDrawn)}}};
  return {};
}

}  // namespace

std::optional<Message> problemWith(const ParameterSpec& spec, const Value& value) {
  if (kindOf(value) != spec.kind())
    return Message{"error.wrong_kind", {{"name", spec.name}, {"value", formatValue(value)}}};
  switch (spec.kind()) {
    case ParameterKind::Real:
      return problemWithNumber(spec, std::get<double>(value));
    case ParameterKind::Integer:
      return problemWithNumber(spec, static_cast<double>(std::get<std::int64_t>(value)));
    case ParameterKind::Choice: {
      const std::string& name = std::get<Choice>(value).name;
      if (std::find(spec.choices.begin(), spec.choices.end(), name) == spec.choices.end())
        return Message{"error.not_a_choice",
                       {{"name", spec.name}, {"value", name}, {"allowed", joined(spec.choices)}}};
      return {};
    }
    case ParameterKind::Point: {
      const Point& p = std::get<Point>(value);
      if (auto problem = problemWithNumber(spec, p.x)) return problem;
      return problemWithNumber(spec, p.y);
    }
    case ParameterKind::Distribution:
      return problemWithDistribution(spec, std::get<Distribution>(value));
    case ParameterKind::Points:
      for (const Points::Labelled& p : std::get<Points>(value).points) {
        if (auto problem = problemWithNumber(spec, p.x)) return problem;
        if (auto problem = problemWithNumber(spec, p.y)) return problem;
        if (p.label < 0)
          return Message{"error.label_negative",
                         {{"name", spec.name}, {"value", std::to_string(p.label)}}};
      }
      return {};
    case ParameterKind::Box:
      return problemWithBox(spec, std::get<Box>(value));
    case ParameterKind::Drawing:
      return problemWithDrawing(spec, std::get<Drawing>(value));
    case ParameterKind::Toggle:
    case ParameterKind::Text:
    case ParameterKind::File:
      return {};
  }
  return {};
}

Parameters::Parameters(const std::vector<ParameterSpec>& specs) : specs_(&specs) {
  values_.reserve(specs.size());
  for (const ParameterSpec& spec : specs) values_.push_back(spec.default_value);
}

std::size_t Parameters::indexOf(std::string_view name) const {
  for (std::size_t i = 0; i < specs_->size(); ++i)
    if ((*specs_)[i].name == name) return i;
  std::vector<std::string> names;
  for (const ParameterSpec& spec : *specs_) names.push_back(spec.name);
  throw RequestError(
      {"error.unknown_parameter", {{"name", std::string(name)}, {"allowed", joined(names)}}});
}

void Parameters::set(std::string_view name, Value value) {
  const std::size_t index = indexOf(name);
  const ParameterSpec& spec = (*specs_)[index];
  if (spec.kind() == ParameterKind::Real && std::holds_alternative<std::int64_t>(value))
    value = static_cast<double>(std::get<std::int64_t>(value));
  if (auto problem = problemWith(spec, value)) throw RequestError(*problem);
  values_[index] = std::move(value);
}

void Parameters::setFromText(std::string_view name, std::string_view text) {
  set(name, parseValue((*specs_)[indexOf(name)], text));
}

std::size_t Parameters::choiceIndex(std::string_view name) const {
  const std::size_t index = indexOf(name);
  const auto& choices = (*specs_)[index].choices;
  const auto place =
      std::find(choices.begin(), choices.end(), std::get<Choice>(values_[index]).name);
  return static_cast<std::size_t>(place - choices.begin());
}

bool Parameters::isRelevant(const ParameterSpec& spec) const {
  if (!spec.relevance) return true;
  const std::string now = formatValue(value(spec.relevance->parameter));
  const auto& values = spec.relevance->values;
  return std::find(values.begin(), values.end(), now) != values.end();
}

}  // namespace viva
