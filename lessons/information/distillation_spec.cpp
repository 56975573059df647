// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/information/distillation.h"
#include "lessons/information/lessons.h"

namespace viva {
namespace {

const std::string kId = "distillation";
const std::string kProgram = "resources/lessons/cross-entropy-kl/distillation.py";

/// From T = 4 to 16 the gradient falls close to a sixteenth; times T^2 it nearly keeps its size.
bool fallsLikeOneOverTSquared(const DistillationReading& now) {
  const double plain = now.first_hot;
  return plain < 0.1 && 16 * plain > 0.6 && 16 * plain < 1.6;
}

const Claims<DistillationReading> kClaims{{"temperature", 100, fallsLikeOneOverTSquared}};

}  // namespace

VerdictData distillationVerdict(const std::string& preset, std::int64_t step,
                                const DistillationReading& now) {
  return judged(kId, kClaims, preset, step, now,
                {{"step", step},
                 {"plain", readable(now.first_hot)},
                 {"scaled", readable(16 * now.first_hot)},
                 {"hard", percent(now.hard_accuracy)},
                 {"soft", percent(now.soft_accuracy)},
                 {"teacher", percent(now.teacher_accuracy)}});
}

const ExperimentSpec& distillation() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kTemperature, kAlpha,  kStudentRate,  kClasses,
                       kSpread,      kLabels, kStudentHidden};
    made.records = [](const Parameters&) {
      std::vector<RecordSpec> records;
      for (const char* name :
           {"hard/loss", "soft/loss", "hard/accuracy", "soft/accuracy", "teacher/accuracy",
            "plain_gradient", "scaled_gradient", "hot_ratio"})
        records.push_back({name, ""});
      return records;
    };
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = {series("gradients", {})
                      .xAxis("axis.temperature")
                      .logarithmicX()
                      .yAxis("axis.soft_gradient")
                      .logarithmicY(),
                  series("accuracy", {"*/accuracy"}).yAxis("axis.validation_accuracy"),
                  bars("targets").xAxis("axis.class").yAxis("axis.probability"),
                  series("loss", {"*/loss"}).yAxis("axis.student_loss").logarithmicY(),
                  table("temperatures").small(),
                  verdict("verdict")};
    made.checks = {"hot_limit"};
    made.presets = {preset("temperature")
                        .lasting(600)
                        .quick(200)
                        .showing("gradients", {"targets", "accuracy"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 600;
    made.phase = [](const Parameters&) -> std::optional<Phase> {
      return Phase{"teacher/1", 0, {"classes", "spread"}};
    };
    made.sources = {"lessons/information/distillation.cpp", "lessons/information/soft_loss.cpp"};
    made.equivalent = kProgram;
    made.make = makeDistillation;
    return made;
  }();
  return spec;
}

}  // namespace viva
