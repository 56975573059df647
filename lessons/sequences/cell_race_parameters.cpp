// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/cell_race_parameters.h"

#include <algorithm>

#include "lessons/sequences/gates_parameters.h"

namespace viva {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// Only these take part.
Settings only(const std::vector<std::string>& chosen, Settings further) {
  Settings settings;
  for (const Entrant& entrant : entrants()) {
    const bool on = std::find(chosen.begin(), chosen.end(), entrant.id) != chosen.end();
    settings.emplace_back(entrant.id + ".on", on ? "true" : "false");
  }
  settings.insert(settings.end(), further.begin(), further.end());
  return settings;
}

}  // namespace

const std::vector<Entrant>& entrants() {
  static const std::vector<Entrant> all{{"lstm", CellKind::Lstm},
                                        {"peephole", CellKind::Peephole},
                                        {"gru", CellKind::Gru},
                                        {"rnn", CellKind::Rnn},
                                        {"lstm-zero-bias", CellKind::Lstm, true}};
  return all;
}

std::vector<Entrant> entrantsIn(const Parameters& parameters) {
  std::vector<Entrant> chosen;
  for (const Entrant& entrant : entrants())
    if (parameters.toggle(entrant.id + ".on")) chosen.push_back(entrant);
  return chosen;
}

std::vector<ParameterSpec> cellRaceParameters() {
  std::vector<ParameterSpec> specs = taskParameters();
  for (const Entrant& entrant : entrants())
    specs.push_back(toggle(entrant.id + ".on", !entrant.without_forget_bias).grouped("net"));
  specs.push_back(integer("hidden", 32).range(1, 128).logarithmic().grouped("net"));
  specs.push_back(real("forget_bias", 1).range(-5, 10).stepping(0.5).grouped("net"));
  for (ParameterSpec& spec : trainingSettings()) specs.push_back(std::move(spec));
  return specs;
}

std::vector<RecordSpec> cellRaceRecords(const Parameters& parameters) {
  const std::string unit = parameters[kTask] == SequenceTask::Adding ? "" : "unit.nats";
  std::vector<RecordSpec> records{{"baseline", unit}};
  for (const Entrant& entrant : entrantsIn(parameters)) {
    records.push_back({entrant.id + "/loss", unit});
    records.push_back({entrant.id + "/accuracy", ""});
  }
  return records;
}

std::optional<Message> validateCellRace(const Parameters& parameters) {
  if (entrantsIn(parameters).empty()) return Message{"error.race.no_cell", {}};
  return problemWithTask(parameters);
}

std::vector<ViewSpec> cellRaceViews() {
  const auto over_time = [](const char* id) {
    ViewSpec spec = series(id, {}, {"axis.memory_gradient", "", true});
    spec.x = {"axis.probe_step", "", false};
    return spec;
  };
  std::vector<ViewSpec> views{
      series("loss", {"*/loss"}, {"axis.sequence_loss", "", true}),
      over_time("gradient_in_time"),
      over_time("gradient_at_start"),
      series("accuracy", {"*/accuracy"}, {"axis.accuracy", "", false}),
      table("standings"),
      verdict("verdict"),
  };
  views[0].room = views[4].room = Room::Large;  // names and numbers of the standings need the width
  views[2].room = Room::Small;
  return views;
}

std::vector<Preset> cellRacePresets() {
  const std::vector<std::string> all{"loss", "gradient_in_time", "standings"};
  return {
      {"gru-is-enough", only({"lstm", "gru", "rnn"}, {}), 800, all},
      {"rnn-forgets", only({"lstm", "gru", "rnn"}, {{"length", "100"}}), 1500, all},
      {"forget-bias-one",
       only({"lstm", "lstm-zero-bias"}, {}),
       1000,
       {"loss", "gradient_at_start", "gradient_in_time", "standings"}},
      {"peephole-timing",
       only({"lstm", "peephole"},
            {{"task", "timing"}, {"forget_bias", "5"}, {"lr", "0.02"}, {"batch_size", "16"}}),
       1500,
       {"loss", "gradient_in_time", "standings"}},
  };
}

}  // namespace viva
