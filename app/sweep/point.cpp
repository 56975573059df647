// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep/point.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "app/export/carried_files.h"
#include "app/export/summary.h"
#include "app/phases/phase_store.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

using Json = nlohmann::ordered_json;

double numberFrom(const Json& json) {
  if (json.is_null()) return absentValue();
  if (json.is_number()) return json.get<double>();
  const auto text = json.get<std::string>();
  if (text == "nan") return std::nan("");
  return text == "-inf" ? -HUGE_VAL : HUGE_VAL;
}

RunStatus statusNamed(const std::string& name) {
  for (const RunStatus status : {RunStatus::Completed, RunStatus::Finished, RunStatus::Diverged})
    if (nameOf(status) == name) return status;
  return RunStatus::Failed;
}

}  // namespace

RecordStatistics statisticsOf(const Records& records, std::size_t column) {
  RecordStatistics result;
  result.last = records.last(column, records.rows() - 1);
  double sum = 0;
  std::int64_t count = 0;
  for (std::int64_t row = 0; row < records.rows(); ++row) {
    const double value = records.at(row, column);
    if (isAbsent(value)) continue;
    sum += value;
    ++count;
    if (std::isnan(value)) continue;
    if (isAbsent(result.minimum) || value < result.minimum) result.minimum = value;
    if (isAbsent(result.maximum) || value > result.maximum) result.maximum = value;
  }
  if (count > 0) result.mean = sum / static_cast<double>(count);
  return result;
}

std::optional<PointResult> computePoint(const Sweep& sweep, std::size_t point, Runtime& runtime,
                                        const std::function<bool()>& interrupted) {
  RunSettings settings = sweep.settingsOf(point);
  settings.phases = &PhaseStore::ofTheUser();
  settings.in_slices = true;  // so that the preparation can be interrupted too
  Run run(*sweep.spec, std::move(settings), runtime);
  run.begin();
  const std::vector<std::string> changed = changedInputs(sweep.base, run.inputs());
  if (!changed.empty())
    return PointResult{
        describe(run, runtime),
        RunStatus::Failed,
        {},
        {},
        {},
        Message{"sweep.error.input_changed_meanwhile",
                {{"name", changed.front()}, {"file", pathOf(sweep.base, changed.front())}}}};
  run.advance(interrupted);
  run.storePhase();
  if (run.status() == RunStatus::Running) return std::nullopt;
  PointResult result{describe(run, runtime), run.status(), run.divergedAt(),
                     run.nonFinite(),        {},           run.message()};
  const Records& records = run.records();
  for (std::size_t column = 0; column < records.names().size(); ++column)
    result.records[records.names()[column]] = statisticsOf(records, column);
  return result;
}

std::string toJson(const PointResult& result, const Words& words) {
  Json json = Json::parse(toJson(result.run));
  Json records = Json::object();
  for (const auto& [name, values] : result.records)
    records[name] = {{"last", jsonNumber(values.last)},
                     {"min", jsonNumber(values.minimum)},
                     {"max", jsonNumber(values.maximum)},
                     {"mean", jsonNumber(values.mean)}};
  Json& point = json["sweep_point"];
  point["status"] = nameOf(result.status);
  point["diverged_at"] = result.diverged_at ? Json(*result.diverged_at) : Json(nullptr);
  if (result.status == RunStatus::Failed && result.message)
    point["message"] = words(*result.message);
  point["non_finite"] = result.non_finite;
  point["records"] = std::move(records);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

PointResult pointFromJson(std::string_view text, const Catalog& catalog) {
  PointResult result{runFileFromJson(text, catalog), RunStatus::Failed, {}, {}, {}, {}};
  try {
    const Json json = Json::parse(text);
    const Json& point = json.at("sweep_point");
    result.status = statusNamed(point.at("status").get<std::string>());
    if (point.contains("message"))
      result.message = Message{point.at("message").get<std::string>(), {}};
    if (!point.at("diverged_at").is_null())
      result.diverged_at = point.at("diverged_at").get<std::int64_t>();
    result.non_finite = point.at("non_finite").get<std::map<std::string, std::int64_t>>();
    for (const auto& [name, values] : point.at("records").items())
      result.records[name] = {numberFrom(values.at("last")), numberFrom(values.at("min")),
                              numberFrom(values.at("max")), numberFrom(values.at("mean"))};
    return result;
  } catch (const Json::exception& error) {
    const std::string detail = error.what();
    throw FileError({"error.run_file_damaged", {{"detail", detail.substr(detail.rfind(']') + 1)}}});
  }
}

}  // namespace viva
