// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include "lessons/core/claim.h"
#include "lessons/gpt/lessons.h"
#include "lessons/gpt/sampling_bench.h"

namespace viva {
namespace {

const std::string kId = "sampling-bench";

constexpr std::int64_t kPatience = 100;
/// A thousand draws of five tokens are about 0.02 away from their probabilities.
constexpr double kNear = 0.06;
/// Beyond this, exp of a difference is no number that is worth a picture.
constexpr double kLargestLogit = 100;

const SamplingStage& stageOf(const BenchState& s, std::string_view id) {
  return *std::find_if(s.stages.begin(), s.stages.end(),
                       [&](const SamplingStage& stage) { return stage.id == id; });
}
const SamplingStage& before(const BenchState& s, std::string_view id) {
  return *(&stageOf(s, id) - 1);
}

double massKept(const BenchState& s, std::string_view id) { return 1 - stageOf(s, id).cut; }

/// The smallest probability before the filter of what it kept.
double smallestKept(const BenchState& s, std::string_view id) {
  const SamplingStage &stage = stageOf(s, id), &earlier = before(s, id);
  double smallest = 1;
  for (std::size_t i = 0; i < stage.logits.size(); ++i)
    if (std::isfinite(stage.logits[i])) smallest = std::min(smallest, earlier.probabilities[i]);
  return smallest;
}
double largestCut(const BenchState& s, std::string_view id) {
  const SamplingStage &stage = stageOf(s, id), &earlier = before(s, id);
  double largest = 0;
  for (std::size_t i = 0; i < stage.logits.size(); ++i)
    if (!std::isfinite(stage.logits[i])) largest = std::max(largest, earlier.probabilities[i]);
  return largest;
}

bool isSharper(const BenchState& s) {
  const SamplingStage &hot = before(s, "temperature"), &now = stageOf(s, "temperature");
  return now.entropy() < hot.entropy() && now.kept() == hot.kept() &&
         now.largest() == hot.largest() && s.distance < kNear;
}
bool keepsExactlyK(const BenchState& s) {
  return stageOf(s, "top_k").kept() == s.filters.top_k && stageOf(s, "top_k").cut > 0 &&
         s.distance < kNear;
}
/// Without the token that crosses p there would not be enough.
bool keepsTheCrossingToken(const BenchState& s) {
  const double kept = massKept(s, "top_p");
  return kept >= s.filters.top_p && kept - smallestKept(s, "top_p") < s.filters.top_p &&
         stageOf(s, "top_p").cut > 0 && s.distance < kNear;
}
bool cutsByTheLargest(const BenchState& s) {
  const SamplingStage& earlier = before(s, "min_p");
  const double least = s.filters.min_p * earlier.probabilities[earlier.largest()];
  return stageOf(s, "min_p").cut > 0 && smallestKept(s, "min_p") >= least &&
         largestCut(s, "min_p") < least && s.distance < kNear;
}
/// The penalty takes from the token that stands in the text, and it is the largest all the same.
bool repeatsItself(const BenchState& s) {
  const SamplingStage &free = s.stages.front(), &penalised = stageOf(s, "repetition");
  const std::size_t top = free.largest();
  return penalised.probabilities[top] < free.probabilities[top] && penalised.largest() == top &&
         s.repeats == 1;
}

const Claims<BenchState> kClaims{
    {"temperature", kPatience, isSharper},
    {"top-k", kPatience, keepsExactlyK},
    {"top-p-keeps-the-crossing-token", kPatience, keepsTheCrossingToken},
    {"min-p", kPatience, cutsByTheLargest},
    {"greedy-repeats", kPatience, repeatsItself},
};

std::vector<RecordSpec> records(const Parameters&) {
  return {{"distance", ""}, {"kept", ""},    {"entropy", "unit.nats"},
          {"largest", ""},  {"repeats", ""}, {"expected_repeats", ""}};
}

std::optional<double> numberIn(const std::string& word) {
  double value = 0;
  const char* first = word.data() + (word.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(first, word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  if (!(std::abs(value) <= kLargestLogit)) return std::nullopt;
  return value;
}

/// Words between spaces and commas.
std::vector<std::string> wordsIn(std::string text) {
  std::replace(text.begin(), text.end(), ',', ' ');
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::optional<Message> validate(const Parameters& p) {
  const auto read = benchRow(p);
  if (const auto* problem = std::get_if<Message>(&read)) return *problem;
  return std::nullopt;
}

bool usesRandomness(const Parameters& p) {
  const auto row = std::get<BenchRow>(benchRow(p));
  return samplingStages(row.logits, benchFilters(p), row.written).back().kept() > 1;
}

std::vector<ViewSpec> views() {
  return {
      bars("draws").xAxis("axis.bench_token").yAxis("axis.bench_probability"),
      table("stages").large(),
      matrix("filters").xAxis("axis.bench_token").yAxis("axis.bench_filter"),
      tokens("drawn").small(),
      series("distance", {"distance"}).yAxis("axis.bench_distance").small(),
      verdict("verdict"),
  };
}

Preset bench(const char* name, std::vector<std::pair<std::string, std::string>> settings) {
  return preset(name)
      .with(std::move(settings))
      .lasting(kPatience)
      .showing("draws", {"stages", "filters"});
}

std::vector<Preset> presets() {
  return {
      bench("temperature", {{"temperature", "0.5"}}),
      bench("top-k", {{"top_k", "2"}}),
      bench("top-p-keeps-the-crossing-token", {{"top_p", "0.8"}}),
      bench("min-p", {{"min_p", "0.1"}}),
      preset("greedy-repeats")
          .with({{"temperature", "0"}, {"repetition", "1.2"}, {"written", "a"}})
          .lasting(kPatience)
          .showing("drawn", {"draws", "stages"}),
  };
}

}  // namespace

std::string tokenName(std::size_t token) {
  return std::string(1, static_cast<char>('a' + static_cast<int>(token)));
}

std::variant<BenchRow, Message> benchRow(const Parameters& p) {
  BenchRow row;
  for (const std::string& word : wordsIn(p[kLogits].text)) {
    const auto number = numberIn(word);
    if (!number) return Message{"error.bench.number", {{"text", word}, {"limit", kLargestLogit}}};
    row.logits.push_back(*number);
  }
  if (row.logits.size() < 2 || row.logits.size() > kMostLogits)
    return Message{"error.bench.count",
                   {{"found", static_cast<std::int64_t>(row.logits.size())},
                    {"limit", static_cast<std::int64_t>(kMostLogits)}}};
  row.written.assign(row.logits.size(), false);
  for (const std::string& word : wordsIn(p[kAlreadyWritten].text)) {
    const auto token = static_cast<std::size_t>(word.size() == 1 ? word[0] - 'a' : -1);
    if (token >= row.logits.size())
      return Message{"error.bench.token",
                     {{"text", word}, {"last", tokenName(row.logits.size() - 1)}}};
    row.written[token] = true;
  }
  return row;
}

SamplingFilters benchFilters(const Parameters& p) {
  return {p[kBenchRepetition], p[kBenchTemperature], p[kBenchTopK], p[kBenchTopP], p[kBenchMinP]};
}

VerdictData benchVerdict(const std::string& preset, const BenchState& s) {
  const SamplingStage &free = s.stages.front(), &last = s.stages.back();
  const std::size_t top = free.largest();
  const auto count = static_cast<std::int64_t>(last.logits.size());
  return judged(
      kId, kClaims, preset, s.step, s,
      {{"draws", s.draws},
       {"distance", s.distance},
       {"kept", last.kept()},
       {"count", count},
       {"entropy", last.entropy()},
       {"free_entropy", free.entropy()},
       {"largest", last.probabilities[last.largest()]},
       {"free_largest", free.probabilities[top]},
       {"temperature", s.filters.temperature},
       {"k", s.filters.top_k},
       {"p", s.filters.top_p},
       {"mass", massKept(s, "top_p")},
       {"mass_before", massKept(s, "top_p") - smallestKept(s, "top_p")},
       {"min_p", s.filters.min_p},
       {"least", s.filters.min_p * before(s, "min_p").probabilities[before(s, "min_p").largest()]},
       {"smallest", smallestKept(s, "min_p")},
       {"next", largestCut(s, "min_p")},
       {"token", tokenName(top)},
       {"penalty", s.filters.repetition},
       {"logit", free.logits[top]},
       {"penalised", stageOf(s, "repetition").logits[top]},
       {"repeats", s.repeats}});
}

const ExperimentSpec& samplingBench() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kLogits,    kAlreadyWritten, kBenchRepetition, kBenchTemperature,
                       kBenchTopK, kBenchTopP,      kBenchMinP,       kDraws};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = usesRandomness;
    made.views = views();
    made.checks = {"powers"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = kPatience;
    made.sources = {"lessons/gpt/sampling_bench.cpp", "lessons/gpt/sampling.cpp"};
    made.make = makeSamplingBench;
    return made;
  }();
  return spec;
}

}  // namespace viva
