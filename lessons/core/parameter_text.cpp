// SPDX-License-Identifier: GPL-3.0-or-later
// Values as text: what `--set` writes.
#include <charconv>
#include <cmath>
#include <system_error>

#include "lessons/core/error.h"
#include "lessons/core/parameter.h"
#include "lessons/core/pieces.h"

namespace viva {
namespace {

[[noreturn]] void refuse(const ParameterSpec& spec, std::string_view text, const char* expected) {
  throw RequestError(
      {"error.unreadable_value",
       {{"name", spec.name}, {"value", std::string(text)}, {"expected", Word{expected}}}});
}

template <typename Number>
bool readNumber(std::string_view text, Number& number) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

/// The numbers of `1.5,-2`; false when one of them is not a number.
bool readNumbers(std::string_view text, std::vector<double>& numbers) {
  for (const std::string_view piece : piecesOf(text, ",")) {
    double number = 0;
    if (!readNumber(piece, number)) return false;
    numbers.push_back(number);
  }
  return true;
}

Value parsePoints(const ParameterSpec& spec, std::string_view text) {
  Points points;
  if (text.empty()) return points;
  for (const std::string_view piece : piecesOf(text, ";")) {
    std::vector<double> numbers;
    if (!readNumbers(piece, numbers) || numbers.size() < 2 || numbers.size() > 3)
      refuse(spec, piece, "expected.points");
    const double label = numbers.size() == 3 ? numbers[2] : 0;
    if (label != std::floor(label) || label < 0 || label > 1000)
      refuse(spec, piece, "expected.points");
    points.points.push_back({numbers[0], numbers[1], static_cast<int>(label)});
  }
  return points;
}

Value parseDrawing(const ParameterSpec& spec, std::string_view text) {
  Drawing drawing;
  if (text.empty()) return drawing;
  for (const std::string_view piece : piecesOf(text, ";")) {
    Drawing::Stroke& stroke = drawing.strokes.emplace_back();
    for (const std::string_view place : piecesOf(piece, " ")) {
      std::vector<double> numbers;
      if (!readNumbers(place, numbers) || numbers.size() != 2)
        refuse(spec, piece, "expected.drawing");
      stroke.push_back({numbers[0], numbers[1]});
    }
  }
  return drawing;
}

}  // namespace

Value parseValue(const ParameterSpec& spec, std::string_view text) {
  switch (spec.kind()) {
    case ParameterKind::Real: {
      double number = 0;
      if (!readNumber(text, number)) refuse(spec, text, "expected.number");
      return number;
    }
    case ParameterKind::Integer: {
      std::int64_t number = 0;
      if (readNumber(text, number)) return number;
      double real = 0;  // 1e3 is an integer too
      if (!readNumber(text, real) || real != std::floor(real) || std::abs(real) > 9e15)
        refuse(spec, text, "expected.integer");
      return static_cast<std::int64_t>(real);
    }
    case ParameterKind::Toggle:
      if (text == "true") return true;
      if (text == "false") return false;
      refuse(spec, text, "expected.toggle");
    case ParameterKind::Choice:
      return Choice{std::string(text)};
    case ParameterKind::Point: {
      std::vector<double> numbers;
      if (!readNumbers(text, numbers) || numbers.size() != 2) refuse(spec, text, "expected.point");
      return Point{numbers[0], numbers[1]};
    }
    case ParameterKind::Distribution: {
      std::vector<double> numbers;
      if (!readNumbers(text, numbers)) refuse(spec, text, "expected.distribution");
      return Distribution{std::move(numbers)};
    }
    case ParameterKind::Text:
      return Text{std::string(text)};
    case ParameterKind::File:
      return File{std::string(text)};
    case ParameterKind::Points:
      return parsePoints(spec, text);
    case ParameterKind::Box: {
      std::vector<double> numbers;
      if (!readNumbers(text, numbers) || numbers.size() != 4) refuse(spec, text, "expected.box");
      return Box{numbers[0], numbers[1], numbers[2], numbers[3]};
    }
    case ParameterKind::Drawing:
      return parseDrawing(spec, text);
  }
  refuse(spec, text, "expected.number");
}

std::string formatNumber(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
  return {buffer, end};
}

std::string formatValue(const Value& value) {
  struct Format {
    std::string operator()(double number) const { return formatNumber(number); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool on) const { return on ? "true" : "false"; }
    std::string operator()(const Choice& choice) const { return choice.name; }
    std::string operator()(const Point& p) const {
      return formatNumber(p.x) + "," + formatNumber(p.y);
    }
    std::string operator()(const Distribution& d) const {
      std::string text;
      for (const double weight : d.weights)
        text += (text.empty() ? "" : ",") + formatNumber(weight);
      return text;
    }
    std::string operator()(const Text& t) const { return t.text; }
    std::string operator()(const File& f) const { return f.path; }
    std::string operator()(const Points& points) const {
      std::string text;
      for (const Points::Labelled& p : points.points)
        text += (text.empty() ? "" : ";") + formatNumber(p.x) + "," + formatNumber(p.y) + "," +
                std::to_string(p.label);
      return text;
    }
    std::string operator()(const Box& box) const {
      return formatNumber(box.x0) + "," + formatNumber(box.y0) + "," + formatNumber(box.x1) + "," +
             formatNumber(box.y1);
    }
    std::string operator()(const Drawing& drawing) const {
      std::string text;
      for (const Drawing::Stroke& stroke : drawing.strokes) {
        if (&stroke != &drawing.strokes.front()) text += ";";
        for (const Point& p : stroke) {
          if (&p != &stroke.front()) text += " ";
          text += formatNumber(p.x) + "," + formatNumber(p.y);
        }
      }
      return text;
    }
  };
  return std::visit(Format{}, value);
}

}  // namespace viva
