// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/gradients/lessons.h"
#include "lessons/gradients/recurrent_explosion.h"

namespace viva {
namespace {

const std::string kId = "recurrent-explosion";
const std::string kProgram = "resources/lessons/exploding-gradients/recurrent_explosion.py";

double theoryOf(const ExplosionState& s) { return std::pow(s.radius, s.back()); }

bool growsByItsRadius(const ExplosionState& s) {
  return s.isLost() && std::abs(s.growth() / theoryOf(s) - 1) < 0.01;
}
bool isLostByItsRate(const ExplosionState& s) { return s.isLost() && s.growth() < 1.01; }
bool growsInTheLongRun(const ExplosionState& s) { return s.growth() > 1e3 && s.radius < 1.1; }
bool growsBeforeItVanishes(const ExplosionState& s) {
  const auto [peak, at] = s.peak();
  return std::abs(peak - 38.74) < 0.05 && at >= 8 && at <= 10 && s.free().initial_radius < 1;
}
std::optional<bool> isSavedByClipping(const ExplosionState& s) {
  if (!s.isClipped()) return std::nullopt;
  return s.isLost() && !s.last().first && s.last().loss < s.last().start_loss / 10;
}
std::optional<bool> isTurnedByValues(const ExplosionState& s) {
  if (!s.isClipped()) return std::nullopt;
  return s.last().largest_turn > 10 && s.last().largest_turn_by_norm < 0.01;
}
bool keepsItsGradient(const ExplosionState& s) {
  return !s.isLost() && std::abs(s.growth() - 1) < 0.01;
}

/// Without a number that is not finite there is no tensor to name.
std::string finite(const ExplosionState& s, VerdictData::Mood) {
  return s.isLost() ? "" : "finite";
}
std::string whereClipped(const ExplosionState& s, VerdictData::Mood) {
  return s.isClipped() ? "" : ".standing";
}
std::string whereClippedOrFinite(const ExplosionState& s, VerdictData::Mood mood) {
  return s.isClipped() ? finite(s, mood) : ".standing";
}

const Claims<ExplosionState> kClaims{
    {"spectral-radius-above-one", 10, growsByItsRadius, When::From, finite},
    {"rate-too-high", 50, isLostByItsRate, When::From, finite},
    {"long-recurrence", 10, growsInTheLongRun, When::From, finite},
    {"non-normal-growth", 10, growsBeforeItVanishes},
    {"clipping-saves-it", 500, isSavedByClipping, When::From, whereClippedOrFinite},
    {"clip-by-value-turns-the-direction", 20, isTurnedByValues, When::From, whereClipped},
    {"orthogonal", 50, keepsItsGradient},
};

std::vector<RecordSpec> records(const Parameters& parameters) {
  std::vector<RecordSpec> records;
  for (const std::string& net : copiesIn(parameters)) {
    for (const char* quantity : {"loss", "grad_norm", "far_to_near", "spectral_radius"})
      records.push_back({net + "/" + quantity, ""});
    if (net == "clipped") records.push_back({net + "/turn", "unit.degrees"});
  }
  return records;
}

std::vector<Preset> presets() {
  return {
      preset("spectral-radius-above-one")
          .with({{"clip", "none"}, {"lr", "1e-5"}})
          .lasting(50)
          .showing("state_gradient", {"grad_norm", "tensors"}),
      preset("rate-too-high")
          .with({{"spectral_radius", "1"},
                 {"activation", "tanh"},
                 {"length", "50"},
                 {"lr", "0.2"},
                 {"clip", "none"}})
          .lasting(100)
          .quick(60)
          .showing("loss", {"state_gradient", "tensors"}),
      preset("long-recurrence")
          .with({{"spectral_radius", "1.05"}, {"length", "200"}, {"clip", "none"}, {"lr", "1e-5"}})
          .lasting(50)
          .showing("state_gradient", {"grad_norm", "tensors"}),
      // At this rate the net hardly moves: the gradient alone is looked at.
      preset("non-normal-growth")
          .with({{"matrix", "non-normal"}, {"length", "101"}, {"clip", "none"}, {"lr", "1e-15"}})
          .lasting(50)
          .showing("state_gradient", {"grad_norm", "loss"}),
      preset("clipping-saves-it")
          .with({{"length", "50"}, {"lr", "0.003"}, {"max_norm", "0.3"}})
          .lasting(1500)
          .quick(600)
          .showing("loss", {"grad_norm", "tensors"}),
      preset("clip-by-value-turns-the-direction")
          .with({{"clip", "value"}, {"length", "50"}, {"max_value", "0.01"}})
          .lasting(600)
          .quick(60)
          .showing("turn", {"loss", "state_gradient"}),
      preset("orthogonal")
          .with({{"spectral_radius", "1"}, {"length", "200"}, {"clip", "none"}, {"lr", "1e-5"}})
          .lasting(200)
          .quick(60)
          .showing("state_gradient", {"spectral_radius", "loss"}),
  };
}

}  // namespace

std::vector<std::string> copiesIn(const Parameters& parameters) {
  if (parameters[kExplosionClip] == Clipping::None) return {"unclipped"};
  return {"unclipped", "clipped"};
}

VerdictData explosionVerdict(const std::string& preset, std::int64_t step,
                             const ExplosionState& s) {
  const auto [peak, peak_at] = s.peak();
  Arguments numbers{{"back", s.back()},
                    {"initial", readable(s.growth())},
                    {"now", readable(s.free().state_norms.back() / s.free().state_norms.front())},
                    {"updates", step},
                    {"theory", readable(theoryOf(s))},
                    {"radius", s.radius},
                    {"loss", readable(s.last().loss)},
                    {"start_loss", readable(s.last().start_loss)},
                    {"baseline", s.baseline},
                    {"peak", readable(peak)},
                    {"peak_at", peak_at},
                    {"turn", readable(s.last().largest_turn)},
                    {"turn_by_norm", readable(s.last().largest_turn_by_norm)}};
  if (s.isLost()) {
    numbers.emplace_back("tensor", Word{"tensor." + s.free().first->tensor});
    numbers.emplace_back("step", s.free().first->step);
  }
  VerdictData verdict = judged(kId, kClaims, preset, step, s, std::move(numbers));
  std::string& key = verdict.sentence.key;
  // There is no ratio to tell of a gradient that overflows in the very first pass.
  if (step > 0 && (!std::isfinite(s.growth()) || !std::isfinite(peak)))
    key = kId + ".verdict.at_once";
  if (!s.isLost() && (key.ends_with(".at_once") || key.ends_with(".standing"))) key += ".finite";
  return verdict;
}

const ExperimentSpec& recurrentExplosion() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kExplosionMatrix,  kExplosionRadius, kExplosionActivation,
                       kExplosionHidden,  kExplosionLength, kExplosionBatchSize,
                       kExplosionRate,    kExplosionClip,   kExplosionMaxNorm,
                       kExplosionMaxValue};
    made.records = records;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = {
        series("state_gradient", {})
            .xAxis("axis.steps_back")
            .yAxis("axis.relative_gradient")
            .logarithmicY()
            .large(),
        series("loss", {"*/loss"}).yAxis("axis.squared_error").logarithmicY(),
        series("grad_norm", {"*/grad_norm"}).yAxis("axis.total_grad_norm").logarithmicY(),
        series("turn", {"*/turn"}).yAxis("axis.turn", "unit.degrees").small(),
        series("spectral_radius", {"*/spectral_radius"}).yAxis("axis.spectral_radius").small(),
        series("far_to_near", {"*/far_to_near"}).yAxis("axis.far_to_near").logarithmicY().small(),
        table("tensors"),
        verdict("verdict"),
    };
    made.checks = {"recurrence"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 300;
    made.sources = {"lessons/gradients/recurrent_explosion.cpp", "lessons/gradients/elman_net.cpp",
                    "lessons/gradients/state_gradients.cpp"};
    made.equivalent = kProgram;
    made.make = makeRecurrentExplosion;
    return made;
  }();
  return spec;
}

}  // namespace viva
