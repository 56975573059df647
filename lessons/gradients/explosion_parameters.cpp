// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/explosion_parameters.h"

namespace viva {

std::vector<ParameterSpec> explosionParameters() {
  return {
      choice("matrix", {"random", "orthogonal", "non-normal"}, "orthogonal").grouped("net"),
      real("spectral_radius", 1.1)
          .range(0.1, 3)
          .stepping(0.01)
          .grouped("net")
          .onlyWhen("matrix", {"random", "orthogonal"}),
      choice("activation", {"tanh", "relu", "linear"}, "linear").grouped("net"),
      integer("hidden", 32)
          .range(1, 128)
          .logarithmic()
          .grouped("net")
          .onlyWhen("matrix", {"random", "orthogonal"}),
      integer("length", 100).range(2, 200).in("unit.time_steps").grouped("task"),
      integer("batch_size", 32).range(1, 256).logarithmic().grouped("task"),
      real("lr", 0.003).range(1e-15, 10).logarithmic().live().grouped("training"),
      choice("clip", {"none", "norm", "value"}, "norm").grouped("training"),
      real("max_norm", 1)
          .range(1e-3, 1000)
          .logarithmic()
          .live()
          .grouped("training")
          .onlyWhen("clip", {"norm"}),
      real("max_value", 0.01)
          .range(1e-5, 1000)
          .logarithmic()
          .live()
          .grouped("training")
          .onlyWhen("clip", {"value"}),
  };
}

std::vector<std::string> copiesIn(const Parameters& parameters) {
  if (parameters[kExplosionClip] == Clipping::None) return {"unclipped"};
  return {"unclipped", "clipped"};
}

std::vector<RecordSpec> explosionRecords(const Parameters& parameters) {
  std::vector<RecordSpec> records;
  for (const std::string& net : copiesIn(parameters)) {
    for (const char* quantity : {"loss", "grad_norm", "far_to_near", "spectral_radius"})
      records.push_back({net + "/" + quantity, ""});
    if (net == "clipped") records.push_back({net + "/turn", "unit.degrees"});
  }
  return records;
}

std::vector<ViewSpec> explosionViews() {
  std::vector<ViewSpec> views{
      series("state_gradient", {}, {"axis.relative_gradient", "", true}),
      series("loss", {"*/loss"}, {"axis.squared_error", "", true}),
      series("grad_norm", {"*/grad_norm"}, {"axis.total_grad_norm", "", true}),
      series("turn", {"*/turn"}, {"axis.turn", "unit.degrees", false}),
      series("spectral_radius", {"*/spectral_radius"}, {"axis.spectral_radius", "", false}),
      series("far_to_near", {"*/far_to_near"}, {"axis.far_to_near", "", true}),
      table("tensors"),
      verdict("verdict"),
  };
  views[0].x = {"axis.steps_back", "", false};
  views[0].room = Room::Large;
  for (int small : {3, 4, 5}) views[small].room = Room::Small;
  return views;
}

std::vector<Preset> explosionPresets() {
  const std::vector<std::string> usual{"state_gradient", "loss", "grad_norm", "tensors"};
  return {
      {"spectral-radius-above-one", {{"clip", "none"}, {"lr", "1e-5"}}, 50, usual},
      {"rate-too-high",
       {{"spectral_radius", "1"},
        {"activation", "tanh"},
        {"length", "50"},
        {"lr", "0.2"},
        {"clip", "none"}},
       100,
       usual},
      {"long-recurrence",
       {{"spectral_radius", "1.05"}, {"length", "200"}, {"clip", "none"}, {"lr", "1e-5"}},
       50,
       usual},
      // At this rate the net hardly moves: the gradient alone is looked at.
      {"non-normal-growth",
       {{"matrix", "non-normal"}, {"length", "101"}, {"clip", "none"}, {"lr", "1e-15"}},
       50,
       usual},
      {"clipping-saves-it", {{"length", "50"}, {"lr", "0.003"}, {"max_norm", "0.3"}}, 1500, usual},
      {"clip-by-value-turns-the-direction",
       {{"clip", "value"}, {"length", "50"}, {"max_value", "0.01"}},
       600,
       {"turn", "state_gradient", "loss", "tensors"}},
      {"orthogonal",
       {{"spectral_radius", "1"}, {"length", "200"}, {"clip", "none"}, {"lr", "1e-5"}},
       200,
       {"state_gradient", "loss", "spectral_radius", "tensors"}},
  };
}

}  // namespace viva
