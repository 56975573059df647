// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/describe.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/commands/console.h"
#include "app/commands/experiment_name.h"
#include "app/commands/sentence.h"
#include "app/export/labels.h"
#include "app/export/summary.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kWidth = 100;

const char* nameOf(ParameterKind kind) {
  static constexpr const char* kNames[] = {"real",   "integer",      "toggle", "choice",
                                           "point",  "distribution", "text",   "file",
                                           "points", "box",          "drawing"};
  return kNames[static_cast<std::size_t>(kind)];
}

const char* nameOf(Effect effect) { return effect == Effect::Live ? "live" : "restart"; }
const char* nameOf(Scale scale) { return scale == Scale::Linear ? "linear" : "logarithmic"; }

bool hasRange(const ParameterSpec& spec) {
  switch (spec.kind()) {
    case ParameterKind::Real:
    case ParameterKind::Integer:
    case ParameterKind::Point:
    case ParameterKind::Points:
    case ParameterKind::Box:
      return true;
    default:
      return false;
  }
}

/// A bound that was never set is the largest double.
std::optional<double> bound(const ParameterSpec& spec, double value) {
  if (!hasRange(spec) || std::abs(value) == std::numeric_limits<double>::max()) return {};
  return value;
}

// --- JSON ------------------------------------------------------------------------------------

Json jsonOf(const ParameterSpec& spec, const ExperimentSpec& experiment, const Words& words) {
  Json json;
  json["name"] = spec.name;
  json["label"] = words.of(experiment.id, "parameter", spec.name);
  json["meaning"] = words.has(experiment.id, "parameter_meaning", spec.name)
                        ? Json(words.of(experiment.id, "parameter_meaning", spec.name))
                        : Json(nullptr);
  json["kind"] = nameOf(spec.kind());
  json["default"] = jsonOf(spec.default_value);
  const auto optional = [](const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  json["minimum"] = optional(bound(spec, spec.minimum));
  json["maximum"] = optional(bound(spec, spec.maximum));
  json["step"] = spec.step > 0 ? Json(spec.step) : Json(nullptr);
  json["scale"] = hasRange(spec) ? Json(nameOf(spec.scale)) : Json(nullptr);
  json["unit"] = spec.unit.empty() ? Json(nullptr) : Json(words(spec.unit));
  json["effect"] = nameOf(spec.effect);
  json["choices"] = spec.choices;
  json["group"] = spec.group.empty() ? Json(nullptr) : Json(spec.group);
  json["view"] = spec.view.empty() ? Json(nullptr) : Json(spec.view);
  json["relevant_when"] = nullptr;
  if (spec.relevance)
    json["relevant_when"] = {{"parameter", spec.relevance->parameter},
                             {"values", spec.relevance->values}};
  return json;
}

Json jsonOf(const Preset& preset, const ExperimentSpec& experiment, const Words& words) {
  Json settings = Json::object();
  for (const auto& [name, text] : preset.settings) settings[name] = text;
  Json json;
  json["name"] = preset.name;
  json["title"] = words.of(experiment.id, "preset", preset.name);
  json["claim"] = words.of(experiment.id, "preset_claim", preset.name);
  json["settings"] = std::move(settings);
  json["steps"] = preset.steps > 0 ? preset.steps : experiment.default_steps;
  return json;
}

Json jsonOf(const ViewSpec& view, const ExperimentSpec& experiment, const Words& words) {
  const auto axis = [&](const AxisSpec& spec) {
    return Json{{"label", words(spec.label)},
                {"unit", words(spec.unit)},
                {"logarithmic", spec.logarithmic}};
  };
  Json json;
  json["id"] = view.id;
  json["title"] = words.of(experiment.id, "view", view.id);
  json["kind"] = nameOf(view.kind);
  if (hasAxes(view.kind)) json["axes"] = {{"x", axis(view.x)}, {"y", axis(view.y)}};
  json["records"] = view.records;
  json["drags"] = view.drags;
  if (view.picks) json["picks"] = {{"row", view.picks->row}, {"column", view.picks->column}};
  return json;
}

}  // namespace

Json descriptionJson(const ExperimentSpec& spec, const Lesson& lesson, const Words& words) {
  const Parameters defaults(spec.parameters);
  Json json;
  json["version"] = 1;
  json["experiment"] = spec.id;
  json["experiment_version"] = spec.version;
  json["title"] = experimentTitle(words, spec.id);
  json["lesson"] = lesson.id;
  json["steps"] = spec.default_steps;
  json["stops_on_divergence"] = spec.stops_on_divergence;
  json["uses_randomness"] = spec.uses_randomness && spec.uses_randomness(defaults);
  json["parameters"] = Json::array();
  for (const ParameterSpec& parameter : spec.parameters)
    json["parameters"].push_back(jsonOf(parameter, spec, words));
  json["records"] = Json::array();
  for (const RecordSpec& record : spec.records(defaults))
    json["records"].push_back(
        Json{{"name", record.name},
             {"label", recordLabel(words, spec.id, record.name)},
             {"unit", record.unit.empty() ? Json(nullptr) : Json(words(record.unit))},
             {"may_be_infinite", record.may_be_infinite}});
  json["views"] = Json::array();
  for (const ViewSpec& view : spec.views) json["views"].push_back(jsonOf(view, spec, words));
  json["checks"] = Json::array();
  for (const std::string& check : spec.checks)
    json["checks"].push_back(Json{{"id", check}, {"title", words.of(spec.id, "check", check)}});
  json["presets"] = Json::array();
  for (const Preset& preset : spec.presets) json["presets"].push_back(jsonOf(preset, spec, words));
  return json;
}

