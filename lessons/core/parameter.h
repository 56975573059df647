// SPDX-License-Identifier: GPL-3.0-or-later
// Typed parameters: what an experiment can be told, and the values it was told.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "lessons/core/message.h"

namespace viva {

/// One of a fixed list of names.
struct Choice {
  std::string name;
  bool operator==(const Choice&) const = default;
};
/// A place on a plane, in the plane's own coordinates; dragged on a plot.
struct Point {
  double x = 0, y = 0;
  bool operator==(const Point&) const = default;
};
/// Probabilities, non-negative, summing to one within 1e-6; dragged as bars.
struct Distribution {
  std::vector<double> weights;
  bool operator==(const Distribution&) const = default;
};
/// Free text, UTF-8.
struct Text {
  std::string text;
  bool operator==(const Text&) const = default;
};
/// A path to the user's own file; empty means none.
struct File {
  std::string path;
  bool operator==(const File&) const = default;
};
/// Points drawn by hand, each with a class label from 0.
struct Points {
  struct Labelled {
    double x = 0, y = 0;
    int label = 0;
    bool operator==(const Labelled&) const = default;
  };
  std::vector<Labelled> points;
  bool operator==(const Points&) const = default;
};

/// An upright box on a plane, x0 <= x1 and y0 <= y1; dragged and resized on a plot.
struct Box {
  double x0 = 0, y0 = 0, x1 = 1, y1 = 1;
  bool operator==(const Box&) const = default;
};
/// A small picture drawn by hand: the strokes of a pen, in the unit square with y downwards. What
/// the net sees of it is `rasterised` (lessons/core/drawing.h).
struct Drawing {
  using Stroke = std::vector<Point>;
  std::vector<Stroke> strokes;
  bool operator==(const Drawing&) const = default;
};

/// In the order of ParameterKind.
using Value = std::variant<double, std::int64_t, bool, Choice, Point, Distribution, Text, File,
                           Points, Box, Drawing>;

enum class ParameterKind {
  Real,
  Integer,
  Toggle,
  Choice,
  Point,
  Distribution,
  Text,
  File,
  Points,
  Box,
  Drawing
};

inline ParameterKind kindOf(const Value& value) {
  return static_cast<ParameterKind>(value.index());
}

enum class Scale { Linear, Logarithmic };

/// When a change takes effect: at the next step of the running experiment, or in a new run.
enum class Effect { Live, Restart };

/// The declaration of one parameter, whatever its kind. Labels and meanings are words, found by
/// `Words::of(experiment, "parameter", name)`; everything else that a control, the command line or
/// a run file needs is here. Made with `real`, `integer`, ... below.
struct ParameterSpec {
  std::string name;
  Value default_value;
  double minimum = 0, maximum = 0;  ///< numbers; for Point, Points and Box, of both coordinates
  double step = 0;                  ///< the smallest sensible change; 0: one hundredth of the range
  Scale scale = Scale::Linear;
  Effect effect = Effect::Restart;
  std::string unit;                  ///< a word key (`unit.nats`), empty for none
  std::vector<std::string> choices;  ///< Choice: the allowed names
  std::string group;                 ///< parameters of one group share a box in the panel
  std::string view;  ///< the view on which a Point, Distribution, Points or Box is dragged
  int side = 28;     ///< Drawing: how many pixels the net sees across and down
  /// Shown only while another parameter has one of these values (`surface` = ravine).
  struct Relevance {
    std::string parameter;
    std::vector<std::string> values;
  };
  std::optional<Relevance> relevance;

  ParameterKind kind() const { return kindOf(default_value); }
};

/// A parameter's handle, which carries its declaration: `p[kLearningRate]` is a double.
///
///     const auto kRate = real("lr", 0.1).range(1e-3, 1).logarithmic().live().grouped("fit");
///
/// For a Choice, T is an enum; each of its values stands beside its name.
template <typename T>
struct Parameter : ParameterSpec {
  std::vector<T> meanings;  ///< of an enum: one a name of `choices`; else empty

  Parameter&& range(double low, double high) && {
    minimum = low;
    maximum = high;
    return std::move(*this);
  }
  Parameter&& logarithmic() && {
    scale = Scale::Logarithmic;
    return std::move(*this);
  }
  Parameter&& stepping(double size) && {
    step = size;
    return std::move(*this);
  }
  Parameter&& live() && {
    effect = Effect::Live;
    return std::move(*this);
  }
  Parameter&& in(std::string unit_key) && {
    unit = std::move(unit_key);
    return std::move(*this);
  }
  Parameter&& grouped(std::string group_name) && {
    group = std::move(group_name);
    return std::move(*this);
  }
  Parameter&& draggedOn(std::string view_id) && {
    view = std::move(view_id);
    return std::move(*this);
  }
  Parameter&& seenAs(int pixels) && {
    side = pixels;
    return std::move(*this);
  }
  Parameter&& onlyWhen(std::string parameter, std::vector<std::string> values) && {
    relevance = Relevance{std::move(parameter), std::move(values)};
    return std::move(*this);
  }
  /// While that choice has one of these values.
  template <typename Enum>
  Parameter&& onlyWhen(const Parameter<Enum>& other, std::initializer_list<Enum> values) && {
    relevance = Relevance{other.name, {}};
    for (const Enum value : values) relevance->values.push_back(other.nameOf(value));
    return std::move(*this);
  }
  /// While that toggle is on.
  Parameter&& onlyWhen(const Parameter<bool>& toggle) && {
    relevance = Relevance{toggle.name, {"true"}};
    return std::move(*this);
  }

