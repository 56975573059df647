// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/lab_link.h"

#include <QUrl>
#include <QUrlQuery>

#include "app/export/command_text.h"
#include "lessons/core/error.h"

namespace viva {
namespace {

struct Limits {
  qsizetype characters, parts;
};
constexpr Limits limitsOf(LinkFrom from) {
  return from == LinkFrom::Plan ? Limits{4 << 20, 100'000} : Limits{64 * 1024, 500};
}

[[noreturn]] void refuse(const char* key, const QString& what = {}) {
  // A sentence quotes the beginning of what was wrong, never a megabyte of it.
  throw RequestError({key, {{"what", what.left(80).toStdString()}}});
}

std::pair<std::string, std::string> assignment(const QString& text) {
  const qsizetype equals = text.indexOf('=');
  if (equals < 1) refuse("link.bad_part", text);
  return {text.left(equals).toStdString(), text.mid(equals + 1).toStdString()};
}

std::int64_t wholeNumber(const QString& text) {
  bool is_number = false;
  const qlonglong number = text.toLongLong(&is_number);
  if (!is_number || number < 0) refuse("link.bad_number", text);
  return number;
}

/// Up to 2^64 - 1.
std::uint64_t seedIn(const QString& text) {
  bool is_number = false;
  const qulonglong number = text.toULongLong(&is_number);
  if (!is_number || text.startsWith('-')) refuse("link.bad_number", text);
  return number;
}

}  // namespace

LabLink linkOf(const Run& run) {
  const ExperimentSpec& spec = run.spec();
  LabLink link;
  link.experiment = spec.id;
  link.preset = run.settings().preset;
  link.settings = settingsBeyondPreset(run.initialParameters(), link.preset, spec);
  for (const Event& event : run.events())
    link.changes.push_back({event.step, event.name, formatValue(event.value)});
  link.seed = run.settings().seed;
  link.step = run.step();
  return link;
}

QString toText(const LabLink& link) {
  QString text = "viva:" + QString::fromStdString(link.experiment);
  char separator = '?';
  const auto add = [&](const char* name, const QString& value) {
    text += QChar(separator) + QLatin1String(name) + '=' +
            QString::fromLatin1(QUrl::toPercentEncoding(value, ",:;/"));
    separator = '&';
  };
  if (!link.preset.empty()) add("preset", QString::fromStdString(link.preset));
  for (const auto& [name, value] : link.settings)
    add("set", QString::fromStdString(name + "=" + value));
  for (const LabLink::Change& change : link.changes)
    add("at", QString::fromStdString(std::to_string(change.step) + ":" + change.name + "=" +
                                     change.value));
  if (link.seed != 1) add("seed", QString::number(link.seed));
  if (link.step > 0) add("step", QString::number(link.step));
  if (link.length > 0) add("steps", QString::number(link.length));
  if (link.play) add("play", "1");
  for (const std::string& name : link.hidden) add("hide", QString::fromStdString(name));
  if (link.locked) add("locked", "1");
  return text;
}

LabLink labLinkFrom(const QString& text, LinkFrom from) {
  const Limits limits = limitsOf(from);
  if (text.size() > limits.characters) refuse("link.too_long");
  const QUrl url(text.trimmed(), QUrl::StrictMode);
  if (!url.isValid() || url.scheme() != "viva" || !url.host().isEmpty() || url.path().isEmpty())
    refuse("link.not_a_link", text);
  LabLink link;
  link.experiment = url.path().toStdString();
  const auto parts = QUrlQuery(url).queryItems(QUrl::FullyDecoded);
  if (parts.size() > limits.parts) refuse("link.too_long");
  for (const auto& [name, value] : parts) {
    if (name == "preset") {
      link.preset = value.toStdString();
    } else if (name == "set") {
      link.settings.push_back(assignment(value));
    } else if (name == "at") {
      const qsizetype colon = value.indexOf(':');
      if (colon < 1) refuse("link.bad_part", value);
      auto [parameter, setting] = assignment(value.mid(colon + 1));
      link.changes.push_back(
          {wholeNumber(value.left(colon)), std::move(parameter), std::move(setting)});
    } else if (name == "seed") {
      link.seed = seedIn(value);
    } else if (name == "step") {
      link.step = wholeNumber(value);
    } else if (name == "steps") {
      link.length = wholeNumber(value);
    } else if (name == "play") {
      link.play = value == "1";
    } else if (name == "hide") {
      link.hidden.push_back(value.toStdString());
    } else if (name == "locked") {
      link.locked = value == "1";
    } else {
      refuse("link.bad_part", name);
    }
  }
  return link;
}

RunSettings settingsOf(const LabLink& link, const Catalog& catalog) {
  const ExperimentSpec& spec = catalog.experiment(link.experiment);
  RunSettings settings{spec.parametersOf(link.preset)};
  const auto check = [&](const std::string& name) {
    if (settings.parameters.spec(name).kind() == ParameterKind::File)
      refuse("link.names_a_file", QString::fromStdString(name));
  };
  for (const auto& [name, value] : link.settings) {
    check(name);
    settings.parameters.setFromText(name, value);
  }
  requireValid(spec, settings.parameters);
  for (const std::string& name : link.hidden) settings.parameters.spec(name);
  for (const LabLink::Change& change : link.changes) {
    check(change.name);
    const ParameterSpec& parameter = settings.parameters.spec(change.name);
    if (parameter.effect != Effect::Live)
      refuse("link.bad_part", QString::fromStdString(change.name));
    settings.events.push_back({change.step, change.name, parseValue(parameter, change.value)});
  }
  settings.preset = link.preset;
  settings.seed = link.seed;
  const Preset* preset = spec.findPreset(link.preset);
  const std::int64_t usual = preset && preset->steps > 0 ? preset->steps : spec.default_steps;
  settings.steps = std::max(link.step, link.length > 0 ? link.length : usual);
  // What would take hours to reach is not the state that somebody had before their eyes.
  if (settings.steps > 100'000'000) refuse("link.bad_number", QString::number(settings.steps));
  settings.device = catalog.runtime().resolveDevice("auto");
  return settings;
}

std::optional<Message> reasonAgainst(const LabLink& link, const Catalog& catalog, LinkFrom from) {
  try {
    settingsOf(labLinkFrom(toText(link), from), catalog);
    return std::nullopt;
  } catch (const Error& error) {
    if (error.message().key == "link.too_long") return Message{"link.reason.long", {}};
    if (error.message().key == "link.names_a_file") return Message{"link.reason.file", {}};
    return error.message();
  }
}

}  // namespace viva