namespace {

// --- Text ------------------------------------------------------------------------------------

using Row = std::vector<std::string>;

/// Aligned columns; the last one is wrapped.
std::string tableText(const std::string& heading, const std::vector<Row>& rows) {
  if (rows.empty()) return {};
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], displayWidth(row[i]));
  std::string text = "\n" + heading + "\n";
  for (const Row& row : rows) {
    std::string line = "  ";
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      if (widths[i] > 0) line += padded(row[i], widths[i]) + "  ";
    const std::size_t indent = displayWidth(line);
    for (const std::string& piece :
         wrapped(row.back(), kWidth > indent + 30 ? kWidth - indent : 30)) {
      line += piece;
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
      line = std::string(indent, ' ');
    }
  }
  return text;
}

std::string allowedText(const ParameterSpec& spec) {
  if (!spec.choices.empty()) return joined(spec.choices, " | ");
  const auto low = bound(spec, spec.minimum), high = bound(spec, spec.maximum);
  if (!low && !high) return {};
  const auto text = [&](const std::optional<double>& value) -> std::string {
    if (!value) return {};
    if (spec.kind() != ParameterKind::Integer) return formatNumber(*value);
    return std::to_string(static_cast<std::int64_t>(*value));
  };
  return text(low) + " … " + text(high);
}

/// A column as wide as a text or a hundred points leaves no room for the others; --json has it all.
std::string shortened(std::string value) {
  constexpr std::size_t kLongest = 32;
  if (value.size() <= kLongest) return value;
  std::size_t end = kLongest;
  while (end > 0 && (value[end] & 0xC0) == 0x80) --end;  // not within a letter
  return value.substr(0, end) + "…";
}

std::string asText(const ExperimentSpec& spec, const Lesson& lesson, const Words& words) {
  const Parameters defaults(spec.parameters);
  std::string text = spec.id + " · " + experimentTitle(words, spec.id) + "\n";
  text += words(Message{"command.describe.facts",
                        {{"lesson", Word{"lesson." + lesson.id}}, {"steps", spec.default_steps}}}) +
          "\n";
  std::vector<Row> rows;
  for (const ParameterSpec& parameter : spec.parameters) {
    const std::string unit = parameter.unit.empty() ? "" : " " + words(parameter.unit);
    std::string last = allowedText(parameter);
    if (!last.empty()) last += unit + "  · ";
    rows.push_back(
        {parameter.name, words(std::string("command.kind.") + nameOf(parameter.kind())),
         words(std::string("command.effect.") + nameOf(parameter.effect)),
         "= " + shortened(formatValue(parameter.default_value)) + (last.empty() ? unit : ""),
         last + words.of(spec.id, "parameter", parameter.name)});
  }
  text += tableText(words("command.describe.parameters"), rows);
  rows.clear();
  for (const RecordSpec& record : spec.records(defaults))
    rows.push_back({record.name, recordLabel(words, spec.id, record.name) +
                                     (record.unit.empty() ? "" : " [" + words(record.unit) + "]")});
  text += tableText(words("command.describe.records"), rows);
  rows.clear();
  for (const ViewSpec& view : spec.views)
    rows.push_back({view.id, words("command.view_kind." + std::string(nameOf(view.kind))),
                    words.of(spec.id, "view", view.id)});
  text += tableText(words("command.describe.views"), rows);
  rows.clear();
  for (const Preset& preset : spec.presets) {
    std::string settings;
    for (const auto& [name, value] : preset.settings)
      settings += std::string(settings.empty() ? ": " : " ") + name + "=" + value;
    rows.push_back({preset.name, words.of(spec.id, "preset", preset.name) + ": " +
                                     words.of(spec.id, "preset_claim", preset.name)});
    rows.push_back(
        {"", words(Message{"command.describe.preset_steps",
                           {{"steps", preset.steps > 0 ? preset.steps : spec.default_steps},
                            {"settings", settings}}})});
  }
  text += tableText(words("command.describe.presets"), rows);
  return text;
}

}  // namespace

int describeCommand(const DescribeRequest& request, const Catalog& catalog, const Words& words) {
  const ExperimentSpec& spec = experimentNamed(request.experiment, catalog);
  const Lesson& lesson = catalog.lessonOf(spec);
  print(request.json ? descriptionJson(spec, lesson, words).dump(2) + "\n"
                     : asText(spec, lesson, words));
  return kDone;
}

}  // namespace viva
