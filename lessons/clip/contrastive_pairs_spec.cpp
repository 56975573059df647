// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "lessons/clip/contrastive_pairs.h"
#include "lessons/clip/lessons.h"
#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"

namespace viva {
namespace {

const std::string kId = "contrastive-pairs";
const std::string kProgram = "resources/lessons/clip/contrastive_pairs.py";
constexpr std::int64_t kFewPairsInBatch = 8;
/// Updates by which a net has left ln N, and by which colours come before order.
constexpr std::int64_t kSoon = 40, kBeforeOrder = 30;

std::optional<bool> leavesChance(const PairState& s) {
  const PairStanding& own = s.own();
  return own.left_at && *own.left_at <= kSoon && own.zero_shot >= 0.9;
}

/// The loss of one pair is 0, exactly, and so is what is learned.
std::optional<bool> learnsNothingAlone(const PairState& s) {
  const PairStanding *one = s.find(kOnePair), *full = s.find(kFullBatch);
  return one->loss == 0 && one->moved == 0 && one->zero_shot <= 0.05 && full->loss > 0 &&
         full->zero_shot >= 0.9;
}

std::optional<bool> needsATemperature(const PairState& s) {
  const PairStanding *warm = s.find(kScaleOne), *cold = s.find(kScaleHundred),
                     *learned = s.find(kLearnedScale);
  return learned->zero_shot >= 0.9 && warm->zero_shot <= 0.6 && warm->loss >= warm->floor &&
         cold->zero_shot < learned->zero_shot;
}

std::optional<bool> namesByWords(const PairState& s) {
  const PairStanding& own = s.own();
  return own.zero_shot >= 0.95 && own.colour_by_word.value_or(0) >= 0.7 &&
         own.shape_by_word.value_or(0) >= 0.6;
}

std::optional<bool> namesTheUnseen(const PairState& s) { return *s.own().held_out >= 0.75; }

std::optional<bool> learnsWordsFirst(const PairState& s) {
  const PairStanding *ordered = s.find(kWithOrder), *bag = s.find(kBag);
  return ordered->colours_at && ordered->order_at &&
         *ordered->order_at >= *ordered->colours_at + kBeforeOrder && *bag->order_accuracy == 0.5 &&
         *bag->colour_accuracy >= kColoursKnown;
}

std::optional<bool> closesTheGap(const PairState& s) {
  const PairStanding *learned = s.find(kLearnedScale), *cold = s.find(kScaleHundred);
  return learned->first_gap >= 0.8 && learned->gap <= 0.2 && cold->gap >= 2 * learned->gap;
}

std::optional<bool> stopsAtTheFloor(const PairState& s) {
  const PairStanding *repeated = s.find(kRepeatedPairs), *distinct = s.find(kDistinctPairs);
  return repeated->loss >= repeated->floor - 1e-4 && repeated->loss <= repeated->floor + 0.5 &&
         distinct->loss <= 0.3 && repeated->zero_shot >= 0.4 &&
         repeated->zero_shot < distinct->zero_shot;
}

std::function<bool(const PairState&)> hasNet(const std::string& id) {
  return [id](const PairState& s) { return s.find(id) != nullptr; };
}

const Claims<PairState> kClaims{
    {"leave-ln-n", 400, leavesChance, When::Until},
    {"batch-of-one", 400, learnsNothingAlone, When::Until, nullptr, hasNet(kOnePair)},
    {"temperature", 400, needsATemperature, When::From, nullptr, hasNet(kScaleHundred)},
    {"zero-shot", 400, namesByWords, When::From, nullptr,
     [](const PairState& s) { return s.own().colour_by_word.has_value(); }},
    {"held-out-combination", 400, namesTheUnseen, When::From, nullptr,
     [](const PairState& s) { return s.own().held_out.has_value(); }},
    {"words-first-order-later", 400, learnsWordsFirst, When::Until, nullptr, hasNet(kBag)},
    {"modality-gap", 400, closesTheGap, When::From, nullptr, hasNet(kScaleHundred)},
    {"false-negatives", 400, stopsAtTheFloor, When::From, nullptr, hasNet(kRepeatedPairs)},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  const auto add = [&](const std::string& prefix) {
    records.push_back({prefix + "loss", "unit.nats"});
    for (const char* name : {"batch_recall", "recall_at_1", "zero_shot", "gap", "scale"})
      records.push_back({prefix + name, ""});
    if (p[kPairHeldOut] > 0) records.push_back({prefix + "held_out_accuracy", ""});
    if (p[kPairScene] == PairScene::TwoShapes)
      for (const char* name : {"colour_accuracy", "order_accuracy"})
        records.push_back({prefix + name, ""});
    else
      for (const char* name :
           {"colour_by_word", "colour_by_mean", "shape_by_word", "shape_by_mean"})
        records.push_back({prefix + name, ""});
  };
  add("");
  records.push_back({"chance", "unit.nats"});
  records.push_back({"gradient", ""});
  if (p[kPairCompare] != PairRival::None)
    for (const PairSetting& setting : pairSettingsOf(p)) add(setting.id + "/");
  return records;
}

std::vector<ViewSpec> views() {
  return {
      matrix("similarity").xAxis("axis.pair_captions").yAxis("axis.pair_pictures").large(),
      series("loss", {"loss", "chance"}).yAxis("axis.pair_loss", "unit.nats").large(),
      series("losses", {"*/loss"}).yAxis("axis.pair_loss", "unit.nats"),
      series("naming", {"zero_shot", "held_out_accuracy"}).yAxis("axis.right_captions"),
      series("zero_shots", {"*/zero_shot"}).yAxis("axis.right_captions"),
      series("word_order", {"*/order_accuracy", "*/colour_accuracy"}).yAxis("axis.true_wins"),
      series("gaps", {"*/gap"}).yAxis("axis.modality_gap"),
      plane("clouds").equalScale(),
      bars("prompts").yAxis("axis.right_words"),
      images("pictures").picking("picture"),
      table("answers"),
      images("found").small(),
      tokens("query").small(),
      histogram("cosines").xAxis("axis.cosine").yAxis("axis.share_of_pairs").small(),
      series("scales", {"*/scale"}).yAxis("axis.cosine_scale").logarithmicY().small(),
      series("scale", {"scale"}).yAxis("axis.cosine_scale").small(),
      series("gap", {"gap"}).yAxis("axis.modality_gap").small(),
      series("recall", {"recall_at_1", "batch_recall"}).yAxis("axis.right_captions").small(),
      series("gradient", {"gradient"}).yAxis("axis.pair_gradient").small(),
      table("standings"),
      verdict("verdict"),
  };
}

/// Of pictures with one shape.
Preset onOneShape(const std::string& name, const std::string& compared,
                  std::vector<std::pair<std::string, std::string>> settings = {}) {
  settings.insert(settings.begin(), {{"scene", "one-shape"}, {"compare", compared}});
  return preset(name).with(std::move(settings));
}

std::vector<Preset> presets() {
  return {
      onOneShape("leave-ln-n", "none")
          .lasting(400)
          .heavy()
          .showing("similarity", {"loss", "naming"}),
      onOneShape("batch-of-one", "batch-size")
          .lasting(400)
          .heavy()
          .showing("losses", {"zero_shots", "standings"}),
      onOneShape("temperature", "temperature")
          .lasting(400)
          .heavy()
          .showing("zero_shots", {"losses", "standings"}),
      onOneShape("zero-shot", "none")
          .lasting(400)
          .heavy()
          .showing("prompts", {"pictures", "answers"}),
      onOneShape("held-out-combination", "none", {{"picture", "8"}})
          .lasting(400)
          .heavy()
          .showing("naming", {"pictures", "query"}),
      preset("words-first-order-later")
          .with({{"scene", "two-shapes"}, {"compare", "word-order"}})
          .lasting(400)
          .heavy()
          .showing("word_order", {"pictures", "answers"})
          .about({kWithOrder, kBag}),
      onOneShape("modality-gap", "temperature")
          .lasting(400)
          .heavy()
          .showing("gaps", {"clouds", "standings"})
          .about({kLearnedScale, kScaleHundred}),
      onOneShape("false-negatives", "captions", {{"net", "1"}})
          .lasting(400)
          .heavy()
          .showing("losses", {"similarity", "zero_shots"}),
  };
}

}  // namespace

std::vector<PairSetting> pairSettingsOf(const Parameters& p) {
  PairSetting own;
  own.pairs = p[kPairBatch];
  if (p[kPairCaptions] == PairCaptions::Repeated) own.repeats = p[kPairRepeats];
  if (p[kPairTemperature] == PairTemperature::Fixed) own.fixed_scale = 1 / p[kPairTau];
  std::vector<PairSetting> all;
  const auto add = [&](const std::string& id, auto... changes) {
    PairSetting& setting = all.emplace_back(own);
    setting.id = id;
    (changes(setting), ...);
  };
  switch (p[kPairCompare]) {
    case PairRival::None:
      add("");
      break;
    case PairRival::BatchSize:
      add(kFullBatch);
      add(kFewPairs, [&](auto& s) { s.pairs = std::min(s.pairs, kFewPairsInBatch); });
      add(kOnePair, [](auto& s) { s.pairs = 1; });
      break;
    case PairRival::Temperature:
      add(kLearnedScale, [](auto& s) { s.fixed_scale = std::nullopt; });
      add(kScaleHundred, [](auto& s) { s.fixed_scale = 100; });
      add(kScaleOne, [](auto& s) { s.fixed_scale = 1; });
      break;
    case PairRival::WordOrder:
      add(kWithOrder);
      add(kBag, [](auto& s) { s.knows_order = false; });
      break;
    case PairRival::Captions:
      add(kDistinctPairs, [](auto& s) { s.repeats = 1; });
      add(kRepeatedPairs, [&](auto& s) { s.repeats = p[kPairRepeats]; });
      // As many different captions as the repeated ones are, and no more pairs.
      add(kFewerPairs, [&](auto& s) {
        s.repeats = 1;
        s.pairs = std::max<std::int64_t>(1, s.pairs / p[kPairRepeats]);
      });
      break;
  }
  return all;
}

const PairStanding* PairState::find(std::string_view id) const {
  const auto found =
      std::ranges::find_if(standings, [&](const auto& some) { return some.setting.id == id; });
  return found == standings.end() ? nullptr : &*found;
}

VerdictData pairVerdict(const std::string& preset, const PairState& s) {
  const PairStanding& own = s.own();
  Arguments numbers{{"loss", withDecimals(own.loss, 3)},
                    {"chance", withDecimals(own.chance, 3)},
                    {"pairs", own.setting.pairs},
                    {"zero_shot", percent(own.zero_shot)},
                    {"guessing", percent(1 / static_cast<double>(s.captions))},
                    {"batch", percent(own.batch_recall)},
                    {"held_out", percent(own.held_out.value_or(0))},
                    {"captions", s.captions},
                    {"scale", own.scale},
                    {"colour_word", percent(own.colour_by_word.value_or(0))},
                    {"colour_mean", percent(own.colour_by_mean.value_or(0))},
                    {"shape_word", percent(own.shape_by_word.value_or(0))},
                    {"shape_mean", percent(own.shape_by_mean.value_or(0))},
                    {"first_gap", withDecimals(own.first_gap, 2)}};
  const auto whenOf = [](const std::optional<std::int64_t>& step) -> Argument {
    if (!step) return Word{"word.not_yet"};
    return *step;
  };
  numbers.emplace_back("left_at", whenOf(own.left_at));
  numbers.emplace_back("colours_at", whenOf(own.colours_at));
  numbers.emplace_back("order_at", whenOf(own.order_at));
  for (const PairStanding& other : s.standings) {
    std::string name = other.setting.id;
    std::ranges::replace(name, '-', '_');
    numbers.emplace_back(name + "_loss", withDecimals(other.loss, 3));
    numbers.emplace_back(name + "_floor", withDecimals(other.floor, 3));
    numbers.emplace_back(name + "_zero_shot", percent(other.zero_shot));
    numbers.emplace_back(name + "_batch", percent(other.batch_recall));
    numbers.emplace_back(name + "_gap", withDecimals(other.gap, 2));
    numbers.emplace_back(name + "_pairs", other.setting.pairs);
    numbers.emplace_back(name + "_order", percent(other.order_accuracy.value_or(0)));
    numbers.emplace_back(name + "_colour", percent(other.colour_accuracy.value_or(0)));
  }
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& contrastivePairs() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kPairScene, kPairHeldOut, kPairCaptions,   kPairRepeats,      kPairCompare,
                       kPairBatch, kPairRate,    kPairLowerAfter, kPairTemperature,  kPairTau,
                       kPairQuery, kPairPicture, kPairNet,        kPairEvaluateEvery};
    made.records = records;
    made.validate = problemWithPairs;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"loss", "unit-length", "order-blind", "soft-targets"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 400;
    made.sources = {"lessons/clip/contrastive_pairs.cpp", "lessons/nn/contrastive_loss.cpp",
                    "lessons/clip/contrastive_net.cpp", "lessons/data/captioned_shapes.cpp"};
    made.equivalent = kProgram;
    made.make = makeContrastivePairs;
    return made;
  }();
  return spec;
}

}  // namespace viva