  /// Of an enum: the name that `value` has on the command line and in run files.
  const std::string& nameOf(T value) const {
    return choices.at(std::find(meanings.begin(), meanings.end(), value) - meanings.begin());
  }
  T meaningOf(const std::string& choice) const {
    return meanings.at(std::find(choices.begin(), choices.end(), choice) - choices.begin());
  }
};

Parameter<double> real(std::string name, double default_value);
Parameter<std::int64_t> integer(std::string name, std::int64_t default_value);
Parameter<bool> toggle(std::string name, bool default_value);
Parameter<Choice> choice(std::string name, std::vector<std::string> choices,
                         std::string default_name);
Parameter<Point> point(std::string name, Point default_value);
Parameter<Distribution> distribution(std::string name, std::vector<double> default_value);
Parameter<Text> text(std::string name, std::string default_value);
Parameter<File> file(std::string name);
Parameter<Points> points(std::string name, Points default_value = {});
Parameter<Box> box(std::string name, Box default_value);
Parameter<Drawing> drawing(std::string name);

/// `choice<Task>("task", {{Task::Adding, "adding"}, {Task::Copy, "copy"}})`; the first is the
/// default.
template <typename Enum>
requires std::is_enum_v<Enum> Parameter<Enum> choice(
    std::string name, std::vector<std::pair<Enum, std::string>> values) {
  Parameter<Enum> made;
  made.name = std::move(name);
  made.default_value = Choice{values.at(0).second};
  for (auto& [meaning, called] : values) {
    made.meanings.push_back(meaning);
    made.choices.push_back(std::move(called));
  }
  return made;
}
/// The same with another default than the first.
template <typename Enum>
requires std::is_enum_v<Enum> Parameter<Enum> choice(
    std::string name, std::vector<std::pair<Enum, std::string>> values, Enum default_value) {
  Parameter<Enum> made = choice<Enum>(std::move(name), std::move(values));
  made.default_value = Choice{made.nameOf(default_value)};
  return made;
}

/// What is wrong with `value` for this parameter (kind, range, finiteness, choice), if anything.
/// The message names the parameter, the value and what is allowed.
std::optional<Message> problemWith(const ParameterSpec& spec, const Value& value);

/// The value written in `text` as on the command line: `1e-3`, `true`, a choice's name, `1.5,-2`,
/// `0.2,0.3,0.5`, a path; Points are `x,y,label;x,y,label`, a Box `x0,y0,x1,y1`, a Drawing's
/// strokes `x,y x,y;x,y x,y`. Throws RequestError.
Value parseValue(const ParameterSpec& spec, std::string_view text);

/// The text that parseValue reads back to the same value, bit for bit.
std::string formatValue(const Value& value);

/// The shortest decimal text that reads back to the same double; `nan`, `inf`, `-inf` spelled so.
std::string formatNumber(double number);

/// A name with its type, for names that are put together at run time. For a Choice, T may be an
/// enum whose values are in the order of the declared names.
template <typename T>
struct ParameterName {
  std::string_view name;
};

/// The values of all parameters of one experiment. Refers to the specs, which must outlive it.
class Parameters {
 public:
  /// All defaults.
  explicit Parameters(const std::vector<ParameterSpec>& specs);

  const std::vector<ParameterSpec>& specs() const { return *specs_; }
  const Value& value(std::string_view name) const { return values_[indexOf(name)]; }
  const ParameterSpec& spec(std::string_view name) const { return (*specs_)[indexOf(name)]; }

  /// Throws RequestError for an unknown name or a value that is not allowed; then nothing changed.
  void set(std::string_view name, Value value);
  void setFromText(std::string_view name, std::string_view text);

  template <typename T>
  T operator[](const Parameter<T>& handle) const {
    if constexpr (std::is_enum_v<T>)
      return handle.meaningOf(std::get<Choice>(value(handle.name)).name);
    else
      return std::get<T>(value(handle.name));
  }
  template <typename T>
  T operator[](const ParameterName<T>& handle) const {
    if constexpr (std::is_enum_v<T>)
      return static_cast<T>(choiceIndex(handle.name));
    else
      return std::get<T>(value(handle.name));
  }
  /// For names that are put together at run time (`adam.lr`).
  double real(std::string_view name) const { return std::get<double>(value(name)); }
  bool toggle(std::string_view name) const { return std::get<bool>(value(name)); }
  std::int64_t integer(std::string_view name) const { return std::get<std::int64_t>(value(name)); }

  /// Whether the panel should show it now (ParameterSpec::relevance).
  bool isRelevant(const ParameterSpec& spec) const;

  bool operator==(const Parameters& other) const { return values_ == other.values_; }

 private:
  std::size_t indexOf(
      std::string_view name) const;  ///< throws RequestError naming the allowed ones
  std::size_t choiceIndex(std::string_view name) const;

  const std::vector<ParameterSpec>* specs_;
  std::vector<Value> values_;
};

}  // namespace viva
