// SPDX-License-Identifier: GPL-3.0-or-later
// Typed parameters: what an experiment can be told, and the values it was told.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
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

/// In the order of ParameterKind.
using Value =
    std::variant<double, std::int64_t, bool, Choice, Point, Distribution, Text, File, Points>;

enum class ParameterKind { Real, Integer, Toggle, Choice, Point, Distribution, Text, File, Points };

inline ParameterKind kindOf(const Value& value) {
  return static_cast<ParameterKind>(value.index());
}

enum class Scale { Linear, Logarithmic };

/// When a change takes effect: at the next step of the running experiment, or in a new run.
enum class Effect { Live, Restart };

/// The declaration of one parameter. Labels and meanings are words, found by
/// `Words::of(experiment, "parameter", name)`; everything else that a control, the command line or
/// a run file needs is here. Build it with `real`, `integer`, ... below.
struct ParameterSpec {
  std::string name;
  Value default_value;
  double minimum = 0, maximum = 0;  ///< numbers; for Point and Points the range of both coordinates
  double step = 0;                  ///< the smallest sensible change; 0: one hundredth of the range
  Scale scale = Scale::Linear;
  Effect effect = Effect::Restart;
  std::string unit;                  ///< a word key (`unit.nats`), empty for none
  std::vector<std::string> choices;  ///< Choice: the allowed names, in the order of the enum
  std::string group;                 ///< parameters of one group share a box in the panel
  std::string view;  ///< the view on which a Point, Distribution or Points is dragged
  /// Shown only while another parameter has one of these values (`surface` = ravine).
  struct Relevance {
    std::string parameter;
    std::vector<std::string> values;
  };
  std::optional<Relevance> relevance;

  ParameterKind kind() const { return kindOf(default_value); }

  ParameterSpec&& range(double low, double high) &&;
  ParameterSpec&& logarithmic() &&;
  ParameterSpec&& stepping(double size) &&;
  ParameterSpec&& live() &&;
  ParameterSpec&& in(std::string unit_key) &&;
  ParameterSpec&& grouped(std::string group_name) &&;
  ParameterSpec&& draggedOn(std::string view_id) &&;
  ParameterSpec&& onlyWhen(std::string parameter, std::vector<std::string> values) &&;
};

ParameterSpec real(std::string name, double default_value);
ParameterSpec integer(std::string name, std::int64_t default_value);
ParameterSpec toggle(std::string name, bool default_value);
ParameterSpec choice(std::string name, std::vector<std::string> choices, std::string default_name);
ParameterSpec point(std::string name, Point default_value);
ParameterSpec distribution(std::string name, std::vector<double> default_value);
ParameterSpec text(std::string name, std::string default_value);
ParameterSpec file(std::string name);
ParameterSpec points(std::string name);

/// What is wrong with `value` for this parameter (kind, range, finiteness, choice), if anything.
/// The message names the parameter, the value and what is allowed.
std::optional<Message> problemWith(const ParameterSpec& spec, const Value& value);

/// The value written in `text` as on the command line: `1e-3`, `true`, a choice's name, `1.5,-2`,
/// `0.2,0.3,0.5`, a path; Points are `x,y,label;x,y,label`. Throws RequestError.
Value parseValue(const ParameterSpec& spec, std::string_view text);

/// The text that parseValue reads back to the same value, bit for bit.
std::string formatValue(const Value& value);

/// The shortest decimal text that reads back to the same double; `nan`, `inf`, `-inf` spelled so.
std::string formatNumber(double number);

/// A typed handle: `p[kLearningRate]` is a double. For a Choice, T may be an enum whose values are
/// in the order of the declared names.
template <typename T>
struct Parameter {
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
