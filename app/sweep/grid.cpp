// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep/grid.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "lessons/core/error.h"
#include "lessons/core/pieces.h"

namespace viva {
namespace {

std::optional<double> numberIn(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return {};
  return number;
}

double rounded(double number) {
  char digits[32];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, number, std::chars_format::scientific, 11).ptr;
  std::from_chars(digits, end, number);
  return number;
}

std::vector<double> range(double from, double to, int count, bool logarithmic) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) {
    const double part = static_cast<double>(i) / (count - 1);
    values.push_back(
        rounded(logarithmic ? from * std::pow(to / from, part) : from + (to - from) * part));
  }
  values.front() = from;
  values.back() = to;
  return values;
}

bool isNumber(const ParameterSpec& spec) {
  return spec.kind() == ParameterKind::Real || spec.kind() == ParameterKind::Integer;
}

bool holdsCommas(const ParameterSpec& spec) {
  switch (spec.kind()) {
    case ParameterKind::Point:
    case ParameterKind::Distribution:
    case ParameterKind::Text:
    case ParameterKind::File:
    case ParameterKind::Box:
    case ParameterKind::Drawing:
      return true;
    default:
      return false;
  }
}

std::vector<Value> rangeOf(const std::string& text, const ParameterSpec& spec, bool& logarithmic) {
  const auto refuse = [&] {
    return RequestError(
        {"sweep.error.not_a_range",
         {{"name", spec.name}, {"value", text}, {"maximum", std::int64_t{kMostGridValues}}}});
  };
  const auto parts = piecesOf(text, ":");
  logarithmic = parts.size() == 4;
  if (parts.size() < 3 || parts.size() > 4 || (logarithmic && parts[3] != "log")) throw refuse();
  const auto from = numberIn(parts[0]), to = numberIn(parts[1]), count = numberIn(parts[2]);
  if (!from || !to || !count || *count < 2 || *count > kMostGridValues ||
      *count != std::floor(*count) || *from == *to)
    throw refuse();
  if (logarithmic && !(*from > 0 && *to > 0))
    throw RequestError({"sweep.error.log_of_negative", {{"name", spec.name}, {"value", text}}});
  std::vector<Value> values;
  for (const double number : range(*from, *to, static_cast<int>(*count), logarithmic))
    if (spec.kind() == ParameterKind::Real)
      values.emplace_back(number);
    else if (std::abs(number) < 9e15)
      values.emplace_back(static_cast<std::int64_t>(std::llround(number)));
    else
      throw refuse();
  return values;
}

std::vector<Value> listOf(const std::string& text, const ParameterSpec& spec) {
  std::vector<Value> values;
  for (const std::string_view part : piecesOf(text, holdsCommas(spec) ? ";" : ","))
    values.push_back(parseValue(spec, part));
  return values;
}

}  // namespace

GridAxis readGrid(const std::string& text, const ExperimentSpec& spec) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw RequestError({"sweep.error.not_a_grid", {{"value", text}}});
  GridAxis axis{text.substr(0, equals), {}, false};
  const Parameters known(spec.parameters);
  const ParameterSpec& parameter = known.spec(axis.parameter);
  if (parameter.kind() == ParameterKind::Points)
    throw RequestError({"sweep.error.no_grid_of_points", {{"name", parameter.name}}});
  const std::string values = text.substr(equals + 1);
  axis.values = isNumber(parameter) && values.find(':') != std::string::npos
                    ? rangeOf(values, parameter, axis.logarithmic)
                    : listOf(values, parameter);
  if (axis.values.size() > kMostGridValues)
    throw RequestError({"sweep.error.too_many_values",
                        {{"name", parameter.name},
                         {"count", static_cast<std::int64_t>(axis.values.size())},
                         {"maximum", std::int64_t{kMostGridValues}}}});
  for (auto value = axis.values.begin(); value != axis.values.end(); ++value) {
    if (auto problem = problemWith(parameter, *value)) throw RequestError(*problem);
    if (std::find(axis.values.begin(), value, *value) != value)
      throw RequestError(
          {"sweep.error.value_twice", {{"name", parameter.name}, {"value", formatValue(*value)}}});
  }
  return axis;
}

bool isNumeric(const GridAxis& axis) {
  return std::holds_alternative<double>(axis.values.front()) ||
         std::holds_alternative<std::int64_t>(axis.values.front());
}

double numberOf(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}

}  // namespace viva
