// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/scaling_parameters.h"

namespace viva {

std::vector<ParameterSpec> scalingParameters() {
  const auto scaled = [](auto spec) {
    return std::move(spec).grouped("scaling").onlyWhen("scaling", {"dynamic"});
  };
  return {
      choice("scaling", {"none", "static", "dynamic"}, "dynamic").grouped("scaling"),
      real("init_scale", 65536)
          .range(1, 1e12)
          .logarithmic()
          .grouped("scaling")
          .onlyWhen("scaling", {"static", "dynamic"}),
      scaled(real("growth_factor", 2).range(1, 16).stepping(0.1).live()),
      scaled(real("backoff_factor", 0.5).range(0.01, 0.99).stepping(0.01).live()),
      scaled(integer("growth_interval", 2000).range(1, 10000).logarithmic().live()),
      choice("clip", {"never", "before-unscaling", "after-unscaling"}, "never")
          .live()
          .grouped("clipping"),
      real("max_norm", 1)
          .range(1e-3, 1000)
          .logarithmic()
          .live()
          .grouped("clipping")
          .onlyWhen("clip", {"before-unscaling", "after-unscaling"}),
      real("loss_factor", 1e-3).range(1e-8, 1e6).logarithmic().live().grouped("training"),
      real("lr", 0.2).range(1e-5, 10).logarithmic().live().grouped("training"),
      integer("batch_size", 64).range(1, 512).logarithmic().grouped("training"),
      integer("hidden", 64).range(1, 256).logarithmic().grouped("training"),
  };
}

std::vector<RecordSpec> scalingRecords(const Parameters&) {
  return {{"float32/loss", "unit.nats"},
          {"float16/loss", "unit.nats"},
          {"float32/accuracy", ""},
          {"float16/accuracy", ""},
          {"float32/grad_norm", ""},
          {"float16/grad_norm", "", true},
          {"scale", ""},
          {"underflow", ""},
          {"overflow", ""},
          {"skipped", "unit.updates"}};
}

std::vector<ViewSpec> scalingViews() {
  std::vector<ViewSpec> views{
      histogram("gradients", {"axis.gradient_size", "", true}, {"axis.count", "", false}),
      series("loss", {"*/loss"}, {"axis.train_loss", "unit.nats", true}),
      series("scale", {"scale"}, {"axis.loss_scale", "", true}),
      series("lost", {"underflow", "overflow"}, {"axis.share_of_gradients", "", false}),
      series("grad_norm", {"*/grad_norm"}, {"axis.step_norm", "", true}),
      series("accuracy", {"*/accuracy"}, {"axis.validation_accuracy", "", false}),
      series("skipped", {"skipped"}, {"axis.skipped", "unit.updates", false}),
      table("precision"),
      verdict("verdict"),
  };
  views[0].room = Room::Large;
  for (int small : {4, 5, 6}) views[small].room = Room::Small;
  return views;
}

std::vector<Preset> scalingPresets() {
  return {
      {"dynamic-scaling",
       {{"init_scale", "68719476736"}, {"growth_interval", "100"}},
       800,
       {"gradients", "scale", "loss", "precision"}},
      {"fp16-underflow",
       {{"scaling", "none"}, {"loss_factor", "1e-6"}},
       600,
       {"gradients", "lost", "loss", "precision"}},
      {"clip-before-unscale",
       {{"clip", "before-unscaling"}, {"loss_factor", "1"}},
       600,
       {"grad_norm", "loss", "gradients", "precision"}},
  };
}

}  // namespace viva
