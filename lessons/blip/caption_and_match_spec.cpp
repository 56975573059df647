// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/blip/caption_and_match.h"
#include "lessons/blip/lessons.h"
#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"

namespace viva {
namespace {

const std::string kId = "caption-and-match";
const std::string kProgram = "resources/lessons/blip/caption_and_match.py";

bool knowsAllThree(const CaptionStanding& net) {
  return net.recall_at_1 >= 0.6 && net.accepted >= 0.6 && net.random_accepted <= 0.1 &&
         net.caption_exact >= 0.4;
}

std::optional<bool> learnsAllThree(const CaptionState& s) {
  return knowsAllThree(s.own()) && *s.itmJump() >= 1.5;
}

/// Contrast keeps much of the cosine where matching says no. The shape is the word that the net
/// itself can hardly read.
std::optional<bool> matchingSeesOneWord(const CaptionState& s) {
  const CaptionStanding& own = s.own();
  const auto& [size, colour, shape, row, column] = own.words;
  const auto isKept = [](const ChangedWord& word) {
    return word.cosine >= 0.4 && word.cosine <= 0.85;
  };
  const auto isDropped = [&](const ChangedWord& word) { return word.match <= 0.25 * own.match; };
  return own.match >= 0.5 && std::ranges::all_of(own.words, isKept) && isDropped(size) &&
         isDropped(colour) && isDropped(row) && isDropped(column) && shape.match <= 0.9 * own.match;
}

/// The map is on the shape before anything is known, and hardly more so afterwards.
std::optional<bool> mapsNeedNoKnowledge(const CaptionState& s) {
  return s.firstMeanRelevance() >= 1.2 * s.area && s.own().caption_exact >= 0.4 &&
         std::abs(s.meanRelevance() - s.firstMeanRelevance()) <= 0.2;
}

std::optional<bool> filteringHelps(const CaptionState& s) {
  const CaptionStanding *noisy = s.find(kNoisyPairs), *filtered = s.find(kFilteredPairs),
                        *clean = s.find(kCleanPairs);
  return s.filter->precision >= s.filter->base + 0.2 && s.filter->recall >= 0.8 &&
         filtered->caption_exact > noisy->caption_exact &&
         filtered->recall_at_1 > noisy->recall_at_1 && clean->recall_at_1 > noisy->recall_at_1;
}

std::optional<bool> ownCaptionsHurt(const CaptionState& s) {
  const CaptionStanding *filtered = s.find(kFilteredPairs), *synthetic = s.find(kSyntheticPairs);
  return synthetic->caption_exact < filtered->caption_exact &&
         s.filter->one_wrong_kept >= 2 * s.filter->wrong_web_kept;
}

std::function<bool(const CaptionState&)> hasNet(const std::string& id) {
  return [id](const CaptionState& s) { return s.filter && s.find(id) != nullptr; };
}

const Claims<CaptionState> kClaims{
    {"three-objectives", 400, learnsAllThree, When::From, nullptr,
     [](const CaptionState& s) { return s.itmJump().has_value(); }},
    {"one-word-changed", 400, matchingSeesOneWord, When::From},
    {"word-by-word", 400, mapsNeedNoKnowledge, When::From},
    {"capfilt", 350, filteringHelps, When::From, nullptr, hasNet(kCleanPairs)},
    {"synthetic-captions-hurt", 350, ownCaptionsHurt, When::From, nullptr, hasNet(kSyntheticPairs)},
};

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  const auto add = [&](const std::string& prefix) {
    for (const char* name : {"itc_loss", "itm_loss", "lm_loss"})
      records.push_back({prefix + name, "unit.nats"});
    for (const char* name : {"recall_at_1", "itm_accuracy", "caption_exact"})
      records.push_back({prefix + name, ""});
  };
  add("");
  for (const char* name : {"true/match", "random/match", "random/cosine"})
    records.push_back({name, ""});
  for (const std::string& place : kPlaceIds)
    for (const char* name :
         {"match", "cosine", "dropped", "right", "relevance", "writing", "matching"})
      records.push_back({place + "/" + name, ""});
  for (const char* name : {"mean_relevance", "area"}) records.push_back({name, ""});
  if (p[kCaptionSource] == CaptionSource::Fresh) records.push_back({"itm_jump", ""});
  if (isCapFilt(p))
    for (const char* name :
         {"filter_precision", "filter_recall", "synthetic_right", "one_wrong_kept"})
      records.push_back({name, ""});
  for (const std::string& net : captionNetsOf(p)) add(net + "/");
  return records;
}

std::vector<ViewSpec> views() {
  return {
      series("losses", {"itc_loss", "itm_loss", "lm_loss"})
          .yAxis("axis.three_losses", "unit.nats")
          .logarithmicY()
          .large(),
      series("skills", {"recall_at_1", "itm_accuracy", "caption_exact"})
          .yAxis("axis.share_of_pictures"),
      graph("objectives"),
      bars("changes").yAxis("axis.cosine_and_match").large(),
      series("matches", {"*/match"}).yAxis("axis.match_probability"),
      bars("looks").yAxis("axis.share_on_shape").large(),
      images("word_maps"),
      images("pictures").picking("picture"),
      tokens("captions"),
      table("answers"),
      series("captions_right", {"*/caption_exact"}).yAxis("axis.share_of_pictures").large(),
      table("filter"),
      images("web").small(),
      table("standings"),
      series("recalls", {"*/recall_at_1"}).yAxis("axis.share_of_pictures").small(),
      series("relevances", {"*/relevance", "area"}).yAxis("axis.share_on_shape").small(),
      verdict("verdict"),
  };
}

/// 1,500 pairs of which two in five are replaced; negatives are never hard, for a wrong caption of
/// the web would be called true.
Preset onTheWeb(const std::string& name, const std::string& capfilt) {
  return preset(name)
      .with({{"pairs", "web"},
             {"capfilt", capfilt},
             {"hard_after", "100000"},
             {"lower_after", "230"},
             {"evaluate_every", "25"}})
      .lasting(350)
      .heavy();
}

std::vector<Preset> presets() {
  return {
      preset("three-objectives").lasting(400).heavy().showing("losses", {"objectives", "pictures"}),
      preset("one-word-changed").lasting(400).heavy().showing("changes", {"matches", "answers"}),
      preset("word-by-word").lasting(400).heavy().showing("looks", {"word_maps", "captions"}),
      onTheWeb("capfilt", "filter").showing("captions_right", {"filter", "web"}),
      onTheWeb("synthetic-captions-hurt", "captions")
          .showing("captions_right", {"filter", "standings"})
          .about({kFilteredPairs, kSyntheticPairs}),
  };
}

}  // namespace

