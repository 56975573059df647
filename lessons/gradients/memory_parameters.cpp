// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/memory_parameters.h"

namespace viva {

std::vector<ParameterSpec> memoryParameters() {
  std::vector<ParameterSpec> specs;
  for (MemoryKind kind : kMemoryKinds)
    specs.push_back(toggle(nameOf(kind) + ".on", true).grouped("memories"));
  specs.push_back(integer("length", 50).range(2, 200).in("unit.time_steps").grouped("task"));
  specs.push_back(integer("batch_size", 32).range(1, 256).logarithmic().grouped("task"));
  specs.push_back(integer("hidden", 32).range(1, 128).logarithmic().grouped("memories"));
  specs.push_back(real("forget_bias", 1).range(-2, 6).stepping(0.1).grouped("memories"));
  specs.push_back(real("lr", 0.003).range(1e-6, 1).logarithmic().live().grouped("training"));
  specs.push_back(toggle("clip", true).live().grouped("training"));
  specs.push_back(real("max_norm", 1)
                      .range(1e-3, 1000)
                      .logarithmic()
                      .live()
                      .grouped("training")
                      .onlyWhen("clip", {"true"}));
  return specs;
}

std::vector<MemoryKind> memoriesIn(const Parameters& parameters) {
  std::vector<MemoryKind> chosen;
  for (MemoryKind kind : kMemoryKinds)
    if (parameters.toggle(nameOf(kind) + ".on")) chosen.push_back(kind);
  return chosen;
}

std::vector<RecordSpec> memoryRecords(const Parameters& parameters) {
  std::vector<RecordSpec> records;
  for (MemoryKind kind : memoriesIn(parameters)) {
    records.push_back({nameOf(kind) + "/loss", ""});
    records.push_back({nameOf(kind) + "/grad_norm", ""});
    records.push_back({nameOf(kind) + "/far_to_near", ""});
  }
  return records;
}

std::optional<Message> validateMemory(const Parameters& parameters) {
  if (memoriesIn(parameters).empty()) return Message{"error.memory.none", {}};
  return std::nullopt;
}

std::vector<ViewSpec> memoryViews() {
  const AxisSpec back{"axis.steps_back", "", false};
  std::vector<ViewSpec> views{
      series("state_gradient", {}, {"axis.state_gradient", "", true}),
      series("loss", {"*/loss"}, {"axis.squared_error", "", true}),
      matrix("history", {"axis.step", "", false}, back),
      series("far_to_near", {"*/far_to_near"}, {"axis.far_to_near", "", true}),
      series("grad_norm", {"*/grad_norm"}, {"axis.total_grad_norm", "", true}),
      table("memories"),
      verdict("verdict"),
  };
  views[0].x = back;
  views[0].room = Room::Large;
  views[4].room = Room::Small;
  return views;
}

std::vector<Preset> memoryPresets() {
  return {
      {"long-sequence",
       {{"length", "100"}, {"gru.on", "false"}, {"lstm.on", "false"}, {"attention.on", "false"}},
       400,
       {"state_gradient", "loss", "history", "memories"}},
      {"lstm-remembers",
       {{"length", "60"}, {"gru.on", "false"}, {"attention.on", "false"}, {"forget_bias", "5"}},
       800,
       {"state_gradient", "loss", "far_to_near", "memories"}},
      {"attention-shortcut",
       {{"length", "60"}, {"gru.on", "false"}, {"lstm.on", "false"}, {"lr", "0.01"}},
       800,
       {"state_gradient", "loss", "far_to_near", "memories"}},
  };
}

}  // namespace viva
