// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/run_file.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "lessons/core/catalog.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

using Json = nlohmann::ordered_json;

Json jsonOf(const Value& value) {
  struct Write {
    Json operator()(double number) const { return number; }
    Json operator()(std::int64_t number) const { return number; }
    Json operator()(bool on) const { return on; }
    Json operator()(const Choice& choice) const { return choice.name; }
    Json operator()(const Point& p) const { return {p.x, p.y}; }
    Json operator()(const Distribution& d) const { return d.weights; }
    Json operator()(const Text& t) const { return t.text; }
    Json operator()(const File& f) const { return f.path; }
    Json operator()(const Points& points) const {
      Json list = Json::array();
      for (const Points::Labelled& p : points.points) list.push_back({p.x, p.y, p.label});
      return list;
    }
    Json operator()(const Box& box) const { return {box.x0, box.y0, box.x1, box.y1}; }
    Json operator()(const Drawing& drawing) const {
      Json list = Json::array();
      for (const Drawing::Stroke& stroke : drawing.strokes) {
        Json places = Json::array();
        for (const Point& p : stroke) places.push_back({p.x, p.y});
        list.push_back(std::move(places));
      }
      return list;
    }
  };
  return std::visit(Write{}, value);
}

/// Throws nlohmann's type_error for JSON of another shape.
Value valueOf(const ParameterSpec& spec, const Json& json) {
  switch (spec.kind()) {
    case ParameterKind::Real:
      return json.get<double>();
    case ParameterKind::Integer:
      if (!json.is_number_integer()) break;
      return json.get<std::int64_t>();
    case ParameterKind::Toggle:
      return json.get<bool>();
    case ParameterKind::Choice:
      return Choice{json.get<std::string>()};
    case ParameterKind::Point:
      if (json.size() != 2) break;
      return Point{json.at(0).get<double>(), json.at(1).get<double>()};
    case ParameterKind::Distribution:
      return Distribution{json.get<std::vector<double>>()};
    case ParameterKind::Text:
      return Text{json.get<std::string>()};
    case ParameterKind::File:
      return File{json.get<std::string>()};
    case ParameterKind::Points: {
      Points points;
      for (const Json& p : json)
        points.points.push_back({p.at(0).get<double>(), p.at(1).get<double>(),
                                 p.at(2).is_number_integer() ? p.at(2).get<int>() : -1});
      return points;
    }
    case ParameterKind::Box:
      if (json.size() != 4) break;
      return Box{json.at(0).get<double>(), json.at(1).get<double>(), json.at(2).get<double>(),
                 json.at(3).get<double>()};
    case ParameterKind::Drawing: {
      Drawing drawing;
      for (const Json& places : json) {
        Drawing::Stroke& stroke = drawing.strokes.emplace_back();
        for (const Json& p : places)
          stroke.push_back({p.at(0).get<double>(), p.at(1).get<double>()});
      }
      return drawing;
    }
  }
  throw RequestError({"error.wrong_kind", {{"name", spec.name}, {"value", json.dump()}}});
}

RequestError wrongKind(const ParameterSpec& spec, const Json& json) {
  return RequestError(
      {"error.wrong_kind", {{"name", spec.name}, {"value", json.dump().substr(0, 80)}}});
}

Value checkedValue(const ParameterSpec& spec, const Json& json) {
  Value value;
  try {
    value = valueOf(spec, json);
  } catch (const Json::exception&) {
    throw wrongKind(spec, json);
  }
  if (auto problem = problemWith(spec, value)) throw RequestError(*problem);
  return value;
}

[[noreturn]] void damaged(const std::string& detail) {
  throw FileError({"error.run_file_damaged", {{"detail", detail}}});
}

/// Not negative; nlohmann's get() would cut fractions off and wrap.
std::uint64_t wholeNumber(const Json& json, const char* key, std::uint64_t maximum) {
  const Json& number = json.at(key);
  if (!number.is_number_unsigned() || number.get<std::uint64_t>() > maximum) damaged(key);
  return number.get<std::uint64_t>();
}

constexpr std::uint64_t kMostSteps = std::numeric_limits<std::int64_t>::max();

Json jsonOf(const std::vector<InputFile>& inputs) {
  Json json = Json::object();
  for (const InputFile& input : inputs)
    json[input.parameter] = {{"size", input.size}, {"sha256", input.sha256}};
  return json;
}

std::vector<InputFile> inputsIn(const Json& json, const Parameters& known) {
  if (!json.is_object()) damaged("inputs");
  std::vector<InputFile> inputs;
  for (const auto& [name, input] : json.items()) {
    known.spec(name);
    inputs.push_back({name, wholeNumber(input, "size", std::numeric_limits<std::uint64_t>::max()),
                      input.at("sha256").get<std::string>()});
  }
  return inputs;
}

