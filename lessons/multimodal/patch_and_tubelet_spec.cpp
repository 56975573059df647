// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/multimodal/lessons.h"
#include "lessons/multimodal/patch_and_tubelet.h"

namespace viva {
namespace {

const std::string kId = "patch-and-tubelet";
const std::string kProgram = "resources/lessons/multimodal-inputs/patch_and_tubelet.py";
constexpr std::int64_t kFrames = 8, kSide = 16;

/// A clip and the same clip backwards are one bag of frames: one of both answers is wrong.
std::optional<bool> seesMotion(const ClipState& s) {
  return s.find(kTubelet)->moving >= 0.9 && s.find(kPerFrame)->moving <= 0.51;
}

/// A still clip gives the picture's own tokens, so the shapes are named before the first clip; of
/// moving ones the middle frame is sharp.
std::optional<bool> startsKnowing(const ClipState& s) {
  const ClipStanding *inflated = s.find(kInflated), *central = s.find(kCentralFrame),
                     *fresh = s.find(kTubelet);
  return *s.token_error < 1e-4 && inflated->first_still == *s.picture &&
         central->first_still == *s.picture && fresh->first_still <= 0.4 && *s.picture >= 0.5 &&
         central->first_moving >= inflated->first_moving + 0.05;
}

std::optional<bool> quadruples(const ClipState& s) {
  const ClipStanding *two = s.find(kPatchTwo), *four = s.find(kPatchFour),
                     *eight = s.find(kPatchEight);
  return two->tokens == 4 * four->tokens && four->tokens == 4 * eight->tokens &&
         std::max(four->still, eight->still) >= 0.45;
}

std::function<bool(const ClipState&)> hasNet(const std::string& id) {
  return [id](const ClipState& s) { return s.find(id) != nullptr; };
}

const Claims<ClipState> kClaims{
    {"tubelets-see-motion", 150, seesMotion, When::Until, nullptr, hasNet(kPerFrame)},
    {"inflated-weights", 100, startsKnowing, When::From, nullptr, hasNet(kInflated)},
    {"patches", 600, quadruples, When::From, nullptr, hasNet(kPatchTwo)},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  for (const ClipNetSetting& net : clipNetsOf(p)) {
    records.push_back({net.id + "/loss", "unit.nats"});
    records.push_back({net.id + "/tokens", ""});
    for (const char* name : {"/accuracy", "/still_accuracy"})
      records.push_back({net.id + name, ""});
  }
  if (p[kClipCompare] == ClipRival::Initialisation) records.push_back({"picture", ""});
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  if (p[kClipCompare] == ClipRival::Patch) return std::nullopt;
  if (kFrames % p[kTubeletFrames] != 0)
    return Message{"error.tubelet.frames", {{"tubelet", p[kTubeletFrames]}, {"frames", kFrames}}};
  if (kSide % p[kPatchSide] != 0)
    return Message{"error.tubelet.patch", {{"patch", p[kPatchSide]}, {"side", kSide}}};
  return std::nullopt;
}

std::optional<Phase> phase(const Parameters& p) {
  if (p[kClipCompare] != ClipRival::Initialisation || p[kPictureUpdates] == 0) return std::nullopt;
  return Phase{"picture-net/1", 0, {"patch", "picture_updates", "batch_size", "lr"}};
}

std::vector<ViewSpec> views() {
  return {
      series("accuracy", {"*/accuracy"}).yAxis("axis.clip_right"),
      series("still", {"*/still_accuracy"}).yAxis("axis.clip_right"),
      images("clip"),
      images("filters"),
      table("counts"),
      table("standings"),
      series("loss", {"*/loss"}).yAxis("axis.clip_loss", "unit.nats").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("patches")
          .with({{"compare", "patch"}})
          .lasting(600)
          .heavy()
          .showing("counts", {"accuracy", "filters"}),
      preset("tubelets-see-motion").lasting(150).showing("accuracy", {"clip", "filters"}),
      preset("inflated-weights")
          .with({{"compare", "initialisation"}})
          .lasting(100)
          .showing("still", {"accuracy", "standings"}),
  };
}

}  // namespace

std::vector<ClipNetSetting> clipNetsOf(const Parameters& p) {
  const std::int64_t frames = p[kTubeletFrames], side = p[kPatchSide];
  switch (p[kClipCompare]) {
    case ClipRival::Motion:
      return {{kPerFrame, 1, side}, {kTubelet, frames, side}};
    case ClipRival::Initialisation:
      return {{kInflated, frames, side}, {kCentralFrame, frames, side}, {kTubelet, frames, side}};
    case ClipRival::Patch:
      break;
  }
  return {{kPatchTwo, 1, 2}, {kPatchFour, 1, 4}, {kPatchEight, 1, 8}};
}

const ClipStanding* ClipState::find(std::string_view id) const {
  const auto found = std::ranges::find_if(standings, [&](const auto& s) { return s.id == id; });
  return found == standings.end() ? nullptr : &*found;
}

VerdictData clipVerdict(const std::string& preset, const ClipState& s) {
  Arguments numbers{{"picture", percent(s.picture.value_or(0))},
                    {"token_error", s.token_error.value_or(0)}};
  std::string all;
  for (const ClipStanding& standing : s.standings) {
    std::string name = standing.id;
    std::ranges::replace(name, '-', '_');
    numbers.emplace_back(name + "_direction", percent(standing.moving));
    numbers.emplace_back(name + "_still", percent(standing.still));
    numbers.emplace_back(name + "_moving", percent(standing.moving));
    numbers.emplace_back(name + "_first", percent(standing.first_still));
    numbers.emplace_back(name + "_first_moving", percent(standing.first_moving));
    numbers.emplace_back(name + "_tokens", standing.tokens);
    numbers.emplace_back(name + "_scores", standing.tokens * standing.tokens);
    if (!all.empty()) all += ", ";
    all += percent(standing.moving);
  }
  numbers.emplace_back("all", all);
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& patchAndTubelet() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kClipCompare, kTubeletFrames, kPatchSide, kPictureUpdates,
                       kClipBatch,   kClipRate,      kShownClip, kClipEvaluateEvery};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"convolution", "backwards"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.phase = phase;
    made.default_steps = 150;
    made.sources = {"lessons/multimodal/patch_and_tubelet.cpp", "lessons/multimodal/token_net.cpp",
                    "lessons/multimodal/moving_shapes.cpp"};
    made.equivalent = kProgram;
    made.make = makePatchAndTubelet;
    return made;
  }();
  return spec;
}

}  // namespace viva
