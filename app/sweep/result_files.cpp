// SPDX-License-Identifier: GPL-3.0-or-later
// sweep.csv and the summary.json of a sweep; docs/formats.md describes them.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/export/summary.h"
#include "app/export/without_paths.h"
#include "app/sweep/cell_words.h"
#include "app/sweep/results.h"

namespace viva {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSweepSummaryVersion = 1;

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + "\"";
}

std::string exact(double number) {
  if (isAbsent(number)) return {};
  if (!std::isfinite(number)) return formatNumber(number);
  char digits[32];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, number, std::chars_format::general, 17).ptr;
  return {digits, end};
}

Json cellJson(const Sweep& sweep, const SweepResults& results, std::size_t index) {
  const SweepCell& cell = results.cells[index];
  Json json;
  Json& values = json["values"] = Json::object();
  for (std::size_t axis = 0; axis < sweep.axes.size(); ++axis)
    values[sweep.axes[axis].parameter] = jsonOf(sweep.valueOf(index, axis));
  json["mean"] = jsonNumber(cell.mean);
  json["standard_deviation"] = jsonNumber(cell.deviation);
  json["min"] = jsonNumber(cell.minimum);
  json["max"] = jsonNumber(cell.maximum);
  json["count"] = cell.count;
  json["diverged"] = cell.diverged;
  json["failed"] = cell.failed;
  json["missing"] = cell.missing;
  return json;
}

}  // namespace

void writeSweepCsv(FileWriter& file, const Sweep& sweep, const SweepResults& results) {
  std::string line = "point";
  for (const GridAxis& axis : sweep.axes) line += "," + quoted(axis.parameter);
  file.write(line + ",seed,status,diverged_at,steps," + quoted(results.metric.text()) +
             ",digest\n");
  for (const SweepRow& row : results.rows) {
    line = std::to_string(row.point);
    for (std::size_t axis = 0; axis < sweep.axes.size(); ++axis)
      line += "," + quoted(formatValue(withoutPath(sweep.valueOf(sweep.cellOf(row.point), axis))));
    line += "," + std::to_string(sweep.seedOf(row.point)) + "," + std::string(nameOf(row.status)) +
            "," + (row.diverged_at ? std::to_string(*row.diverged_at) : std::string()) + "," +
            std::to_string(row.steps) + "," + exact(row.value) + "," + row.digest + "\n";
    file.write(line);
  }
}

std::string sweepSummaryJson(const Sweep& sweep, const SweepResults& results, bool cancelled,
                             const std::vector<std::string>& files, const Words& words) {
  Json summary;
  summary["viva_sweep_summary"] = kSweepSummaryVersion;
  summary["viva"] = VIVA_VERSION;
  summary["experiment"] = sweep.base.experiment;
  summary["version"] = sweep.base.experiment_version;
  if (!sweep.base.preset.empty()) summary["preset"] = sweep.base.preset;
  summary["device"] = sweep.base.device;
  summary["threads"] = sweep.base.threads;
  summary["blas"] = sweep.base.blas;
  summary["torch"] = sweep.base.library;
  summary["build"] = sweep.base.build;
  Json& parameters = summary["parameters"] = Json::object();
  for (const auto& [name, value] : sweep.base.parameters)
    if (std::none_of(sweep.axes.begin(), sweep.axes.end(),
                     [&name = name](const GridAxis& axis) { return axis.parameter == name; }))
      parameters[name] = jsonOf(value);
  summary["steps"] = sweep.base.steps;
  Json& axes = summary["axes"] = Json::array();
  for (const GridAxis& axis : sweep.axes) {
    Json values = Json::array();
    for (const Value& value : axis.values) values.push_back(jsonOf(value));
    axes.push_back({{"parameter", axis.parameter}, {"values", std::move(values)}});
  }
  Json& seeds = summary["seeds"] = Json::array();
  for (int i = 0; i < sweep.repeat; ++i) seeds.push_back(sweep.seedOf(static_cast<std::size_t>(i)));
  summary["metric"] = results.metric.text();
  summary["goal"] = nameOf(results.goal);
  summary["status"] = nameOf(cancelled                         ? RunStatus::Cancelled
                             : results.done() < sweep.points() ? RunStatus::Failed
                                                               : RunStatus::Completed);
  summary["points"] = sweep.points();
  summary["done"] = results.done();
  summary["diverged"] = std::count_if(results.rows.begin(), results.rows.end(),
                                      [](const SweepRow& row) { return row.diverged(); });
  summary["best"] = results.best ? cellJson(sweep, results, *results.best) : Json(nullptr);
  summary["best_in_words"] = words(bestInWords(sweep, results, words));
  Json& cells = summary["cells"] = Json::array();
  for (std::size_t cell = 0; cell < results.cells.size(); ++cell)
    cells.push_back(cellJson(sweep, results, cell));
  summary["files"] = files;
  return summary.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace viva
