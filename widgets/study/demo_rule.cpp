// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study/demo_rule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "lessons/core/error.h"

namespace viva {
namespace {

using Json = nlohmann::json;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Points that a measured curve is boiled down to, each the mean of its share of the steps.
constexpr int kCurvePoints = 200;
constexpr double kRightPart = 0.8;

[[noreturn]] void wrong(const QString& what) {
  throw RequestError({"demo.bad_rule", {{"what", what.toStdString()}}});
}

// What is not there, or is of another kind, is null, empty or 0: the rules say what they need.

const Json& partOf(const Json& object, const char* key) {
  static const Json none;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? none : *found;
}

const Json& itemOf(const Json& array, std::size_t place) {
  static const Json none;
  return array.is_array() && place < array.size() ? array[place] : none;
}

std::vector<Json> partsOf(const Json& array) {
  return array.is_array() ? array.get<std::vector<Json>>() : std::vector<Json>();
}

std::string stringIn(const Json& text) {
  return text.is_string() ? text.get<std::string>() : std::string();
}

QString textIn(const Json& text) { return QString::fromStdString(stringIn(text)); }

double numberIn(const Json& number) { return number.is_number() ? number.get<double>() : 0; }

const std::map<QString, Quantity::Kind>& kinds() {
  using Kind = Quantity::Kind;
  static const std::map<QString, Kind> table{
      {"first", Kind::First},
      {"last", Kind::Last},
      {"min", Kind::Min},
      {"max", Kind::Max},
      {"mean", Kind::Mean},
      {"last_tenth", Kind::LastTenth},
      {"first_below", Kind::FirstBelow},
      {"first_above", Kind::FirstAbove},
      {"first_not_finite", Kind::FirstNotFinite},
      {"ratio", Kind::Ratio},
      {"difference", Kind::Difference},
  };
  return table;
}

Quantity quantityIn(const Json& object) {
  if (!object.is_object() || object.size() != 1) wrong("a quantity has one name");
  const QString name = QString::fromStdString(object.begin().key());
  const auto found = kinds().find(name);
  if (found == kinds().end()) wrong(name);
  Quantity quantity{found->second, {}, 0, {}};
  const Json& value = object.begin().value();
  const bool is_pair = value.is_array() && value.size() == 2;
  switch (quantity.kind) {
    case Quantity::Kind::Ratio:
    case Quantity::Kind::Difference:
      if (!is_pair) wrong(name);
      quantity.parts = {quantityIn(value[0]), quantityIn(value[1])};
      return quantity;
    case Quantity::Kind::FirstBelow:
    case Quantity::Kind::FirstAbove:
      if (!is_pair || !value[0].is_string() || !value[1].is_number()) wrong(name);
      quantity.record = stringIn(value[0]);
      quantity.threshold = numberIn(value[1]);
      return quantity;
    default:
      if (!value.is_string()) wrong(name);
      quantity.record = stringIn(value);
      return quantity;
  }
}

void readTolerance(DemoRule& rule, const Json& object) {
  const Json& within = partOf(object, "within");
  rule.absolute = numberIn(partOf(within, "absolute"));
  rule.factor = numberIn(partOf(within, "factor"));
  if ((rule.absolute > 0) == (rule.factor > 1)) wrong("within");
}

void readExpected(DemoRule& rule, const Json& object) {
  if (!object.is_object() || !object.contains("expect")) return;
  const Json& json = partOf(object, "expect");
  if (rule.kind == DemoRule::Kind::Choice) {
    if (!std::count(rule.options.begin(), rule.options.end(), textIn(json))) wrong("expect");
    rule.expect = {textIn(json), 0, 0};
    return;
  }
  const Json &low = itemOf(json, 0), &high = itemOf(json, 1);
  if (json.size() != 2 || !low.is_number() || !high.is_number() || numberIn(low) > numberIn(high))
    wrong("expect");
  rule.expect = {{}, numberIn(low), numberIn(high)};
}

DemoRule questionIn(const Json& object) {
  DemoRule rule;
  const QString predict = textIn(partOf(object, "predict"));
  if (predict == "number") {
    rule.kind = DemoRule::Kind::Number;
    rule.quantity = quantityIn(partOf(object, "quantity"));
    readTolerance(rule, object);
    return rule;
  }
  if (predict == "curve") {
    rule.kind = DemoRule::Kind::Curve;
    rule.record = stringIn(partOf(object, "record"));
    rule.logarithmic = stringIn(partOf(object, "scale")) == "log";
    rule.low = numberIn(itemOf(partOf(object, "range"), 0));
    rule.high = numberIn(itemOf(partOf(object, "range"), 1));
    if (!(rule.low < rule.high) || (rule.logarithmic && !(rule.low > 0))) wrong("range");
    readTolerance(rule, object);
    return rule;
  }
  if (predict != "choice") wrong("predict");
  for (const auto& [name, pick] :
       {std::pair{"smallest", DemoRule::Pick::Smallest}, {"largest", DemoRule::Pick::Largest}}) {
    if (!object.contains(name)) continue;
    rule.pick = pick;
    for (const Json& candidate : partsOf(partOf(object, name))) {
      const QString option = textIn(itemOf(candidate, 0));
      rule.candidates.emplace_back(option, quantityIn(itemOf(candidate, 1)));
      rule.options.push_back(option);
    }
    if (rule.options.size() < 2) wrong(name);
    return rule;
  }
  rule.pick = DemoRule::Pick::Bands;
  rule.quantity = quantityIn(partOf(object, "bands"));
  for (const Json& option : partsOf(partOf(object, "options")))
    rule.options.push_back(textIn(option));
  for (const Json& bound : partsOf(partOf(object, "bounds")))
    rule.bounds.push_back(numberIn(bound));
  rule.never = textIn(partOf(object, "never"));
  if (rule.options.size() != rule.bounds.size() + 1) wrong("bounds");
  if (!rule.never.isEmpty() && !std::count(rule.options.begin(), rule.options.end(), rule.never))
    rule.options.push_back(rule.never);
  return rule;
}

DemoRule ruleIn(const Json& object) {
  DemoRule rule = questionIn(object);
  readExpected(rule, object);
  return rule;
}

/// Calls `take(row, value)` for each value that the record has from `first_row` on.
template <typename Take>
void forEachValue(const Records& records, std::size_t column, std::int64_t first_row, Take take) {
  for (std::int64_t row = first_row; row < records.rows(); ++row) {
    const double value = records.at(row, column);
    if (!isAbsent(value) && !take(row, value)) return;
  }
}

std::optional<double> meanFrom(const Records& records, std::size_t column, std::int64_t first_row) {
  double sum = 0;
  std::int64_t count = 0;
  forEachValue(records, column, first_row, [&](std::int64_t, double value) {
    if (std::isfinite(value)) {
      sum += value;
      ++count;
    }
    return true;
  });
  if (count == 0) return {};
  return sum / static_cast<double>(count);
}

template <typename Holds>
std::optional<double> firstStep(const Records& records, std::size_t column, Holds holds) {
  std::optional<double> step;
  forEachValue(records, column, 0, [&](std::int64_t row, double value) {
    if (holds(value)) step = static_cast<double>(row);
    return !step;
  });
  return step;
}

SketchedCurve measuredCurve(const Records& records, std::size_t column) {
  SketchedCurve curve;
  const std::int64_t rows = records.rows();
  for (int i = 0; i < kCurvePoints; ++i) {
    const std::int64_t from = rows * i / kCurvePoints, to = rows * (i + 1) / kCurvePoints;
    double sum = 0;
    int count = 0;
    for (std::int64_t row = from; row < to; ++row)
      if (const double value = records.at(row, column); std::isfinite(value)) {
        sum += value;
        ++count;
      }
    if (count > 0)
      curve.emplace_back((static_cast<double>(from + to) / 2) / static_cast<double>(rows),
                         sum / count);
  }
  return curve;
}

std::optional<double> heightAt(const SketchedCurve& curve, double x) {
  const auto after =
      std::lower_bound(curve.begin(), curve.end(), x,
                       [](const QPointF& point, double value) { return point.x() < value; });
  if (after == curve.end()) return {};
  if (after == curve.begin()) {
    if (after->x() > x) return {};
    return after->y();
  }
  const QPointF left = *(after - 1), right = *after;
  const double part = (x - left.x()) / (right.x() - left.x());
  return left.y() + part * (right.y() - left.y());
}

bool isNear(const DemoRule& rule, double a, double b) {
  if (rule.factor == 0) return std::abs(a - b) <= rule.absolute;
  if (a == b) return true;
  const double ratio = a / b;
  return ratio > 0 && std::max(ratio, 1 / ratio) <= rule.factor;
}

}  // namespace

std::map<QString, DemoRule> demoRulesIn(const QByteArray& json) {
  Json document;
  try {
    document = Json::parse(json.begin(), json.end());
  } catch (const Json::exception& error) {
    wrong(QString::fromUtf8(error.what()));
  }
  if (!document.is_object()) wrong("no rules");
  std::map<QString, DemoRule> rules;
  for (const auto& [preset, rule] : document.items())
    rules[QString::fromStdString(preset)] = ruleIn(rule);
  return rules;
}

const DemoRule* demoOf(const std::map<QString, DemoRule>& rules, const QString& experiment,
                       const QString& preset) {
  for (const QString& name : {experiment + '/' + preset, preset})
    if (const auto found = rules.find(name); found != rules.end()) return &found->second;
  return nullptr;
}

std::optional<double> valueOf(const Quantity& quantity, const Records& records) {
  using Kind = Quantity::Kind;
  if (quantity.kind == Kind::Ratio || quantity.kind == Kind::Difference) {
    const auto first = valueOf(quantity.parts[0], records);
    const auto second = valueOf(quantity.parts[1], records);
    if (!first || !second) return {};
    return quantity.kind == Kind::Ratio ? *first / *second : *first - *second;
  }
  const int found = records.find(quantity.record);
  if (found < 0) return {};
  const auto column = static_cast<std::size_t>(found);
  std::optional<double> value;
  switch (quantity.kind) {
    case Kind::First:
      forEachValue(records, column, 0, [&](std::int64_t, double first) {
        value = first;
        return false;
      });
      return value;
    case Kind::Last: {
      const double last = records.rows() > 0 ? records.last(column, records.rows() - 1) : NAN;
      if (records.rows() > 0 && !isAbsent(last)) value = last;
      return value;
    }
    case Kind::Min:
    case Kind::Max:
      forEachValue(records, column, 0, [&](std::int64_t, double now) {
        if (std::isfinite(now) &&
            (!value || (quantity.kind == Kind::Min ? now < *value : now > *value)))
          value = now;
        return true;
      });
      return value;
    case Kind::Mean:
      return meanFrom(records, column, 0);
    case Kind::LastTenth:
      return meanFrom(records, column,
                      records.rows() - std::max<std::int64_t>(1, records.rows() / 10));
    case Kind::FirstBelow:
      return firstStep(records, column, [&](double now) { return now < quantity.threshold; });
    case Kind::FirstAbove:
      return firstStep(records, column, [&](double now) { return now > quantity.threshold; });
    case Kind::FirstNotFinite:
      return firstStep(records, column, [](double now) { return !std::isfinite(now); });
    case Kind::Ratio:
    case Kind::Difference:
      break;
  }
  return {};
}

std::optional<Expectation> outcomeOf(const DemoRule& rule, const Records& records) {
  switch (rule.kind) {
    case DemoRule::Kind::Number: {
      const auto value = valueOf(rule.quantity, records);
      if (!value) return {};
      return *value;
    }
    case DemoRule::Kind::Curve: {
      const int column = records.find(rule.record);
      if (column < 0) return {};
      SketchedCurve curve = measuredCurve(records, static_cast<std::size_t>(column));
      if (curve.empty()) return {};
      return curve;
    }
    case DemoRule::Kind::Choice:
      break;
  }
  if (rule.pick == DemoRule::Pick::Bands) {
    const auto value = valueOf(rule.quantity, records);
    if (!value || std::isnan(*value)) {
      if (rule.never.isEmpty()) return {};
      return rule.never;
    }
    const auto above = std::upper_bound(rule.bounds.begin(), rule.bounds.end(), *value);
    return rule.options[static_cast<std::size_t>(above - rule.bounds.begin())];
  }
  const auto size_of = [&](const Quantity& quantity) {
    const auto value = valueOf(quantity, records);
    return value && std::isfinite(*value) ? *value : kInfinity;
  };
  QString best;
  double best_size = 0;
  for (const auto& [option, quantity] : rule.candidates) {
    const double size = size_of(quantity);
    const bool better = rule.pick == DemoRule::Pick::Smallest ? size < best_size : size > best_size;
    if (best.isEmpty() || better) {
      best = option;
      best_size = size;
    }
  }
  return best;
}

bool isExpected(const DemoRule& rule, const Expectation& outcome) {
  if (!rule.expect) return true;
  if (const auto* option = std::get_if<QString>(&outcome)) return *option == rule.expect->option;
  const auto* number = std::get_if<double>(&outcome);
  const double value = number ? *number : std::get<SketchedCurve>(outcome).back().y();
  return rule.expect->low <= value && value <= rule.expect->high;
}

bool isRight(const DemoRule& rule, const Expectation& expected, const Expectation& outcome) {
  if (expected.index() != outcome.index()) return false;
  if (const auto* option = std::get_if<QString>(&expected))
    return *option == std::get<QString>(outcome);
  if (const auto* number = std::get_if<double>(&expected))
    return isNear(rule, *number, std::get<double>(outcome));
  const auto& sketch = std::get<SketchedCurve>(expected);
  int compared = 0, near = 0;
  for (const QPointF& measured : std::get<SketchedCurve>(outcome)) {
    ++compared;
    if (const auto height = heightAt(sketch, measured.x()))
      near += isNear(rule, *height, measured.y());
  }
  return compared > 0 && near >= kRightPart * compared;
}

QString toText(const Expectation& expectation) {
  if (const auto* option = std::get_if<QString>(&expectation)) return *option;
  if (const auto* number = std::get_if<double>(&expectation))
    return QString::number(*number, 'g', 17);
  Json points = Json::array();
  for (const QPointF& point : std::get<SketchedCurve>(expectation))
    points.push_back(Json::array({point.x(), point.y()}));
  return QString::fromStdString(points.dump());
}

}  // namespace viva
