// SPDX-License-Identifier: GPL-3.0-or-later
// The losses as curves, and lines that they fit to points drawn by hand.
#pragma once

#include <memory>
#include <string>

#include "lessons/core/experiment.h"

namespace viva {

enum class LossFamily { Regression, Classification };
enum class FitModel { Line, Constant };

/// Of the plane that points are drawn on, to each side.
inline constexpr double kPlaneReach = 10;
/// Ten points on a line and one far off.
Points pointsWithAnOutlier();

inline const auto kDrawnPoints = points("points", pointsWithAnOutlier())
                                     .range(-kPlaneReach, kPlaneReach)
                                     .live()
                                     .draggedOn("fit")
                                     .grouped("fit");
inline const auto kFitModel =
    choice<FitModel>("model", {{FitModel::Line, "line"}, {FitModel::Constant, "constant"}})
        .live()
        .grouped("fit");
inline const auto kFitRate = real("lr", 0.5).range(0.01, 1).logarithmic().live().grouped("fit");
inline const auto kLossFamily =
    choice<LossFamily>("family", {{LossFamily::Regression, "regression"},
                                  {LossFamily::Classification, "classification"}})
        .live()
        .grouped("shapes");
inline const auto kHuberDelta =
    real("delta", 1).range(0.05, 10).logarithmic().live().grouped("shapes");
inline const auto kShapeGamma = real("gamma", 2)
                                    .range(0, 5)
                                    .stepping(0.1)
                                    .live()
                                    .grouped("shapes")
                                    .onlyWhen(kLossFamily, {LossFamily::Classification});
inline const auto kShapeSmoothing = real("smoothing", 0.1)
                                        .range(0, 0.5)
                                        .stepping(0.01)
                                        .live()
                                        .grouped("shapes")
                                        .onlyWhen(kLossFamily, {LossFamily::Classification});

/// How far half of the points lie from each line, and the strongest pull at two of them.
struct FitsReading {
  std::int64_t points = 0;
  double squared = 0, absolute = 0, huber = 0;
  double squared_pull = 0, huber_pull = 0;
  double delta = 1;
};
VerdictData lossShapesVerdict(const std::string& preset, std::int64_t step, const FitsReading& now);

std::unique_ptr<Experiment> makeLossShapes(const Parameters& parameters, const RunContext& context);

}  // namespace viva