RunFile read(const Json& json, const Catalog& catalog) {
  RunFile file;
  file.experiment = json.at("experiment").get<std::string>();
  const ExperimentSpec& spec = catalog.experiment(file.experiment);
  file.experiment_version =
      static_cast<int>(wholeNumber(json, "experiment_version", std::numeric_limits<int>::max()));
  if (file.experiment_version > spec.version)
    throw FileError({"error.run_file_newer", {{"version", std::int64_t{file.experiment_version}}}});

  const Parameters known(spec.parameters);
  if (!json.at("parameters").is_object()) damaged("parameters");
  for (const auto& [name, value] : json.at("parameters").items())
    file.parameters.emplace_back(name, checkedValue(known.spec(name), value));
  file.preset = json.value("preset", std::string());
  if (!file.preset.empty()) spec.parametersOf(file.preset);
  file.seed = wholeNumber(json, "seed", std::numeric_limits<std::uint64_t>::max());
  file.device = json.at("device").get<std::string>();
  file.threads = static_cast<int>(wholeNumber(json, "threads", 1024));
  file.steps = static_cast<std::int64_t>(wholeNumber(json, "steps", kMostSteps));
  if (file.threads < 1) damaged("threads");
  if (!json.at("events").is_array()) damaged("events");
  for (const Json& event : json.at("events")) {
    const std::string name = event.at("name").get<std::string>();
    const auto step = static_cast<std::int64_t>(wholeNumber(event, "step", kMostSteps));
    file.events.push_back({step, name, checkedValue(known.spec(name), event.at("value"))});
  }
  if (json.contains("inputs")) file.inputs = inputsIn(json.at("inputs"), known);
  file.digest = json.value("digest", std::string());
  if (json.contains("record_digests"))
    file.record_digests = json.at("record_digests").get<std::map<std::string, std::string>>();
  file.build = json.value("build", std::string());
  file.blas = json.value("blas", std::string());
  file.library = json.value("library", std::string());
  return file;
}

}  // namespace

RunFile describe(const Run& run, const Runtime& runtime) {
  RunFile file = describeWithoutDigests(run, runtime);
  addDigests(file, run.records());
  return file;
}

void addDigests(RunFile& file, const Records& records) {
  file.digest = records.digest();
  file.record_digests.clear();
  for (std::size_t column = 0; column < records.names().size(); ++column)
    file.record_digests[records.names()[column]] = records.digest(column);
}

RunFile describeWithoutDigests(const Run& run, const Runtime& runtime) {
  RunFile file;
  file.experiment = run.spec().id;
  file.experiment_version = run.spec().versionOf(run.initialParameters());
  for (const ParameterSpec& spec : run.spec().parameters)
    file.parameters.emplace_back(spec.name, run.initialParameters().value(spec.name));
  file.preset = run.settings().preset;
  file.seed = run.settings().seed;
  file.device = run.settings().device;
  file.threads = run.settings().threads;
  file.events = run.events();
  file.inputs = run.inputs();
  file.steps = run.step();
  file.build = buildName();
  file.blas = runtime.blas();
  file.library = runtime.libraryVersion();
  return file;
}

std::string buildName() { return VIVA_VERSION " g++ " __VERSION__; }

std::string toJson(const RunFile& file) {
  Json json;
  json["viva_run"] = RunFile::kVersion;
  json["experiment"] = file.experiment;
  json["experiment_version"] = file.experiment_version;
  Json parameters = Json::object();
  for (const auto& [name, value] : file.parameters) parameters[name] = jsonOf(value);
  json["parameters"] = std::move(parameters);
  if (!file.preset.empty()) json["preset"] = file.preset;
  json["seed"] = file.seed;
  json["device"] = file.device;
  json["threads"] = file.threads;
  Json events = Json::array();
  for (const Event& event : file.events)
    events.push_back({{"step", event.step}, {"name", event.name}, {"value", jsonOf(event.value)}});
  json["events"] = std::move(events);
  if (!file.inputs.empty()) json["inputs"] = jsonOf(file.inputs);
  json["steps"] = file.steps;
  if (!file.digest.empty()) {
    json["digest"] = file.digest;
    json["record_digests"] = file.record_digests;
  }
  json["build"] = file.build;
  json["blas"] = file.blas;
  json["library"] = file.library;
  // A path may hold bytes that are not UTF-8; JSON cannot, and the run is worth more than they are.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

RunFile runFileFromJson(std::string_view text, const Catalog& catalog) {
  try {
    const Json json = Json::parse(text);
    if (!json.is_object() || !json.contains("viva_run") || !json["viva_run"].is_number_integer())
      throw FileError({"error.not_a_run_file", {}});
    const auto version = json["viva_run"].get<std::int64_t>();
    if (version > RunFile::kVersion)
      throw FileError({"error.run_file_newer", {{"version", version}}});
    if (version < 1) damaged("viva_run");
    return read(json, catalog);
  } catch (const Json::parse_error& error) {
    damaged("byte " + std::to_string(error.byte));
  } catch (const Json::exception& error) {
    const std::string detail = error.what();
    damaged(detail.substr(detail.rfind(']') + 1));
  }
}

std::vector<std::string> changedInputs(const RunFile& then, const std::vector<InputFile>& now) {
  std::vector<std::string> changed;
  for (const InputFile& input : now)
    if (const InputFile* before = findInput(then.inputs, input.parameter);
        before && *before != input)
      changed.push_back(input.parameter);
  return changed;
}

std::optional<std::string> firstDifference(const RunFile& then, const Records& now) {
  if (now.digest() == then.digest) return std::nullopt;
  if (then.record_digests.empty()) return std::string();
  std::map<std::string, std::string> missing = then.record_digests;
  bool has_further_records = false;
  for (std::size_t column = 0; column < now.names().size(); ++column) {
    const auto before = missing.find(now.names()[column]);
    if (before == missing.end()) {
      has_further_records = true;
      continue;
    }
    if (before->second != now.digest(column)) return now.names()[column];
    missing.erase(before);
  }
  if (!missing.empty()) return missing.begin()->first;
  // The digest of the whole is over other columns then.
  return has_further_records ? std::nullopt : std::optional(std::string());
}

RunSettings settingsOf(const RunFile& file, const ExperimentSpec& spec) {
  Parameters parameters(spec.parameters);
  for (const auto& [name, value] : file.parameters) parameters.set(name, value);
  RunSettings settings{std::move(parameters)};
  settings.seed = file.seed;
  settings.device = file.device;
  settings.threads = file.threads;
  settings.preset = file.preset;
  settings.steps = file.steps;
  settings.events = file.events;
  return settings;
}

}  // namespace viva
