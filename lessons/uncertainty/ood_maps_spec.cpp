// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/uncertainty/maps_parameters.h"

#include <cmath>
#include <numbers>

namespace viva {
namespace {

double rounded(double value) { return std::round(100 * value) / 100; }

/// Far out in all directions.
Points farPoints() {
  Points points;
  for (int i = 0; i < 24; ++i) {
    const double angle = 2 * std::numbers::pi * i / 24, radius = i % 2 == 0 ? 3 : 3.6;
    points.points.push_back(
        {rounded(radius * std::cos(angle)), rounded(radius * std::sin(angle)), 0});
  }
  return points;
}

/// In the gaps between three clusters, which lie at 90, 210 and 330 degrees and a distance of 1.
Points gapPoints() {
  Points points;
  for (int gap = 0; gap < 3; ++gap)
    for (const double turn : {-14.0, 0.0, 14.0})
      for (const double radius : {0.35, 0.6, 0.85}) {
        const double angle = (30 + 120 * gap + turn) * std::numbers::pi / 180;
        points.points.push_back(
            {rounded(radius * std::cos(angle)), rounded(radius * std::sin(angle)), 0});
      }
  return points;
}

}  // namespace

std::vector<ParameterSpec> mapsParameters() {
  ParameterSpec drawn =
      points("ood_points").range(-kOodReach, kOodReach).live().draggedOn("map").grouped("data");
  drawn.default_value = farPoints();
  std::vector<ParameterSpec> parameters = detectingParameters(0.02);
  parameters.push_back(std::move(drawn));
  parameters.push_back(choice("dataset", {"blobs", "moons", "file"}, "blobs").grouped("data"));
  parameters.push_back(file("data_file").grouped("data").onlyWhen("dataset", {"file"}));
  for (ParameterSpec& parameter : oodTrainingParameters())
    parameters.push_back(std::move(parameter));
  return parameters;
}

std::optional<Message> mapsProblem(const Parameters& p) {
  if (p[kOodDataset] == OodData::File && p[kOodFile].path.empty())
    return Message{"error.csv.no_file", {}};
  return std::nullopt;
}

std::vector<RecordSpec> mapsRecords(const Parameters&) {
  std::vector<RecordSpec> records = scoreRecords();
  for (const char* name : {"far_confidence", "far_ensemble", "pass_difference"})
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
  const std::string gaps = formatValue(gapPoints());
  const std::vector<std::string> usual{"map", "scores", "roc", "metrics"};
  return {
      {"softmax-far-away", {}, 600, {"map", "ray", "scores", "metrics"}},
      {"energy-keeps-the-scale", {{"score", "energy"}}, 600, usual},
      {"odin",
       {{"score", "odin"}, {"ood_points", gaps}},
       600,
       {"map", "scores", "alarms", "metrics"}},
      {"mahalanobis", {{"score", "mahalanobis"}}, 600, usual},
      {"ensemble",
       {{"score", "ensemble"}, {"dataset", "moons"}},
       600,
       {"map", "ray", "roc", "metrics"}},
      {"mc-dropout",
       {{"score", "mc-dropout"}, {"dataset", "moons"}, {"dropout", "0.5"}},
       600,
       {"map", "ray", "roc", "metrics"}},
      {"fixed-threshold", {{"ood_points", gaps}}, 600, {"scores", "roc", "alarms", "map"}},
      {"evaluation-mode-forgotten", {{"evaluation_mode", "false"}, {"dropout", "0.5"}}, 600, usual},
  };
}

}  // namespace viva
