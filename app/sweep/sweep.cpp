// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep/sweep.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "lessons/core/error.h"

namespace viva {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSweepVersion = 1;

[[noreturn]] void damaged(const std::string& detail) {
  throw FileError({"sweep.error.damaged", {{"detail", detail}}});
}

GridAxis axisFrom(const Json& json, const ExperimentSpec& spec) {
  GridAxis axis;
  axis.parameter = json.at("parameter").get<std::string>();
  axis.logarithmic = json.at("logarithmic").get<bool>();
  const Parameters known(spec.parameters);
  const ParameterSpec& parameter = known.spec(axis.parameter);
  for (const Json& text : json.at("values"))
    axis.values.push_back(parseValue(parameter, text.get<std::string>()));
  if (axis.values.empty()) damaged("values");
  return axis;
}

}  // namespace

std::size_t Sweep::cells() const {
  std::size_t count = 1;
  for (const GridAxis& axis : axes) count *= axis.values.size();
  return count;
}

std::vector<std::size_t> Sweep::indicesOf(std::size_t cell) const {
  std::vector<std::size_t> indices(axes.size());
  for (std::size_t i = axes.size(); i-- > 0;) {
    indices[i] = cell % axes[i].values.size();
    cell /= axes[i].values.size();
  }
  return indices;
}

const Value& Sweep::valueOf(std::size_t cell, std::size_t axis) const {
  return axes[axis].values[indicesOf(cell)[axis]];
}

RunSettings Sweep::settingsOf(std::size_t point) const {
  RunSettings settings = viva::settingsOf(base, *spec);
  for (std::size_t axis = 0; axis < axes.size(); ++axis)
    settings.parameters.set(axes[axis].parameter, valueOf(cellOf(point), axis));
  settings.seed = seedOf(point);
  return settings;
}

void requireValid(const Sweep& sweep) {
  double points = sweep.repeat;
  for (auto axis = sweep.axes.begin(); axis != sweep.axes.end(); ++axis) {
    points *= static_cast<double>(axis->values.size());
    for (auto earlier = sweep.axes.begin(); earlier != axis; ++earlier)
      if (earlier->parameter == axis->parameter)
        throw RequestError({"sweep.error.axis_twice", {{"name", axis->parameter}}});
  }
  if (points > static_cast<double>(kMostSweepPoints))
    throw RequestError({"sweep.error.too_many_points",
                        {{"count", points}, {"maximum", std::int64_t{kMostSweepPoints}}}});
  if (sweep.base.seed > std::numeric_limits<std::uint64_t>::max() - (sweep.repeat - 1))
    throw RequestError({"sweep.error.seeds_end", {}});
  for (std::size_t cell = 0; cell < sweep.cells(); ++cell)
    viva::requireValid(*sweep.spec,
                       sweep.settingsOf(cell * static_cast<std::size_t>(sweep.repeat)).parameters);
}

bool haveTheSamePoints(const Sweep& one, const Sweep& other) {
  const RunFile &a = one.base, &b = other.base;
  return a.experiment == b.experiment && a.experiment_version == b.experiment_version &&
         viva::settingsOf(a, *one.spec).parameters == viva::settingsOf(b, *other.spec).parameters &&
         a.preset == b.preset && a.seed == b.seed && a.device == b.device &&
         a.threads == b.threads && a.events == b.events && a.steps == b.steps &&
         one.axes == other.axes && one.repeat == other.repeat;
}

std::string toJson(const Sweep& sweep) {
  Json json;
  json["viva_sweep"] = kSweepVersion;
  json["run"] = Json::parse(toJson(sweep.base));
  Json axes = Json::array();
  for (const GridAxis& axis : sweep.axes) {
    Json values = Json::array();
    for (const Value& value : axis.values) values.push_back(formatValue(value));
    axes.push_back({{"parameter", axis.parameter},
                    {"logarithmic", axis.logarithmic},
                    {"values", std::move(values)}});
  }
  json["axes"] = std::move(axes);
  json["repeat"] = sweep.repeat;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Sweep sweepFromJson(std::string_view text, const Catalog& catalog) {
  try {
    const Json json = Json::parse(text);
    if (!json.is_object() || !json.contains("viva_sweep")) damaged("viva_sweep");
    const auto version = json["viva_sweep"].get<std::int64_t>();
    if (version > kSweepVersion) throw FileError({"error.run_file_newer", {{"version", version}}});
    Sweep sweep;
    sweep.base = runFileFromJson(json.at("run").dump(), catalog);
    sweep.spec = &catalog.experiment(sweep.base.experiment);
    for (const Json& axis : json.at("axes")) sweep.axes.push_back(axisFrom(axis, *sweep.spec));
    sweep.repeat = json.at("repeat").get<int>();
    if (sweep.axes.empty() || sweep.repeat < 1) damaged("axes");
    requireValid(sweep);
    return sweep;
  } catch (const Json::exception& error) {
    const std::string detail = error.what();
    damaged(detail.substr(detail.rfind(']') + 1));
  }
}

}  // namespace viva
