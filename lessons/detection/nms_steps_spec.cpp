// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"
#include "lessons/core/error.h"
#include "lessons/detection/lessons.h"
#include "lessons/detection/nms_steps.h"

namespace viva {
namespace {

const std::string kId = "nms-steps";

/// Two objects that stand close: boxes on either, whose best ones overlap by 0.54.
const char* const kCrowd =
    "0 0 10 20 .95; 0.5 0.5 10.5 20.5 .9; 3 0 13 20 .85; 2.5 0.5 12.5 20.5 .8";
const char* const kCrowdObjects = "0 0 10 20; 3 0 13 20";

std::optional<bool> onceAllAreDecided(const SuppressionState& s, bool holds) {
  if (!s.is_finished) return std::nullopt;
  return holds;
}

const Claims<SuppressionState> kClaims{
    {"duplicates", 5,
     [](const SuppressionState& s) {
       return onceAllAreDecided(
           s, s.kept() < static_cast<std::int64_t>(s.suppression.boxes().size()) &&
                  s.found() == static_cast<std::int64_t>(s.objects.size()) &&
                  s.kept() == s.found());
     },
     When::Once},
    {"crowd", 4,
     [](const SuppressionState& s) {
       return onceAllAreDecided(s, s.found() < static_cast<std::int64_t>(s.objects.size()));
     },
     When::Once},
    {"soft-keeps-it", 4,
     [](const SuppressionState& s) {
       const auto greedy = suppressed(s.suppression.boxes(), {Suppressing::Greedy, 0.5});
       return onceAllAreDecided(s, s.found() == static_cast<std::int64_t>(s.objects.size()) &&
                                       foundBy(greedy, s.objects) < s.found());
     },
     When::Once},
};

std::vector<RecordSpec> records(const Parameters&) {
  return {{"kept", ""}, {"suppressed", ""}, {"found", ""}};
}

std::optional<Message> validate(const Parameters& p) {
  return problemFoundBy([&] {
    const bool has_boxes = !scoredBoxesIn(p[kScoredBoxes].text).empty();
    const bool has_objects = p[kObjects].text.empty() || !boxesIn(p[kObjects].text).empty();
    if (!has_boxes || !has_objects) throw RequestError({"error.boxes.none", {}});
  });
}

std::vector<Preset> presets() {
  return {
      preset("duplicates")
          .with({{"boxes",
                  "0 0 10 10 .9; 1 1 11 11 .8; 0 1 10 11 .7; 20 20 30 30 .6; 21 20 31 30 .95"},
                 {"objects", "0 0 10 10; 21 20 31 30"}})
          .lasting(5)
          .showing("plane", {"decisions", "scores"}),
      preset("crowd")
          .with({{"boxes", kCrowd}, {"objects", kCrowdObjects}})
          .lasting(4)
          .showing("plane", {"decisions", "scores"}),
      preset("soft-keeps-it")
          .with({{"boxes", kCrowd}, {"objects", kCrowdObjects}, {"method", "soft-gaussian"}})
          .lasting(4)
          .showing("plane", {"scores", "decisions"}),
  };
}

}  // namespace

VerdictData nmsVerdict(const std::string& preset, std::int64_t step, const SuppressionState& s) {
  const auto decided = static_cast<std::int64_t>(s.suppression.decided().size());
  Arguments numbers{{"decided", decided},
                    {"boxes", static_cast<std::int64_t>(s.suppression.boxes().size())},
                    {"kept", s.kept()},
                    {"suppressed", decided - s.kept()},
                    {"objects", static_cast<std::int64_t>(s.objects.size())},
                    {"found", s.found()}};
  return judged(kId, kClaims, preset, step, s, std::move(numbers));
}

const ExperimentSpec& nmsSteps() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kScoredBoxes, kObjects, kMethod, kThreshold, kSigma};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return false; };
    made.views = {plane("plane").xAxis("axis.plane_x").yAxis("axis.plane_y").equalScale(),
                  table("decisions"), bars("scores").yAxis("axis.score"),
                  series("counts", {"kept", "suppressed", "found"}).yAxis("axis.box_count").small(),
                  verdict("verdict")};
    made.checks = {"pairs"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 2000;
    made.sources = {"lessons/detection/nms_steps.cpp", "lessons/detection/suppression.cpp",
                    "lessons/detection/box_rows.cpp"};
    made.make = makeNmsSteps;
    return made;
  }();
  return spec;
}

}  // namespace viva
