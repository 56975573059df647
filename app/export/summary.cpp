// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/export/summary.h"

#include <cmath>

#include "app/export/labels.h"
#include "lessons/core/claim.h"
#include "lessons/core/file_name.h"
#include "lessons/core/preset_changes.h"

namespace viva {
namespace {

using Json = nlohmann::ordered_json;

Json jsonOf(const Argument& argument) {
  struct Write {
    Json operator()(const std::string& text) const { return text; }
    Json operator()(double number) const { return jsonNumber(number); }
    Json operator()(std::int64_t number) const { return number; }
    Json operator()(const Word& word) const { return Json{{"word", word.key}}; }
  };
  return std::visit(Write{}, argument);
}

Json jsonOf(const Message& message) {
  Json arguments = Json::object();
  for (const auto& [name, value] : message.arguments) arguments[name] = jsonOf(value);
  return {{"key", message.key}, {"arguments", std::move(arguments)}};
}

Json checksOf(const std::vector<CheckResult>& results) {
  Json checks = Json::object();
  for (const CheckResult& check : results)
    checks[check.id] = {{"difference", jsonNumber(check.difference)},
                        {"tolerance", jsonNumber(check.tolerance)},
                        {"passed", !check.failed()}};
  return checks;
}

Json finalValuesOf(const Records& records) {
  Json values = Json::object();
  for (std::size_t column = 0; column < records.names().size(); ++column)
    values[records.names()[column]] = jsonNumber(records.last(column, records.rows() - 1));
  return values;
}

void addVerdicts(Json& summary, const Frame* frame, const Words& words) {
  Json sentences = Json::object(), messages = Json::object();
  if (frame)
    for (const auto& [id, data] : frame->views)
      if (const auto* verdict = std::get_if<VerdictData>(&data)) {
        sentences[id] = words(verdict->sentence);
        messages[id] = jsonOf(verdict->sentence);
        messages[id]["mood"] = endingOf(verdict->mood);
      }
  summary["verdicts"] = std::move(sentences);
  summary["verdict_messages"] = std::move(messages);
}

}  // namespace

Json jsonNumber(double number) {
  if (isAbsent(number)) return nullptr;
  if (!std::isfinite(number)) return formatNumber(number);
  return number;
}

Json jsonOf(const Value& value) {
  struct Write {
    Json operator()(double number) const { return jsonNumber(number); }
    Json operator()(std::int64_t number) const { return number; }
    Json operator()(bool on) const { return on; }
    Json operator()(const Choice& choice) const { return choice.name; }
    Json operator()(const Point& p) const { return Json::array({p.x, p.y}); }
    Json operator()(const Distribution& d) const { return d.weights; }
    Json operator()(const Text& t) const { return t.text; }
    Json operator()(const File& f) const { return fileName(f); }
    Json operator()(const Points& points) const {
      Json list = Json::array();
      for (const Points::Labelled& p : points.points)
        list.push_back(Json::array({p.x, p.y, p.label}));
      return list;
    }
    Json operator()(const Box& box) const { return Json::array({box.x0, box.y0, box.x1, box.y1}); }
    Json operator()(const Drawing& drawing) const {
      Json list = Json::array();
      for (const Drawing::Stroke& stroke : drawing.strokes) {
        Json& places = list.emplace_back(Json::array());
        for (const Point& p : stroke) places.push_back(Json::array({p.x, p.y}));
      }
      return list;
    }
  };
  return std::visit(Write{}, value);
}

std::string summaryJson(const RunResults& results, const std::vector<std::string>& file_names,
                        const Words& words) {
  const RunFile& file = results.file;
  Json summary;
  summary["viva_summary"] = kSummaryVersion;
  summary["viva"] = VIVA_VERSION;
  summary["experiment"] = file.experiment;
  summary["version"] = file.experiment_version;
  if (!file.preset.empty()) summary["preset"] = file.preset;
  summary["seed"] = file.seed;
  summary["device"] = file.device;
  summary["threads"] = file.threads;
  summary["blas"] = file.blas;
  summary["torch"] = file.library;
  summary["build"] = file.build;
  Json parameters = Json::object();
  for (const auto& [name, value] : file.parameters) parameters[name] = jsonOf(value);
  summary["parameters"] = std::move(parameters);
  Json events = Json::array();
  for (const Event& event : file.events)
    events.push_back({{"step", event.step}, {"name", event.name}, {"value", jsonOf(event.value)}});
  summary["events"] = std::move(events);
  if (!file.inputs.empty()) {
    Json& inputs = summary["inputs"] = Json::object();
    for (const InputFile& input : file.inputs)
      inputs[input.parameter] = {{"size", input.size}, {"sha256", input.sha256}};
  }
  if (results.reading) {
    summary["reading"] = words(*results.reading);
    summary["reading_message"] = jsonOf(*results.reading);
  }
  summary["steps"] = file.steps;
  summary["steps_requested"] = results.steps_requested;
  summary["status"] = nameOf(results.status);
  if (results.message) {
    summary["message"] = words(*results.message);
    summary["message_key"] = results.message->key;
  }
  summary["diverged_at"] = results.diverged_at ? Json(*results.diverged_at) : Json(nullptr);
  summary["non_finite"] = results.non_finite;
  summary["seconds"] = results.seconds;
  summary["steps_per_second"] = results.seconds > 0
                                    ? jsonNumber(static_cast<double>(file.steps) / results.seconds)
                                    : Json(nullptr);
  summary["digest"] = file.digest;
  summary["checks"] = checksOf(results.checks);
  summary["final"] = finalValuesOf(results.records);
  addVerdicts(summary, results.frame.get(), words);
  if (!file.preset.empty())
    summary["changed_from_preset"] =
        changedFromPreset(*results.spec, file.preset, results.parameters);
  summary["files"] = file_names;
  return summary.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace viva
