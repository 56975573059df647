// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/generation/gan_plane_parameters.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

namespace viva {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// A heart of 48 points, for those who have not drawn anything yet.
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

AxisSpec axis(const std::string& label, bool logarithmic = false, const std::string& unit = "") {
  return {label, unit, logarithmic};
}

}  // namespace

double GanSettings::rateShare(std::int64_t turns) const {
  const double done = std::min(1.0, static_cast<double>(turns) / static_cast<double>(rate_steps));
  return 1 - (1 - rate_end) * done;
}

GanSettings ganSettingsOf(const Parameters& p) {
  GanSettings settings;
  if (p[ParameterName<GanSettingsFrom>{"settings"}] == GanSettingsFrom::Own) {
    settings.d_steps = p.integer("d_steps"), settings.g_steps = p.integer("g_steps");
    settings.d_rate = p.real("d.lr"), settings.g_rate = p.real("g.lr");
    settings.optimizer = p[ParameterName<GanOptimizer>{"optimizer"}];
    settings.beta1 = p.real("beta1"), settings.beta2 = p.real("beta2");
    settings.rate_end = p.real("lr_end"), settings.rate_steps = p.integer("lr_steps");
    settings.clip = p.real("clip"), settings.penalty = p.real("penalty");
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

std::vector<ParameterSpec> ganPlaneParameters() {
  const auto own = [](auto spec) {
    return std::move(spec).live().grouped("updates").onlyWhen("settings", {"own"});
  };
  return {
      choice("target", {"ring", "grid", "moons", "swiss-roll", "line", "drawn"}, "ring")
          .live()
          .grouped("target"),
      points("drawn", heart())
          .range(-1.5, 1.5)
          .live()
          .grouped("target")
          .draggedOn("plane")
          .onlyWhen("target", {"drawn"}),
      real("sigma", 0.01).range(0.001, 0.3).logarithmic().live().grouped("target"),
      choice("loss",
             {"minimax", "non-saturating", "least-squares", "wasserstein-clip", "wasserstein-gp",
              "hinge-sn"},
             "non-saturating")
          .live()
          .grouped("updates"),
      choice("train", {"both", "d-only", "g-only"}, "both").live().grouped("updates"),
      choice("settings", {"own", "published"}, "own").live().grouped("updates"),
      own(integer("d_steps", 1).range(1, 20)),
      own(integer("g_steps", 1).range(1, 20)),
      own(real("d.lr", 1e-3).range(1e-6, 1).logarithmic()),
      own(real("g.lr", 1e-3).range(1e-6, 1).logarithmic()),
      own(choice("optimizer", {"adam", "rmsprop", "sgd"}, "adam")),
      own(real("beta1", 0.5).range(0, 0.99)),
      own(real("beta2", 0.999).range(0, 0.9999)),
      own(real("lr_end", 0.02).range(0.001, 1).logarithmic()),
      own(integer("lr_steps", 16000).range(100, 1000000).logarithmic()),
      real("clip", 0.01)
          .range(0.001, 1)
          .logarithmic()
          .live()
          .grouped("updates")
          .onlyWhen("loss", {"wasserstein-clip"}),
      real("penalty", 0.1)
          .range(0, 100)
          .stepping(0.1)
          .live()
          .grouped("updates")
          .onlyWhen("loss", {"wasserstein-gp"}),
      integer("d_warmup", 0).range(0, 5000).grouped("updates"),
      integer("batch_size", 256).range(8, 1024).logarithmic().grouped("nets"),
      integer("noise_dim", 2).range(1, 64).logarithmic().grouped("nets"),
      integer("hidden", 64).range(4, 256).logarithmic().grouped("nets"),
      integer("evaluate_every", 100).range(1, 2000).logarithmic().grouped("display"),
      toggle("slow_motion", false).live().grouped("display"),
  };
}

std::vector<RecordSpec> ganPlaneRecords(const Parameters&) {
  std::vector<RecordSpec> records;
  for (const char* name :
       {"d_loss", "g_loss", "modes_covered", "high_quality", "kl_to_uniform", "top3_share",
        "wasserstein", "d_real", "d_fake", "sample_gradient", "d_slope"})
    records.push_back({name, name == std::string_view("kl_to_uniform") ? "unit.nats" : ""});
  return records;
}

std::optional<Message> validateGanPlane(const Parameters& p) {
  if (p[kTarget] != PlaneTargetKind::Drawn) return std::nullopt;
  std::set<std::pair<double, double>> places;
  for (const auto& point : p[kDrawn].points) places.emplace(point.x, point.y);
  const auto different = static_cast<std::int64_t>(places.size());
  if (different < kFewestDrawn)
    return Message{"error.gan.drawing_too_small", {{"points", different}, {"least", kFewestDrawn}}};
  return std::nullopt;
}

std::vector<ViewSpec> ganPlaneViews() {
  std::vector<ViewSpec> views{
      plane("plane", axis("axis.plane_x"), axis("axis.plane_y")),
      series("losses", {"d_loss", "g_loss"}, axis("axis.gan_loss")),
      bars("modes", axis("axis.mode"), axis("axis.share_of_samples")),
      series("quality", {"high_quality"}, axis("axis.high_quality")),
      series("coverage", {"modes_covered"}, axis("axis.modes_covered")),
      series("distance", {"wasserstein"}, axis("axis.sliced_wasserstein", true)),
      series("imbalance", {"kl_to_uniform"}, axis("axis.kl_to_uniform", false, "unit.nats")),
      series("gradient", {"sample_gradient"}, axis("axis.sample_gradient", true)),
      series("slope", {"d_slope"}, axis("axis.d_slope", true)),
      series("opinions", {"d_real", "d_fake"}, axis("axis.discriminator_output")),
      histogram("critic_weights", axis("axis.critic_weight"), axis("axis.weights_count")),
      table("numbers"),
      verdict("part"),
      verdict("alarm"),
      verdict("verdict"),
  };
  views[0].room = Room::Large;
  views[0].equal_scale = true;
  views[0].drags = {"drawn"};
  const std::set<std::string> small{"distance", "imbalance", "gradient",      "slope",
                                    "opinions", "part",      "critic_weights"};
  for (ViewSpec& view : views)
    if (small.count(view.id)) view.room = Room::Small;
  return views;
}

std::vector<Preset> ganPlanePresets() {
  return {
      {"healthy-ring", {}, 16000, {"plane", "modes", "quality", "verdict"}},
      // The generator is three updates ahead each turn: it runs to where the discriminator is
      // fooled now, all points at once, and the discriminator follows. Wide modes, so that
      // whoever comes by a mode also hits it.
      {"mode-collapse",
       {{"g_steps", "3"}, {"sigma", "0.08"}, {"lr_end", "1"}},
       4000,
       {"plane", "modes", "coverage", "alarm", "verdict"}},
      // Plain gradient descent: Adam divides a small gradient by its size and hides the trouble.
      {"saturating-generator",
       {{"loss", "minimax"},
        {"d_warmup", "500"},
        {"optimizer", "sgd"},
        {"d.lr", "0.2"},
        {"g.lr", "0.0005"},
        {"lr_end", "1"},
        {"evaluate_every", "20"}},
       1000,
       {"plane", "gradient", "opinions", "verdict"}},
      {"discriminator-too-strong",
       {{"d_steps", "10"}, {"d.lr", "0.01"}, {"lr_end", "1"}},
       1500,
       {"plane", "modes", "opinions", "verdict"}},
      {"least-squares",
       {{"loss", "least-squares"}, {"lr_steps", "6000"}},
       6000,
       {"plane", "modes", "quality", "verdict"}},
      {"weight-clipping-limits",
       {{"loss", "wasserstein-clip"}, {"settings", "published"}},
       3000,
       {"plane", "critic_weights", "slope", "verdict"}},
      {"gradient-penalty",
       {{"loss", "wasserstein-gp"}, {"d_steps", "5"}, {"lr_steps", "3000"}},
       3000,
       {"plane", "modes", "slope", "verdict"}},
      // Wide modes: a slope of at most 1 cannot tell two places a hundredth apart.
      {"spectral-norm",
       {{"loss", "hinge-sn"},
        {"sigma", "0.05"},
        {"d_steps", "5"},
        {"d.lr", "0.002"},
        {"g.lr", "0.0005"},
        {"lr_steps", "2000"}},
       2000,
       {"plane", "modes", "slope", "verdict"}},
      {"drawn-by-hand",
       {{"target", "drawn"}, {"sigma", "0.02"}, {"loss", "least-squares"}, {"lr_steps", "2500"}},
       2500,
       {"plane", "distance", "losses", "verdict"}},
      // Twice the usual rates, so that the eye can follow a single update.
      {"one-update",
       {{"slow_motion", "true"}, {"d.lr", "0.002"}, {"g.lr", "0.002"}, {"lr_end", "1"}},
       90,
       {"plane", "losses", "part", "verdict"}},
  };
}

PlaneTarget targetOf(const Parameters& p) {
  std::vector<PlanePoint> drawn;
  for (const auto& point : p[kDrawn].points) drawn.push_back({point.x, point.y});
  return {p[kTarget], p[kSigma], drawn};
}

}  // namespace viva
