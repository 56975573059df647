// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/gradients/lessons.h"
#include "lessons/gradients/loss_scaling.h"

namespace viva {
namespace {

const std::string kId = "loss-scaling";
const std::string kProgram = "resources/lessons/exploding-gradients/loss_scaling.py";

const Claims<ScalingReport> kClaims{
    {"fp16-underflow", 400,
     [](const ScalingReport& r) {
       return r.losses.underflow > 0.9 && r.accuracy32 > 0.9 && r.loss16 > 2 * r.loss32;
     }},
    {"dynamic-scaling", 300,
     [](const ScalingReport& r) {
       // At one moment of a noisy descent the two differ by up to 6 points on five seeds, either
       // way.
       const bool as_good = r.accuracy16 > r.accuracy32 - 0.1 && r.accuracy16 > 0.85;
       return r.skipped > 3 && r.losses.underflow < 0.05 && as_good &&
              r.highest_scale > r.lowest_scale;
     }},
    {"clip-before-unscale", 300,
     [](const ScalingReport& r) {
       return std::abs(r.norm16 / r.clippedTooEarly() - 1) < 0.05 && r.loss16 > 2 * r.loss32;
     }},
};

}  // namespace

VerdictData scalingVerdict(const std::string& preset, std::int64_t step, const ScalingReport& r) {
  return judged(kId, kClaims, preset, step, r,
                {{"underflow", percent(r.losses.underflow)},
                 {"overflow", percent(r.losses.overflow)},
                 {"loss32", readable(r.loss32)},
                 {"loss16", readable(r.loss16)},
                 {"accuracy32", percent(r.accuracy32)},
                 {"accuracy16", percent(r.accuracy16)},
                 {"scale", readable(r.scale)},
                 {"init_scale", readable(r.initial_scale)},
                 {"skipped", r.skipped},
                 {"norm16", readable(r.norm16)},
                 {"max_norm", readable(r.max_norm)},
                 {"expected", readable(r.clippedTooEarly())}});
}

const ExperimentSpec& lossScaling() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kScaling,        kInitialScale,     kGrowthFactor,   kBackoffFactor,
                       kGrowthInterval, kScalingClip,      kScalingMaxNorm, kLossFactor,
                       kScalingRate,    kScalingBatchSize, kScalingHidden};
    made.records = [](const Parameters&) -> std::vector<RecordSpec> {
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
    };
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = {
        histogram("gradients")
            .xAxis("axis.gradient_size")
            .logarithmicX()
            .yAxis("axis.count")
            .large(),
        series("loss", {"*/loss"}).yAxis("axis.train_loss", "unit.nats").logarithmicY(),
        series("scale", {"scale"}).yAxis("axis.loss_scale").logarithmicY(),
        series("lost", {"underflow", "overflow"}).yAxis("axis.share_of_gradients"),
        series("grad_norm", {"*/grad_norm"}).yAxis("axis.step_norm").logarithmicY().small(),
        series("accuracy", {"*/accuracy"}).yAxis("axis.validation_accuracy").small(),
        series("skipped", {"skipped"}).yAxis("axis.skipped", "unit.updates").small(),
        table("precision"),
        verdict("verdict"),
    };
    made.checks = {"rounding"};
    made.presets = {
        preset("dynamic-scaling")
            .with({{"init_scale", "68719476736"}, {"growth_interval", "100"}})
            .lasting(800)
            .quick(400)
            .showing("scale", {"gradients", "loss"}),
        preset("fp16-underflow")
            .with({{"scaling", "none"}, {"loss_factor", "1e-6"}})
            .lasting(600)
            .quick(400)
            .showing("gradients", {"lost", "loss"}),
        preset("clip-before-unscale")
            .with({{"clip", "before-unscaling"}, {"loss_factor", "1"}})
            .lasting(600)
            .quick(400)
            .showing("grad_norm", {"loss", "precision"}),
    };
    made.claims = claimsOf(kClaims);
    made.default_steps = 600;
    made.sources = {"lessons/gradients/loss_scaling.cpp", "lessons/nn/grad_scaler.cpp",
                    "lessons/gradients/half_gradients.cpp"};
    made.equivalent = kProgram;
    made.make = makeLossScaling;
    return made;
  }();
  return spec;
}

}  // namespace viva
