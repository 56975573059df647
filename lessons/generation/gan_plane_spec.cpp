// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/generation/gan_plane.h"
#include "lessons/generation/lessons.h"

namespace viva {
namespace {

const std::string kId = "gan-plane";
const std::string kProgram = "resources/lessons/gan/gan_plane.py";

using Mood = VerdictData::Mood;

/// The fewest points that can be drawn as a target.
constexpr std::int64_t kFewestDrawn = 8;

std::int64_t coveredBy(const GanHistory& h) {
  return h.last().coverage ? h.last().coverage->modes_covered : 0;
}
std::int64_t modesOf(const GanHistory& h) {
  return h.last().coverage ? static_cast<std::int64_t>(h.last().coverage->shares.size()) : 0;
}
bool coversAll(const GanHistory& h) { return h.last().coverage && coveredBy(h) == modesOf(h); }

/// How many times as hard -log D would push.
double timesAsHard(const GanHistory& h) {
  const GanEvaluation& now = h.last();
  return now.sample_gradient > 0 ? now.non_saturating_gradient / now.sample_gradient : 0;
}

/// The generator stands still although the discriminator shows it the way.
std::optional<bool> standsStill(const GanHistory& h) {
  if (h.turn < h.warmup + 300) return std::nullopt;
  return timesAsHard(h) >= 30 && h.last().moved < 0.1;
}

bool losesModes(const GanHistory& h) {
  const LastTenth recent = lastTenthOf(h);
  return recent.d_real - recent.d_fake >= 0.2 &&
         recent.modes_covered <= static_cast<double>(modesOf(h)) / 2;
}

bool isFlat(const GanHistory& h) {
  const LastTenth recent = lastTenthOf(h);
  return recent.clipped >= 0.03 && recent.slope < 0.02 && recent.high_quality < 0.1;
}

std::optional<bool> movesWithThePush(const GanHistory& h) {
  if (!h.move || h.turn < 3) return std::nullopt;
  return h.move->cosine > 0;
}

/// A target without modes has none to cover.
std::string ifModes(const GanHistory& h, Mood) { return h.last().coverage ? "" : ".distance"; }

const Claims<GanHistory> kClaims{
    {"healthy-ring", 16000,
     [](const GanHistory& h) { return coversAll(h) && lastTenthOf(h).high_quality >= 0.8; },
     When::Until, ifModes},
    {"mode-collapse", 1200, isCollapsed},
    {"saturating-generator", 800, standsStill, When::Once},
    {"discriminator-too-strong", 1000, losesModes},
    {"least-squares", 6000,
     [](const GanHistory& h) {
       const LastTenth recent = lastTenthOf(h);
       return coversAll(h) && recent.high_quality >= 0.7 && recent.kl_to_uniform <= 0.05;
     },
     When::Until, ifModes},
    {"weight-clipping-limits", 1500, isFlat},
    {"gradient-penalty", 3000,
     [](const GanHistory& h) {
       const LastTenth recent = lastTenthOf(h);
       return coversAll(h) && recent.high_quality >= 0.4 && recent.kl_to_uniform <= 0.02 &&
              recent.slope > 0.2 && recent.slope < 5;
     },
     When::Until},
    {"spectral-norm", 2000,
     [](const GanHistory& h) {
       const LastTenth recent = lastTenthOf(h);
       return h.turn >= 500 && coversAll(h) && recent.steepest <= 1.1 &&
              recent.kl_to_uniform <= 0.1;
     },
     When::Until},
    {"drawn-by-hand", 2500,
     [](const GanHistory& h) { return h.turn >= 500 && h.last().wasserstein <= 0.05; },
     When::Until},
    {"one-update", 3, movesWithThePush, When::Once,
     [](const GanHistory& h, Mood) {
       return std::string(movesWithThePush(h).has_value() ? "" : ".early");
     }},
};

/// A collapsed generator may be between two modes just now, on its way from one to the next.
bool hasEverHit(const GanHistory& history) {
  return std::any_of(history.evaluations.begin(), history.evaluations.end(), [](const auto& it) {
    return it.coverage && it.coverage->high_quality >= 0.1;
  });
}

std::vector<RecordSpec> records(const Parameters&) {
  std::vector<RecordSpec> records;
  for (const char* name :
       {"d_loss", "g_loss", "modes_covered", "high_quality", "kl_to_uniform", "top3_share",
        "wasserstein", "d_real", "d_fake", "sample_gradient", "d_slope"})
    records.push_back({name, name == std::string_view("kl_to_uniform") ? "unit.nats" : ""});
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  if (p[kTarget] != PlaneTargetKind::Drawn) return std::nullopt;
  std::set<std::pair<double, double>> places;
  for (const auto& point : p[kDrawn].points) places.emplace(point.x, point.y);
  const auto different = static_cast<std::int64_t>(places.size());
  if (different < kFewestDrawn)
    return Message{"error.gan.drawing_too_small", {{"points", different}, {"least", kFewestDrawn}}};
  return std::nullopt;
}

std::vector<ViewSpec> views() {
  return {
      plane("plane")
          .xAxis("axis.plane_x")
          .yAxis("axis.plane_y")
          .large()
          .equalScale()
          .dragging({"drawn"}),
      series("losses", {"d_loss", "g_loss"}).yAxis("axis.gan_loss"),
      bars("modes").xAxis("axis.mode").yAxis("axis.share_of_samples"),
      series("quality", {"high_quality"}).yAxis("axis.high_quality"),
      series("coverage", {"modes_covered"}).yAxis("axis.modes_covered"),
      series("distance", {"wasserstein"}).yAxis("axis.sliced_wasserstein").logarithmicY().small(),
      series("imbalance", {"kl_to_uniform"}).yAxis("axis.kl_to_uniform", "unit.nats").small(),
      series("gradient", {"sample_gradient"}).yAxis("axis.sample_gradient").logarithmicY().small(),
      series("slope", {"d_slope"}).yAxis("axis.d_slope").logarithmicY().small(),
      series("opinions", {"d_real", "d_fake"}).yAxis("axis.discriminator_output").small(),
      histogram("critic_weights").xAxis("axis.critic_weight").yAxis("axis.weights_count").small(),
      table("numbers"),
      verdict("part").small(),
      verdict("alarm"),
      verdict("verdict"),
  };
}

/// A GAN is a game of chance, which another CPU's rounding plays anew: gan_claims_test.cpp holds
/// the majority of some seeds instead of each.
std::vector<Preset> presets() {
  return {
      preset("healthy-ring")
          .lasting(16000)
          .heavy()
          .showing("plane", {"modes", "quality", "verdict"}),
      // The generator is three updates ahead each turn: it runs to where the discriminator is
      // fooled now, all points at once, and the discriminator follows. Wide modes, so that
      // whoever comes by a mode also hits it.
      preset("mode-collapse")
          .with({{"g_steps", "3"}, {"sigma", "0.08"}, {"lr_end", "1"}})
          .lasting(4000)
          .quick(1200)
          .heavy()
          .showing("plane", {"modes", "coverage", "alarm", "verdict"}),
      // Plain gradient descent: Adam divides a small gradient by its size and hides the trouble.
      preset("saturating-generator")
          .with({{"loss", "minimax"},
                 {"d_warmup", "500"},
                 {"optimizer", "sgd"},
                 {"d.lr", "0.2"},
                 {"g.lr", "0.0005"},
                 {"lr_end", "1"},
                 {"evaluate_every", "20"}})
          .lasting(1000)
          .quick(850)
          .heavy()
          .showing("gradient", {"plane", "opinions", "verdict"}),
      preset("discriminator-too-strong")
          .with({{"d_steps", "10"}, {"d.lr", "0.01"}, {"lr_end", "1"}})
          .lasting(1500)
          .heavy()
          .showing("plane", {"modes", "opinions", "verdict"}),
      preset("least-squares")
          .with({{"loss", "least-squares"}, {"lr_steps", "6000"}})
          .lasting(6000)
          .heavy()
          .showing("plane", {"modes", "quality", "verdict"}),
      preset("weight-clipping-limits")
          .with({{"loss", "wasserstein-clip"}, {"settings", "published"}})
          .lasting(3000)
          .heavy()
          .showing("critic_weights", {"plane", "slope", "verdict"}),
      preset("gradient-penalty")
          .with({{"loss", "wasserstein-gp"}, {"d_steps", "5"}, {"lr_steps", "3000"}})
          .lasting(3000)
          .heavy()
          .showing("plane", {"modes", "slope", "verdict"}),
      // Wide modes: a slope of at most 1 cannot tell two places a hundredth apart.
      preset("spectral-norm")
          .with({{"loss", "hinge-sn"},
                 {"sigma", "0.05"},
                 {"d_steps", "5"},
                 {"d.lr", "0.002"},
                 {"g.lr", "0.0005"},
                 {"lr_steps", "2000"}})
          .lasting(2000)
          .heavy()
          .showing("plane", {"modes", "slope", "verdict"}),
      preset("drawn-by-hand")
          .with({{"target", "drawn"},
                 {"sigma", "0.02"},
                 {"loss", "least-squares"},
                 {"lr_steps", "2500"}})
          .lasting(2500)
          .heavy()
          .showing("plane", {"distance", "losses", "verdict"}),
      // Twice the usual rates, so that the eye can follow a single update.
      preset("one-update")
          .with({{"slow_motion", "true"}, {"d.lr", "0.002"}, {"g.lr", "0.002"}, {"lr_end", "1"}})
          .lasting(90)
          .quick(60)
          .showing("plane", {"losses", "part", "verdict"}),
  };
}

}  // namespace

Points heart() {
  Points heart;
  for (int i = 0; i < 48; ++i) {
    const double t = 2 * std::numbers::pi * i / 48;
    const double x = 16 * std::pow(std::sin(t), 3);
    const double y = 13 * std::cos(t) - 5 * std::cos(2 * t) - 2 * std::cos(3 * t) - std::cos(4 * t);
    // Two decimals: the points are written out in run files and commands.
    heart.points.push_back(
        {std::round(100 * x / 16) / 100, std::round(100 * (y + 2.5) / 16) / 100, 0});
  }
  return heart;
}

double GanSettings::rateShare(std::int64_t turns) const {
  const double done = std::min(1.0, static_cast<double>(turns) / static_cast<double>(rate_steps));
  return 1 - (1 - rate_end) * done;
}

GanSettings ganSettingsOf(const Parameters& p) {
  GanSettings settings;
  if (p[kSettings] == GanSettingsFrom::Own) {
    settings.d_steps = p[kDSteps], settings.g_steps = p[kGSteps];
    settings.d_rate = p[kDRate], settings.g_rate = p[kGRate];
    settings.optimizer = p[kGanOptimizer];
    settings.beta1 = p[kGanBeta1], settings.beta2 = p[kGanBeta2];
    settings.rate_end = p[kRateEnd], settings.rate_steps = p[kRateSteps];
    settings.clip = p[kGanClip], settings.penalty = p[kPenalty];
    return settings;
  }
  switch (p[kLoss]) {
    case GanLoss::Minimax:
    case GanLoss::NonSaturating:
    case GanLoss::LeastSquares:
    case GanLoss::HingeSn:  // DCGAN's (arXiv 1511.06434)
      settings.d_rate = settings.g_rate = 2e-4;
      break;
    case GanLoss::WassersteinClip:
      settings.optimizer = GanOptimizer::RmsProp;
      settings.d_steps = 5;
      settings.d_rate = settings.g_rate = 5e-5;
      break;
    case GanLoss::WassersteinGp:  // the authors' own script for points of the plane
      settings.d_steps = 5;
      settings.d_rate = settings.g_rate = 1e-4;
      settings.beta2 = 0.9;
      break;
  }
  return settings;
}

LastTenth lastTenthOf(const GanHistory& history) {
  const auto& all = history.evaluations;
  LastTenth average;
  std::int64_t count = 0;
  for (auto it = all.rbegin(); it != all.rend(); ++it, ++count) {
    if (count > 0 && it->turn < history.turn - history.turn / 10) break;
    average.d_real += it->d_real;
    average.d_fake += it->d_fake;
    average.sample_gradient += it->sample_gradient;
    average.slope += it->slope;
    average.clipped += it->clipped;
    average.steepest = std::max(average.steepest, it->steepest);
    if (!it->coverage) continue;
    average.has_modes = true;
    average.modes_covered += static_cast<double>(it->coverage->modes_covered);
    average.high_quality += it->coverage->high_quality;
    average.kl_to_uniform += it->coverage->kl_to_uniform;
    average.top3_share += it->coverage->top3_share;
  }
  for (double* sum : {&average.modes_covered, &average.high_quality, &average.kl_to_uniform,
                      &average.top3_share, &average.d_real, &average.d_fake,
                      &average.sample_gradient, &average.slope, &average.clipped})
    *sum /= static_cast<double>(count);
  return average;
}

bool isCollapsed(const GanHistory& history) {
  const LastTenth recent = lastTenthOf(history);
  return recent.has_modes && recent.top3_share >= 0.9 && hasEverHit(history);
}

VerdictData collapseAlarm(const GanHistory& history) {
  constexpr std::int64_t kEarly = 300;
  const LastTenth recent = lastTenthOf(history);
  if (!recent.has_modes) return {Mood::Open, {"gan-plane.alarm.no_modes", {}}};
  if (history.turn < std::max(kEarly, history.warmup + 1))
    return {Mood::Open, {"gan-plane.alarm.early", {}}};
  const std::vector<std::pair<std::string, Argument>> numbers{
      {"share", percent(recent.top3_share)},
      {"even", percent(std::min(1.0, 3.0 / static_cast<double>(modesOf(history))))},
      {"quality", percent(recent.high_quality)}};
  if (isCollapsed(history)) return {Mood::Fails, {"gan-plane.alarm.collapse", numbers}};
  if (recent.high_quality < 0.02) return {Mood::Open, {"gan-plane.alarm.hits_nothing", numbers}};
  return {Mood::Holds, {"gan-plane.alarm.quiet", numbers}};
}

VerdictData partVerdict(bool slow_motion, TurnPart part, std::int64_t steps) {
  if (!slow_motion || steps == 0) return {Mood::Open, {"gan-plane.part.none", {}}};
  switch (part) {
    case TurnPart::Discriminator:
      return {Mood::Open, {"gan-plane.part.discriminator", {}}};
    case TurnPart::Arrows:
      return {Mood::Open, {"gan-plane.part.arrows", {}}};
    case TurnPart::Generator:
      return {Mood::Open, {"gan-plane.part.generator", {}}};
  }
  return {};
}

VerdictData ganPlaneVerdict(const std::string& preset, const GanHistory& h) {
  const GanEvaluation& now = h.last();
  const LastTenth recent = lastTenthOf(h);
  Arguments numbers{{"covered", coveredBy(h)},
                    {"recent_covered", recent.modes_covered},
                    {"modes", modesOf(h)},
                    {"recent_quality", percent(recent.high_quality)},
                    {"perfect", percent(perfectQuality())},
                    {"recent_kl", recent.kl_to_uniform},
                    {"share", percent(recent.top3_share)},
                    {"distance", now.wasserstein},
                    {"start", h.evaluations.front().wasserstein},
                    {"floor", h.wasserstein_floor},
                    {"d_fake", now.d_fake},
                    {"recent_d_real", recent.d_real},
                    {"recent_d_fake", recent.d_fake},
                    {"push", now.sample_gradient},
                    {"times", std::round(timesAsHard(h))},
                    {"turns", std::max<std::int64_t>(0, h.turn - h.warmup)},
                    {"moved", now.moved},
                    {"clipped", percent(recent.clipped)},
                    {"slope", recent.slope},
                    {"steepest", recent.steepest}};
  if (now.coverage) {
    numbers.emplace_back("quality", percent(now.coverage->high_quality));
    numbers.emplace_back("kl", now.coverage->kl_to_uniform);
  }
  if (h.move) {
    numbers.emplace_back("length", h.move->length);
    numbers.emplace_back("cosine", h.move->cosine);
  }
  VerdictData verdict = judged(kId, kClaims, preset, h.turn, h, std::move(numbers));
  if (!now.coverage && verdict.sentence.key == kId + ".verdict.standing")
    verdict.sentence.key = kId + ".verdict.distance";
  return verdict;
}

const ExperimentSpec& ganPlane() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kTarget,          kDrawn,
                       kSigma,           kLoss,
                       kTrain,           kSettings,
                       kDSteps,          kGSteps,
                       kDRate,           kGRate,
                       kGanOptimizer,    kGanBeta1,
                       kGanBeta2,        kRateEnd,
                       kRateSteps,       kGanClip,
                       kPenalty,         kWarmup,
                       kGanBatchSize,    kNoiseDim,
                       kGeneratorHidden, kGanEvaluateEvery,
                       kSlowMotion};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"separate-modules", "loss-forms", "power-iteration", "optimal-discriminator"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 16000;
    made.stops_on_divergence = true;
    made.sources = {"lessons/generation/gan_plane.cpp", "lessons/generation/gan_losses.cpp",
                    "lessons/generation/gan_net.cpp", "lessons/data/mode_coverage.cpp",
                    "lessons/data/plane_targets.cpp"};
    made.equivalent = kProgram;
    made.make = makeGanPlane;
    return made;
  }();
  return spec;
}

}  // namespace viva