bool isCapFilt(const Parameters& p) {
  return p[kCaptionSource] == CaptionSource::Web && p[kCapFilt] != CapFilt::Off;
}

std::vector<std::string> captionNetsOf(const Parameters& p) {
  if (!isCapFilt(p)) return {kOneNet};
  if (p[kCapFilt] == CapFilt::Filter) return {kNoisyPairs, kFilteredPairs, kCleanPairs};
  return {kFilteredPairs, kSyntheticPairs};
}

std::optional<double> CaptionState::itmJump() const {
  if (!easy_itm_loss || !hard_itm_loss || *easy_itm_loss <= 0) return std::nullopt;
  return *hard_itm_loss / *easy_itm_loss;
}

double CaptionState::meanRelevance() const {
  double sum = 0;
  for (const ChangedWord& word : own().words) sum += word.relevance;
  return sum / static_cast<double>(kWordPlaces);
}

double CaptionState::firstMeanRelevance() const {
  double sum = 0;
  for (const double relevance : first_relevance) sum += relevance;
  return sum / static_cast<double>(kWordPlaces);
}

const CaptionStanding* CaptionState::find(std::string_view id) const {
  const auto found = std::ranges::find_if(nets, [&](const auto& net) { return net.id == id; });
  return found == nets.end() ? nullptr : &*found;
}

VerdictData captionVerdict(const std::string& preset, const CaptionState& s) {
  const CaptionStanding& own = s.own();
  Arguments numbers{{"recall", percent(own.recall_at_1)},
                    {"exact", percent(own.caption_exact)},
                    {"accepted", percent(own.accepted)},
                    {"random_accepted", percent(own.random_accepted)},
                    {"easy", withDecimals(s.easy_itm_loss.value_or(0), 3)},
                    {"hard", withDecimals(s.hard_itm_loss.value_or(0), 3)},
                    {"match", percent(own.match)},
                    {"area", percent(s.area)},
                    {"first_relevance", percent(s.firstMeanRelevance())},
                    {"relevance", percent(s.meanRelevance())}};
  for (std::size_t place = 0; place < kWordPlaces; ++place) {
    const ChangedWord& word = own.words[place];
    numbers.emplace_back(kPlaceIds[place] + "_cosine", percent(word.cosine));
    numbers.emplace_back(kPlaceIds[place] + "_match", percent(word.match));
    numbers.emplace_back(kPlaceIds[place] + "_relevance", percent(word.relevance));
  }
  const FilterStanding filter = s.filter.value_or(FilterStanding{});
  numbers.emplace_back("precision", percent(filter.precision));
  numbers.emplace_back("base", percent(filter.base));
  numbers.emplace_back("filter_recall", percent(filter.recall));
  numbers.emplace_back("synthetic_right", percent(filter.synthetic_right));
  numbers.emplace_back("wrong_web_kept", percent(filter.wrong_web_kept));
  numbers.emplace_back("one_wrong_kept", percent(filter.one_wrong_kept));
  for (const CaptionStanding& net : s.nets) {
    numbers.emplace_back(net.id + "_exact", percent(net.caption_exact));
    numbers.emplace_back(net.id + "_recall", percent(net.recall_at_1));
  }
  return judged(kId, kClaims, preset, s.step, s, std::move(numbers));
}

const ExperimentSpec& captionAndMatch() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kCaptionSource, kWebNoise,       kWebPictures,    kCapFilt,
                       kFilterUpdates, kLearnsContrast, kLearnsMatching, kLearnsCaptions,
                       kHardAfter,     kCaptionBatch,   kCaptionRate,    kCaptionLowerAfter,
                       kCaptionQuery,  kCaptionPicture, kCaptionNet,     kCaptionEvaluateEvery};
    made.records = records;
    made.validate = problemWithCaptions;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"causal", "written", "own-weights", "negatives"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.phase = [](const Parameters& p) -> std::optional<Phase> {
      if (!isCapFilt(p)) return std::nullopt;
      return Phase{"filter/1",
                   0,
                   {"noise", "web_pictures", "filter_updates", "itc", "itm", "lm", "hard_after",
                    "batch_size", "lr", "lower_after"}};
    };
    made.default_steps = 400;
    made.sources = {"lessons/blip/caption_and_match.cpp", "lessons/blip/blip_losses.cpp",
                    "lessons/blip/blip_net.cpp",          "lessons/blip/web_pairs.cpp",
                    "lessons/blip/word_looks.cpp",        "lessons/data/captioned_shapes.cpp"};
    made.equivalent = kProgram;
    made.make = makeCaptionAndMatch;
    return made;
  }();
  return spec;
}

}  // namespace viva
