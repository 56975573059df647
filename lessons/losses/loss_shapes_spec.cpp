// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/losses/lessons.h"
#include "lessons/losses/loss_shapes.h"
#include "lessons/losses/losses.h"

namespace viva {
namespace {

const std::string kId = "loss-shapes";
const std::string kProgram = "resources/lessons/loss-functions/loss_shapes.py";

bool isDraggedAlong(const FitsReading& now) {
  return now.squared > 3 * now.absolute && now.squared > 0.2;
}

bool pullsNoHarderThanDelta(const FitsReading& now) {
  return std::abs(now.huber_pull - now.delta) < 1e-9 && now.squared_pull > 5 * now.huber_pull &&
         now.huber < 0.5 * now.squared;
}

const Claims<FitsReading> kClaims{
    {"outliers", 1500, isDraggedAlong},
    {"huber", 1500, pullsNoHarderThanDelta},
};

}  // namespace

Points pointsWithAnOutlier() {
  Points points;
  // Hundredths, as they are shown as text.
  for (int i = 0; i < 10; ++i) {
    const int x = -80 + 16 * i;
    points.points.push_back({x / 10.0, (4 * x + 100) / 100.0, 0});
  }
  points.points.push_back({7, -9, 0});
  return points;
}

VerdictData lossShapesVerdict(const std::string& preset, std::int64_t step,
                              const FitsReading& now) {
  if (now.points == 0) return {VerdictData::Mood::Open, {kId + ".verdict.no_points", {}}};
  return judged(kId, kClaims, preset, step, now,
                {{"squared", readable(now.squared)},
                 {"absolute", readable(now.absolute)},
                 {"huber", readable(now.huber)},
                 {"squared_pull", readable(now.squared_pull)},
                 {"huber_pull", readable(now.huber_pull)},
                 {"delta", readable(now.delta)},
                 {"points", now.points}});
}

const ExperimentSpec& lossShapes() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kDrawnPoints, kFitModel,   kFitRate,       kLossFamily,
                       kHuberDelta,  kShapeGamma, kShapeSmoothing};
    made.records = [](const Parameters&) {
      std::vector<RecordSpec> records;
      for (const auto& loss : kRegressionLosses)
        for (const char* quantity : {"slope", "offset", "loss", "median_residual"})
          records.push_back({loss.name + "/" + quantity, ""});
      return records;
    };
    made.uses_randomness = [](const Parameters&) { return false; };
    made.views = {plane("fit").xAxis("axis.fit_x").yAxis("axis.fit_y").dragging({"points"}),
                  series("value", {}).xAxis("axis.loss_argument").yAxis("axis.loss_value"),
                  series("slope", {}).xAxis("axis.loss_argument").yAxis("axis.loss_slope"),
                  bars("pull").xAxis("axis.point").yAxis("axis.pull"),
                  table("fits").small(),
                  series("loss", {"*/loss"}).yAxis("axis.own_loss").logarithmicY().small(),
                  verdict("verdict")};
    made.checks = {"slopes"};
    made.presets = {
        preset("outliers").lasting(3000).showing("fit", {"pull", "fits"}),
        preset("huber").with({{"delta", "0.5"}}).lasting(3000).showing("pull", {"fit", "slope"})};
    made.claims = claimsOf(kClaims);
    made.default_steps = 3000;
    made.sources = {"lessons/losses/loss_shapes.cpp", "lessons/losses/line_fit.cpp",
                    "lessons/losses/losses.cpp"};
    made.equivalent = kProgram;
    made.make = makeLossShapes;
    return made;
  }();
  return spec;
}

}  // namespace viva
