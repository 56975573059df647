// SPDX-License-Identifier: GPL-3.0-or-later
// How the outcome of a guided demo follows from the records of its run. Nothing is known before.
#pragma once

#include <QPointF>
#include <QString>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lessons/core/records.h"

namespace viva {

/// One number out of the records.
struct Quantity {
  enum class Kind {
    First,
    Last,
    Min,
    Max,
    Mean,
    LastTenth,       ///< mean over the last tenth of the steps
    FirstBelow,      ///< the first step below `threshold`
    FirstAbove,      ///< the first step above `threshold`
    FirstNotFinite,  ///< the first step with a value that is not finite
    Ratio,           ///< of the two `parts`
    Difference       ///< of the two `parts`
  };
  Kind kind = Kind::Last;
  std::string record;
  double threshold = 0;
  std::vector<Quantity> parts;
};

/// Empty where the records have no such value: it never fell below, or there is no such record.
/// Min, Max and the means are taken over finite values; First and Last may be infinite or NaN.
std::optional<double> valueOf(const Quantity& quantity, const Records& records);

struct DemoRule {
  enum class Kind { Choice, Number, Curve };
  enum class Pick { Smallest, Largest, Bands };
  Kind kind = Kind::Choice;

  Pick pick = Pick::Smallest;
  /// Smallest, Largest: options with what is compared. What has no finite value is the largest.
  std::vector<std::pair<QString, Quantity>> candidates;
  /// Bands: options[i] lies below bounds[i] and not below bounds[i - 1].
  Quantity quantity;
  std::vector<QString> options;
  std::vector<double> bounds;
  QString never;  ///< the option that is true where `quantity` has no value; empty: none

  std::string record;        ///< Curve
  bool logarithmic = false;  ///< Curve
  double low = 0, high = 1;  ///< Curve: what the sketch can reach
  double absolute = 0;       ///< Number, Curve: right within this distance ...
  double factor = 0;         ///< ... or within this factor; the other one is 0

  /// What comes out whatever the seed, as the texts of the demo may say.
  struct Expected {
    QString option;            ///< Choice
    double low = 0, high = 0;  ///< Number; Curve: of its last value
  };
  std::optional<Expected> expect;
};

/// A sketch or a measured curve: x from 0 to 1 over the run, y as recorded.
using SketchedCurve = std::vector<QPointF>;
/// The key of an option, a number, or a curve.
using Expectation = std::variant<QString, double, SketchedCurve>;

/// The rules of resources/lessons/<lesson>/demos.json, by preset: `PRESET`, or `EXPERIMENT/PRESET`
/// where two experiments of the lesson have one of that name. Throws RequestError naming what
/// is wrong with the text.
std::map<QString, DemoRule> demoRulesIn(const QByteArray& json);
std::map<QString, DemoRule> demoRules(const QString& lesson);

/// The rule of a preset; null: it has none.
const DemoRule* demoOf(const std::map<QString, DemoRule>& rules, const QString& experiment,
                       const QString& preset);

/// What happened, in the form of what was asked; empty where the records do not say.
std::optional<Expectation> outcomeOf(const DemoRule& rule, const Records& records);

/// Whether the outcome is what the rule expects; true where it expects nothing.
bool isExpected(const DemoRule& rule, const Expectation& outcome);

/// A choice: the same option. A number: within the tolerance. A curve: at least 80 % of its span
/// within the tolerance of what was measured.
bool isRight(const DemoRule& rule, const Expectation& expected, const Expectation& outcome);

/// An option's key, a number that reads back exactly, or a curve as JSON.
QString toText(const Expectation& expectation);

}  // namespace viva
