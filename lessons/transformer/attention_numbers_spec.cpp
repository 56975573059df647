// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/transformer/attention_numbers.h"
#include "lessons/transformer/lessons.h"

namespace viva {
namespace {

const std::string kId = "attention-numbers";
const std::string kProgram = "resources/lessons/transformer/attention_numbers.py";

using Mood = VerdictData::Mood;

/// Weights of a row sum to 1, so that each output lies between the least and the largest value.
bool isAMean(const NumbersState& s) {
  for (std::int64_t c = 0; c < s.v.columns; ++c) {
    double low = s.v.at(0, c), high = low;
    for (std::int64_t j = 0; j < s.v.rows; ++j) {
      low = std::min(low, s.v.at(j, c));
      high = std::max(high, s.v.at(j, c));
    }
    for (std::int64_t i = 0; i < s.q.rows; ++i)
      if (s.stages.output.at(i, c) < low - 1e-9 || s.stages.output.at(i, c) > high + 1e-9)
        return false;
  }
  return true;
}

/// The weight on what comes later.
double fromTheFuture(const NumbersState& s) {
  double sum = 0;
  for (std::int64_t i = 0; i < s.q.rows; ++i)
    for (std::int64_t j = i + 1; j < s.k.rows; ++j) sum += s.stages.weights.at(i, j);
  return sum;
}

std::int64_t hiddenRow(const NumbersState& s) {
  for (std::int64_t i = 0; i < s.q.rows; ++i)
    if (s.stages.isHiddenWhole(i)) return i;
  return -1;
}

bool isDefined(const NumbersState& s) {
  const std::int64_t row = hiddenRow(s);
  return row >= 0 && std::isnan(s.stages.naive.at(row, 0)) && s.stages.weights.at(row, 0) == 0 &&
         s.stages.output.at(row, 0) == 0;
}

/// The variance of q k is the width, within what so many draws allow, and 1 once it is scaled.
bool variesAsTheWidth(const NumbersState& s) {
  const auto width = static_cast<double>(s.width);
  return std::abs(varianceOf(s.unscaled().scaled) / width - 1) < 0.3 &&
         std::abs(varianceOf(s.scaled().scaled) - 1) < 0.3 &&
         meanLargestWeight(s.unscaled().weights) > 2 * meanLargestWeight(s.scaled().weights);
}

std::string ifMixed(const NumbersState& s, Mood) {
  return s.has(AttentionStage::Mix) ? "" : ".standing";
}

std::optional<bool> onceMixed(const NumbersState& s, bool holds) {
  if (!s.has(AttentionStage::Mix)) return std::nullopt;
  return holds;
}

const Claims<NumbersState> kClaims{
    {"by-hand", kStages, [](const NumbersState& s) { return onceMixed(s, isAMean(s)); }, When::Once,
     ifMixed},
    {"causal", kStages,
     [](const NumbersState& s) {
       return onceMixed(s, fromTheFuture(s) == 0 && s.stages.weights.at(0, 0) == 1);
     },
     When::Once, ifMixed},
    {"variance-of-scores", kStages,
     [](const NumbersState& s) { return onceMixed(s, variesAsTheWidth(s)); }, When::Once, ifMixed},
    {"a-row-masked-whole", kStages,
     [](const NumbersState& s) { return onceMixed(s, isDefined(s)); }, When::Once,
     [](const NumbersState& s, Mood mood) {
       return hiddenRow(s) < 0 ? ".standing" : ifMixed(s, mood);
     }},
};

std::vector<RecordSpec> records(const Parameters&) {
  return {{"variance", ""},         {"entropy", "unit.nats"},
          {"largest", ""},          {"unscaled/entropy", "unit.nats"},
          {"unscaled/largest", ""}, {"empty_rows", ""}};
}

ViewSpec ofKeys(const char* id) {
  return matrix(id)
      .xAxis("axis.attention_key")
      .yAxis("axis.attention_query")
      .picking("query", "key");
}

std::vector<ViewSpec> views() {
  return {
      graph("flow").large(),
      ofKeys("weights"),
      matrix("output")
          .xAxis("axis.value_component")
          .yAxis("axis.attention_query")
          .picking("query", "component"),
      matrix("scores")
          .xAxis("axis.attention_key")
          .yAxis("axis.attention_query")
          .picking("hide", "hide")
          .small(),
      ofKeys("masked").small(),
      ofKeys("unscaled_weights").small(),
      histogram("spread").xAxis("axis.attention_score").yAxis("axis.attention_scores").small(),
      table("working").small(),
      table("rows").small(),
      series("variance", {"variance"}).yAxis("axis.score_variance").small(),
      series("largest", {"largest", "unscaled/largest"}).yAxis("axis.largest_weight").small(),
      series("entropy", {"entropy", "unscaled/entropy"})
          .yAxis("axis.row_entropy", "unit.nats")
          .small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  const char* const kThree = "1 0; 0 1; 1 1";
  return {
      preset("by-hand").lasting(kStages).showing("flow", {"weights", "output"}),
      preset("causal")
          .with({{"q", kThree}, {"k", kThree}, {"v", kThree}, {"causal", "true"}})
          .lasting(kStages)
          .showing("weights", {"masked", "flow"}),
      preset("variance-of-scores")
          .with({{"source", "normal"}})
          .lasting(kStages)
          .showing("spread", {"unscaled_weights", "weights"}),
      preset("a-row-masked-whole")
          .with({{"q", kThree}, {"k", kThree}, {"v", kThree}, {"hide", "1.0,1.1,1.2"}})
          .lasting(kStages)
          .showing("rows", {"masked", "weights"}),
  };
}

}  // namespace

VerdictData numbersVerdict(const std::string& preset, std::int64_t step, const NumbersState& s) {
  Arguments numbers{{"stage", std::min(step, kStages)},
                    {"stages", kStages},
                    {"width", s.width},
                    {"output", s.stages.output.at(0, 0)},
                    {"last_output", s.stages.output.at(s.q.rows - 1, 0)},
                    {"last_query", s.q.rows - 1},
                    {"first_weight", s.stages.weights.at(0, 0)},
                    {"future", fromTheFuture(s)},
                    {"unscaled_variance", varianceOf(s.unscaled().scaled)},
                    {"scaled_variance", varianceOf(s.scaled().scaled)},
                    {"unscaled_largest", meanLargestWeight(s.unscaled().weights)},
                    {"scaled_largest", meanLargestWeight(s.scaled().weights)},
                    {"hidden_row", hiddenRow(s)}};
  return judged(kId, kClaims, preset, step, s, std::move(numbers));
}

const ExperimentSpec& attentionNumbers() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kNumbersFrom,
                       kQ,
                       kK,
                       kV,
                       kDrawnRows,
                       kDrawnWidth,
                       kNumbersScale,
                       kNumbersCausal,
                       kHide,
                       kNumbersQuery,
                       kNumbersKey,
                       kNumbersComponent};
    made.records = records;
    made.validate = problemWithMatrices;
    made.uses_randomness = [](const Parameters& p) {
      return p[kNumbersFrom] == NumbersFrom::Normal;
    };
    made.views = views();
    made.checks = {"library"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = kStages;
    made.sources = {"lessons/transformer/attention_numbers.cpp",
                    "lessons/transformer/attention_stages.cpp"};
    made.equivalent = kProgram;
    made.make = makeAttentionNumbers;
    return made;
  }();
  return spec;
}

}  // namespace viva
