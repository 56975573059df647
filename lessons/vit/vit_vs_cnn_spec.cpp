// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/count_text.h"
#include "lessons/core/number_text.h"
#include "lessons/vit/lessons.h"
#include "lessons/vit/vit_vs_cnn.h"

namespace viva {
namespace {

const std::string kId = "vit-vs-cnn";
const std::string kProgram = "resources/lessons/vit/vit_vs_cnn.py";

using Mood = VerdictData::Mood;

std::string patchId(std::int64_t patch) { return "patch-" + std::to_string(patch); }
std::string sizeId(const std::string& kind, std::int64_t share) {
  return share == 1 ? kind : kind + (share == 10 ? "-tenth" : "-hundredth");
}

/// The net whose patches have that many pixels.
const VitStanding* withPatch(const ContestState& s, std::int64_t patch) {
  const auto found = std::find_if(s.nets.begin(), s.nets.end(), [&](const auto& some) {
    return some.net.is_vit && some.net.patch == patch;
  });
  return found == s.nets.end() ? nullptr : &*found;
}

/// One of the nets that a claim is about; Claim::applies has seen that it is there.
const VitStanding& netOf(const ContestState& s, const std::string& id) { return *s.net(id); }
/// Accuracy on moved test images.
double shiftedOf(const ContestState& s, const VitStanding& net) {
  return net.shifted.at(static_cast<std::size_t>(s.shift));
}

/// By how much the CNN is ahead on a share of the images.
double gapAt(const ContestState& s, std::int64_t share) {
  return netOf(s, sizeId(kCnn, share)).accuracy - netOf(s, sizeId(kVit, share)).accuracy;
}

/// Both have learned their images by heart, and one of them little else.
std::optional<bool> cnnNeedsLess(const ContestState& s) {
  const VitStanding &vit = netOf(s, kVit), &cnn = netOf(s, kCnn);
  return vit.train_accuracy >= 0.98 && cnn.train_accuracy >= 0.98 &&
         cnn.accuracy - vit.accuracy > 0.08;
}

std::optional<bool> gapCloses(const ContestState& s) {
  return gapAt(s, 100) > gapAt(s, 10) + 0.02 && gapAt(s, 10) > gapAt(s, 1) && gapAt(s, 1) > 0 &&
         gapAt(s, 1) < 0.6 * gapAt(s, 100);
}

/// Ahead of a rival that has nothing left to learn of its own images.
std::optional<bool> vitOvertakes(const ContestState& s) {
  const VitStanding &vit = netOf(s, kVit), &cnn = netOf(s, kCnn);
  return cnn.train_accuracy >= 0.95 && vit.accuracy - cnn.accuracy > 0.2;
}

/// Ahead of a rival that has not even learned its own images, behind one that has.
std::optional<bool> overtakesFalsely(const ContestState& s) {
  const VitStanding &vit = netOf(s, kVit), &cnn = netOf(s, kCnn), &untuned = netOf(s, kUntuned);
  return vit.accuracy > untuned.accuracy + 0.02 &&
         untuned.train_accuracy < vit.train_accuracy - 0.03 && cnn.accuracy > vit.accuracy + 0.02;
}

std::optional<bool> bothTransfer(const ContestState& s) {
  if (s.learned == 0) return std::nullopt;
  const VitStanding &vit = netOf(s, kVit), &cnn = netOf(s, kCnn);
  return vit.accuracy > netOf(s, kVitScratch).accuracy + 0.04 &&
         cnn.accuracy > netOf(s, kCnnScratch).accuracy + 0.02 && cnn.accuracy > vit.accuracy;
}

std::optional<bool> onlyVitFalls(const ContestState& s) {
  const VitStanding &vit = netOf(s, kVit), &cnn = netOf(s, kCnn);
  return vit.accuracy > 0.75 && shiftedOf(s, vit) < vit.accuracy - 0.3 &&
         shiftedOf(s, cnn) > cnn.accuracy - 0.15;
}

/// To the last digit of float32 nothing for the net without positions, most for the others.
std::optional<bool> orderIsInPositions(const ContestState& s) {
  const VitStanding &with = netOf(s, kVit), &without = netOf(s, kNoPositions),
                    &cnn = netOf(s, kCnn);
  return without.order_effect < 1e-3 && without.accuracy > 2 * s.chance &&
         with.accuracy > without.accuracy && with.shuffled < with.accuracy - 0.3 &&
         cnn.shuffled < cnn.accuracy - 0.3;
}

/// From nothing to more than the spread of what was drawn.
std::optional<bool> gridGrows(const ContestState& s) {
  const VitStanding &moved = netOf(s, kVitShifted), &still = netOf(s, kVit);
  return std::abs(moved.grid_at_start) < 0.15 && moved.grid.value_or(0) > 0.2 &&
         still.grid.value_or(0) < 0.1;
}

/// The finest costs the most and is not the best after these updates.
std::optional<bool> finerIsDearer(const ContestState& s) {
  const VitStanding *fine = withPatch(s, 2), *middle = withPatch(s, 4);
  return fine->macs > 4 * middle->macs && fine->attention_macs == 16 * middle->attention_macs &&
         fine->accuracy < middle->accuracy;
}

bool isOf(const ContestState& s, Contest contest) { return s.contest == contest; }

const Claims<ContestState> kClaims{
    {"little-data", 400, cnnNeedsLess, When::Until, nullptr,
     [](const ContestState& s) { return s.net(kVit) && s.net(kCnn); }},
    {"the-gap-closes", 500, gapCloses, When::From, nullptr,
     [](const ContestState& s) { return isOf(s, Contest::Sizes); }},
    {"far-apart-relation", 500, vitOvertakes, When::Until, nullptr,
     [](const ContestState& s) { return s.data == ContestData::Relation && s.net(kVit); }},
    {"an-unfair-rival", 500, overtakesFalsely, When::From, nullptr,
     [](const ContestState& s) { return isOf(s, Contest::UntunedCnn); }},
    {"pretrain-and-transfer", 800, bothTransfer, When::From,
     [](const ContestState& s, Mood) { return std::string(s.learned > 0 ? "" : "learning"); },
     [](const ContestState& s) { return s.net(kVitScratch) != nullptr; }},
    {"shift", 500, onlyVitFalls, When::From, nullptr,
     [](const ContestState& s) { return s.net(kVit) && s.net(kCnn); }},
    {"shuffle-the-patches", 500, orderIsInPositions, When::From, nullptr,
     [](const ContestState& s) { return isOf(s, Contest::Positions); }},
    {"a-grid-grows", 600, gridGrows, When::Until, nullptr,
     [](const ContestState& s) { return isOf(s, Contest::Augmentation); }},
    {"patch-size", 500, finerIsDearer, When::From, nullptr,
     [](const ContestState& s) { return withPatch(s, 2) && withPatch(s, 4) && withPatch(s, 8); }},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  for (const VitContestant& net : vitContestantsIn(p)) {
    if (hasLoss(net, isPretrained(p))) records.push_back({net.id + "/loss", "unit.nats"});
    records.push_back({net.id + "/train_accuracy", ""});
    records.push_back({net.id + "/accuracy", ""});
    records.push_back({net.id + "/shifted_accuracy", ""});
    records.push_back({net.id + "/shuffled_accuracy", ""});
    if (net.is_vit && net.has_positions) records.push_back({net.id + "/grid", ""});
    if (net.is_pretrained) records.push_back({net.id + "/glyph_accuracy", ""});
  }
  return records;
}

std::vector<ViewSpec> views() {
  return {
      series("accuracy", {"*/accuracy"}).yAxis("axis.test_accuracy").large(),
      series("train", {"*/train_accuracy"}).yAxis("axis.own_accuracy"),
      table("standings"),
      series("dial", {}).xAxis("axis.training_images").logarithmicX().yAxis("axis.test_accuracy"),
      series("shifts", {}).xAxis("axis.moved_pixels").yAxis("axis.test_accuracy"),
      images("changed"),
      images("rollout"),
      images("position_grid"),
      series("grid", {"*/grid"}).yAxis("axis.neighbour_cosine").small(),
      matrix("position_similarity").xAxis("axis.vit_position").yAxis("axis.vit_position").small(),
      bars("attention_distance").xAxis("axis.vit_head").yAxis("axis.looking_distance").small(),
      bars("costs").xAxis("axis.image_cost").yAxis("axis.vit_count").small(),
      series("loss", {"*/loss"}).yAxis("axis.train_loss", "unit.nats").logarithmicY().small(),
      series("shifted", {"*/shifted_accuracy"}).yAxis("axis.test_accuracy").small(),
      series("shuffled", {"*/shuffled_accuracy"}).yAxis("axis.test_accuracy").small(),
      series("transfer", {}).xAxis("axis.image_updates").yAxis("axis.test_accuracy").small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("little-data")
          .with({{"images", "100"}, {"anneal", "400"}})
          .lasting(400)
          .heavy()
          .showing("accuracy", {"train", "rollout"}),
      preset("the-gap-closes")
          .with({{"images", "10000"}, {"compare", "sizes"}})
          .lasting(500)
          .heavy()
          .showing("dial", {"accuracy", "standings"}),
      preset("far-apart-relation")
          .with({{"dataset", "relation"},
                 {"noise", "0.3"},
                 {"cnn_head", "flatten"},
                 {"cnn.lr", "0.003"}})
          .lasting(500)
          .heavy()
          .showing("accuracy", {"train", "rollout"}),
      preset("an-unfair-rival")
          .with({{"images", "3000"}, {"compare", "untuned-cnn"}})
          .lasting(500)
          .heavy()
          .showing("accuracy", {"train", "standings"}),
      preset("pretrain-and-transfer")
          .with({{"images", "100"}, {"pretrained", "true"}, {"anneal", "200"}})
          .lasting(800)
          .heavy()
          .showing("transfer", {"standings", "accuracy"}),
      preset("shift")
          .with({{"images", "3000"}})
          .lasting(500)
          .heavy()
          .showing("shifts", {"changed", "accuracy"}),
      preset("shuffle-the-patches")
          .with({{"images", "3000"}, {"compare", "positions"}})
          .lasting(500)
          .heavy()
          .showing("shuffled", {"accuracy", "changed"}),
      preset("a-grid-grows")
          .with(
              {{"images", "3000"}, {"compare", "augmentation"}, {"lr", "0.003"}, {"anneal", "600"}})
          .lasting(600)
          .heavy()
          .showing("position_grid", {"grid", "position_similarity"}),
      preset("patch-size")
          .with({{"compare", "patches"}})
          .lasting(500)
          .heavy()
          .showing("accuracy", {"costs", "standings"}),
  };
}

std::optional<Phase> phase(const Parameters& p) {
  if (!isPretrained(p)) return std::nullopt;
  return Phase{"vit-glyphs/1",
               p[kPretraining],
               {"dataset",      "image_file", "label_file",  "images", "noise",
                "placement",    "rearranged", "compare",     "patch",  "cnn_head",
                "lr",           "cnn.lr",     "warmup",      "anneal", "batch_size",
                "augmentation", "pretrained", "pretraining", "shift",  "evaluate_every"}};
}

}  // namespace

bool isPretrained(const Parameters& p) { return p[kPretrained] && p[kContest] == Contest::Cnn; }

std::vector<VitContestant> vitContestantsIn(const Parameters& p) {
  const std::int64_t images = p[kImages], patch = p[kPatch];
  const auto vit = [&](const std::string& id) {
    VitContestant net;
    net.id = id, net.images = images, net.patch = patch;
    return net;
  };
  const auto cnn = [&](const std::string& id) {
    VitContestant net = vit(id);
    net.is_vit = false;
    return net;
  };
  std::vector<VitContestant> nets{vit(kVit), cnn(kCnn)};
  switch (p[kContest]) {
    case Contest::Cnn:
      if (!isPretrained(p)) break;
      for (VitContestant& net : nets) net.is_pretrained = true;
      nets.push_back(vit(kVitScratch));
      nets.push_back(cnn(kCnnScratch));
      break;
    case Contest::Sizes:
      for (const std::int64_t share : {10, 100})
        for (VitContestant net : {vit(sizeId(kVit, share)), cnn(sizeId(kCnn, share))}) {
          net.images = images / share;
          nets.push_back(net);
        }
      break;
    case Contest::Patches:
      for (const std::int64_t other : kContestPatches) {
        if (other == patch) continue;
        nets.push_back(vit(patchId(other)));
        nets.back().patch = other;
      }
      break;
    case Contest::Positions:
      nets.push_back(vit(kNoPositions));
      nets.back().has_positions = false;
      break;
    case Contest::UntunedCnn:
      nets.push_back(cnn(kUntuned));
      nets.back().is_tuned = false;
      break;
    case Contest::Augmentation:
      nets.push_back(vit(kVitShifted));
      nets.back().is_augmented = true;
      break;
  }
  return nets;
}

const VitStanding* ContestState::net(std::string_view id) const {
  const auto found =
      std::find_if(nets.begin(), nets.end(), [&](const auto& some) { return some.net.id == id; });
  return found == nets.end() ? nullptr : &*found;
}

std::optional<Message> problemWithContest(const Parameters& p) {
  if (std::find(kContestPatches.begin(), kContestPatches.end(), p[kPatch]) == kContestPatches.end())
    return Message{"error.vit.patch", {{"patch", p[kPatch]}, {"side", kContestSide}}};
  constexpr std::int64_t kLeastOfDial = 1000;
  if (p[kContest] == Contest::Sizes && p[kImages] < kLeastOfDial)
    return Message{"error.vit.dial", {{"images", p[kImages]}, {"least", kLeastOfDial}}};
  if (p[kDataset] == ContestData::File && p[kImageFile].path.empty())
    return Message{"error.images.no_file", {}};
  return std::nullopt;
}

VerdictData contestVerdict(const std::string& preset, const ContestState& s) {
  const auto best =
      std::max_element(s.nets.begin(), s.nets.end(),
                       [](const auto& a, const auto& b) { return a.accuracy < b.accuracy; });
  Arguments numbers{{"best", Word{kId + ".curve." + best->net.id}},
                    {"best_accuracy", percent(best->accuracy)},
                    {"chance", percent(s.chance)},
                    {"images", grouped(s.nets.front().net.images)},
                    {"pixels", s.shift}};
  for (const VitStanding& net : s.nets) {
    std::string name = net.net.id;
    std::replace(name.begin(), name.end(), '-', '_');
    numbers.emplace_back(name, percent(net.accuracy));
    numbers.emplace_back(name + "_train", percent(net.train_accuracy));
    numbers.emplace_back(name + "_moved", percent(shiftedOf(s, net)));
    numbers.emplace_back(name + "_shuffled", percent(net.shuffled));
    if (net.grid) numbers.emplace_back(name + "_grid", withDecimals(*net.grid, 2));
    if (net.grid) numbers.emplace_back(name + "_grid_start", withDecimals(net.grid_at_start, 2));
  }
  for (const std::int64_t patch : kContestPatches)
    if (const VitStanding* net = withPatch(s, patch)) {
      const std::string name = "p" + std::to_string(patch);
      numbers.emplace_back(name, percent(net->accuracy));
      numbers.emplace_back(name + "_tokens", net->tokens);
      numbers.emplace_back(name + "_macs", grouped(net->macs));
    }
  for (std::size_t i = 0; i < s.glyphs.size() && i < s.nets.size(); ++i)
    numbers.emplace_back(s.nets[i].net.id + "_glyphs", percent(s.glyphs[i]));
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& vitVsCnn() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kDataset,   kImageFile,  kLabelFile,   kImages, kNoise,
                       kPlaces,    kRearranged, kContest,     kPatch,  kHead,
                       kVitRate,   kCnnRate,    kWarmup,      kAnneal, kBatchSize,
                       kAugmented, kPretrained, kPretraining, kShift,  kEvaluateEvery};
    made.records = records;
    made.validate = problemWithContest;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"written-out", "convolution", "modules"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.phase = phase;
    made.default_steps = 500;
    made.sources = {"lessons/vit/vit_vs_cnn.cpp",     "lessons/vit/vision_transformer.cpp",
                    "lessons/vit/contest_net.cpp",    "lessons/vit/contest_cnn.cpp",
                    "lessons/vit/contest_images.cpp", "lessons/nn/transformer.cpp"};
    made.equivalent = kProgram;
    made.make = makeVitVsCnn;
    return made;
  }();
  return spec;
}

}  // namespace viva
