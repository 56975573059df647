// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/maps_parameters.h"

#include <cmath>
#include <numbers>

namespace viva {
namespace {

/// Far out in all directions, and a few between the classes.
Points defaultPoints() {
  const auto rounded = [](double value) { return std::round(100 * value) / 100; };
  Points points;
  for (int i = 0; i < 24; ++i) {
    const double angle = 2 * std::numbers::pi * i / 24, radius = i % 2 == 0 ? 3 : 3.6;
    points.points.push_back(
        {rounded(radius * std::cos(angle)), rounded(radius * std::sin(angle)), 0});
  }
  for (const auto& [x, y] : {std::pair{0.0, 0.0}, {0.1, 0.1}, {-0.1, 0.05}, {0.0, -0.12}})
    points.points.push_back({x, y, 0});
  return points;
}

}  // namespace

std::vector<ParameterSpec> mapsParameters() {
  ParameterSpec drawn = points("ood_points").range(-5, 5).live().draggedOn("map").grouped("data");
  drawn.default_value = defaultPoints();
  std::vector<std::string> scores;
  for (int i = 0; i < kOodScores; ++i) scores.emplace_back(nameOf(static_cast<OodScore>(i)));
  return {
      choice("score", scores, "max-softmax").live().grouped("detecting"),
      real("threshold", 0.8).range(0, 1).stepping(0.01).live().grouped("detecting"),
      real("target_tpr", 0.95).range(0.5, 1).stepping(0.01).live().grouped("detecting"),
      toggle("evaluation_mode", true).live().grouped("detecting"),
      real("temperature", 1000)
          .range(1, 10000)
          .logarithmic()
          .live()
          .grouped("detecting")
          .onlyWhen("score", {"odin"}),
      real("epsilon", 0.02)
          .range(0, 0.5)
          .stepping(0.001)
          .live()
          .grouped("detecting")
          .onlyWhen("score", {"odin"}),
      std::move(drawn),
      choice("dataset", {"blobs", "moons"}, "blobs").grouped("data"),
      integer("hidden", 64).range(4, 128).logarithmic().grouped("training"),
      real("dropout", 0.2).range(0, 0.8).stepping(0.01).grouped("training"),
      real("lr", 0.2).range(1e-3, 1).logarithmic().live().grouped("training"),
  };
}

std::vector<RecordSpec> mapsRecords(const Parameters&) {
  std::vector<RecordSpec> records{{"train_loss", ""}, {"accuracy", ""}};
  for (const char* quantity : {"auroc", "fpr95"})
    for (int i = 0; i < kOodScores; ++i)
      records.push_back({std::string(nameOf(static_cast<OodScore>(i))) + "/" + quantity, ""});
  for (const char* name : {"false_alarms", "true_alarms", "far_confidence", "pass_difference"})
    records.push_back({name, ""});
  return records;
}

std::vector<ViewSpec> mapsViews() {
  std::vector<ViewSpec> views{
      plane("map", {"axis.plane_x", "", false}, {"axis.plane_y", "", false}),
      histogram("scores", {"axis.ood_score", "", false}, {"axis.sample_count", "", false}),
      plane("roc", {"axis.false_rate", "", false}, {"axis.true_rate", "", false}),
      table("metrics"),
      series("ray", {}, {"axis.confidence", "", false}),
      table("alarms"),
      series("auroc", {"*/auroc"}, {"axis.auroc", "", false}),
      series("training", {"train_loss"}, {"axis.batch_loss", "", true}),
      verdict("verdict"),
  };
  views[0].drags = {"ood_points"};
  views[0].equal_scale = true;
  views[0].room = Room::Large;
  views[4].x = {"axis.ray_distance", "", false};
  for (const std::size_t small : {4, 5, 6, 7}) views[small].room = Room::Small;
  return views;
}

std::vector<Preset> mapsPresets() {
  const std::vector<std::string> usual{"map", "scores", "roc", "metrics"};
  return {
      {"softmax-far-away", {}, 600, {"map", "ray", "scores", "metrics"}},
      {"energy-keeps-the-scale", {{"score", "energy"}}, 600, usual},
      {"odin", {{"score", "odin"}}, 600, {"map", "scores", "alarms", "metrics"}},
      {"mahalanobis", {{"score", "mahalanobis"}}, 600, usual},
      {"ensemble", {{"score", "ensemble"}}, 600, {"map", "ray", "roc", "metrics"}},
      {"mc-dropout", {{"score", "mc-dropout"}}, 600, {"map", "ray", "roc", "metrics"}},
      {"fixed-threshold", {}, 600, {"scores", "roc", "alarms", "map"}},
      {"evaluation-mode-forgotten", {{"evaluation_mode", "false"}, {"dropout", "0.5"}}, 600, usual},
  };
}

}  // namespace viva
