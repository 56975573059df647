// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include "lessons/core/claim.h"
#include "lessons/core/error.h"
#include "lessons/core/number_text.h"
#include "lessons/detection/average_precision.h"
#include "lessons/detection/lessons.h"

namespace viva {
namespace {

const std::string kId = "average-precision";

std::optional<bool> onceAllAreMatched(const PrecisionState& s, bool holds) {
  if (!s.isFinished()) return std::nullopt;
  return holds;
}

bool differ(double a, double b) { return std::abs(a - b) > 0.001; }

const Claims<PrecisionState> kClaims{
    {"three-rules-three-numbers", 7,
     [](const PrecisionState& s) {
       return onceAllAreMatched(s, differ(s.averages.at_11, s.averages.area) &&
                                       differ(s.averages.area, s.averages.at_101) &&
                                       differ(s.averages.at_11, s.averages.at_101));
     },
     When::Once},
    {"a-duplicate-is-false", 5,
     [](const PrecisionState& s) { return onceAllAreMatched(s, s.duplicates > 0); }, When::Once},
    {"score-cut-off", 4,
     [](const PrecisionState& s) {
       return onceAllAreMatched(s, s.averages.area < s.uncut_area - 0.05);
     },
     When::Once},
};

std::vector<RecordSpec> records(const Parameters&) {
  return {{"ap_11", ""}, {"ap_all", ""}, {"ap_101", ""}, {"precision", ""}, {"recall", ""}};
}

void requireEvaluable(const Parameters& p) {
  const auto truths = truthsIn(p[kTruths].text);
  if (truths.empty()) throw RequestError({"error.boxes.no_truth", {}});
  std::set<std::int64_t> images;
  for (const PlacedBox& truth : truths) images.insert(truth.image);
  for (const Detection& detection : detectionsIn(p[kDetections].text)) {
    if (images.contains(detection.image)) continue;
    std::string known;
    for (const std::int64_t image : images)
      known += (known.empty() ? "" : ", ") + std::to_string(image);
    throw RequestError(
        {"error.boxes.unknown_image", {{"image", detection.image}, {"images", known}}});
  }
}

std::optional<Message> validate(const Parameters& p) {
  return problemFoundBy([&] { requireEvaluable(p); });
}

std::vector<Preset> presets() {
  return {
      preset("three-rules-three-numbers")
          .lasting(7)
          .showing("precision_recall", {"averages", "matches"}),
      preset("a-duplicate-is-false")
          .with({{"truths", "1 0 0 10 10; 1 20 0 30 10; 1 40 0 50 10"},
                 {"detections",
                  "1 .95 0 0 10 10; 1 .9 1 0 11 10; 1 .8 20 0 30 10; 1 .7 21 1 31 11; "
                  "1 .6 40 0 50 10"}})
          .lasting(5)
          .showing("plane", {"matches", "precision_recall"}),
      preset("score-cut-off")
          .with({{"score_cut", "0.75"}})
          .lasting(4)
          .showing("precision_recall", {"averages", "matches"}),
  };
}

}  // namespace

VerdictData precisionVerdict(const std::string& preset, std::int64_t step,
                             const PrecisionState& s) {
  const auto right = std::count_if(s.matches.begin(), s.matches.begin() + std::ptrdiff_t(s.done),
                                   [](const Matched& match) { return match.is_true; });
  const Matched* last = s.done ? &s.matches[s.done - 1] : nullptr;
  return judged(kId, kClaims, preset, step, s,
                {{"done", static_cast<std::int64_t>(s.done)},
                 {"right", static_cast<std::int64_t>(right)},
                 {"wrong", static_cast<std::int64_t>(s.done) - right},
                 {"duplicates", s.duplicates},
                 {"at_11", withDecimals(s.averages.at_11, 4)},
                 {"area", withDecimals(s.averages.area, 4)},
                 {"at_101", withDecimals(s.averages.at_101, 4)},
                 {"uncut", withDecimals(s.uncut_area, 4)},
                 {"precision", withDecimals(last ? last->precision : 0, 3)},
                 {"recall", withDecimals(last ? last->recall : 0, 3)}});
}

const ExperimentSpec& averagePrecision() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kTruths, kDetections, kMatching, kLeastOverlap, kScoreCut};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return false; };
    made.views = {series("precision_recall", {})
                      .xAxis("axis.detection_recall")
                      .yAxis("axis.detection_precision"),
                  plane("plane").xAxis("axis.plane_x").yAxis("axis.plane_y").equalScale(),
                  table("matches"),
                  table("averages"),
                  series("averages_so_far", {"ap_11", "ap_all", "ap_101"})
                      .yAxis("axis.average_precision")
                      .small(),
                  verdict("verdict")};
    made.checks = {"area"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 2000;
    made.sources = {"lessons/detection/average_precision.cpp",
                    "lessons/detection/average_precision_curve.cpp",
                    "lessons/detection/box_rows.cpp"};
    made.make = makeAveragePrecision;
    return made;
  }();
  return spec;
}

}  // namespace viva
