// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <sstream>

#include "lessons/core/claim.h"
#include "lessons/inference/batching_frontier.h"
#include "lessons/inference/lessons.h"

namespace viva {
namespace {

const std::string kId = "batching-frontier";

bool areBothDone(const BatchingState& s) { return s.fixed.is_done && s.continuous.is_done; }

std::optional<bool> needsFewerSteps(const BatchingState& s) {
  if (!areBothDone(s)) return std::nullopt;
  return s.continuous.steps < s.fixed.steps && s.continuous.utilisation > s.fixed.utilisation;
}
std::optional<bool> isLittlesLaw(const BatchingState& s) {
  if (!s.shownOne().is_done) return std::nullopt;
  return s.shownOne().little <= 1e-9 && s.shownOne().present > 1;
}
/// Prompts that take a step stop whoever is being served.
std::optional<bool> isATrade(const BatchingState& s) {
  if (!areBothDone(s)) return std::nullopt;
  return s.continuous.ttft < s.fixed.ttft && s.continuous.tpot > s.fixed.tpot &&
         s.continuous.steps < s.fixed.steps;
}

const Claims<BatchingState> kClaims{
    {"continuous-batching", 60, needsFewerSteps, When::Once},
    {"littles-law", 1000, isLittlesLaw, When::Once},
    {"throughput-or-latency", 1000, isATrade, When::Once},
};

std::optional<Message> validate(const Parameters& p) {
  const auto read = typedLengths(p[kRequestLengths].text);
  if (const auto* problem = std::get_if<Message>(&read)) return *problem;
  return std::nullopt;
}

std::vector<RecordSpec> records(const Parameters& p) {
  std::vector<RecordSpec> records;
  for (const char* policy : {"static", "continuous"})
    for (const char* name : {"/finished", "/utilisation", "/ttft", "/tpot", "/steps"})
      records.push_back({std::string(policy) + name, ""});
  for (const char* name : {"little", "present", "lambda_w"}) records.push_back({name, ""});
  if (p[kArrivalRate] > 0) records.push_back({"next_arrival", ""});
  return records;
}

std::vector<ViewSpec> views() {
  return {
      matrix("slots").xAxis("axis.batch_step").yAxis("axis.batch_slot").large(),
      matrix("other_slots").xAxis("axis.batch_step").yAxis("axis.batch_slot"),
      series("finished", {"*/finished"}).xAxis("axis.batch_step").yAxis("axis.batch_finished"),
      series("law", {"present", "lambda_w"}).xAxis("axis.batch_step").yAxis("axis.batch_present"),
      series("ttft", {"*/ttft"}).xAxis("axis.batch_step").yAxis("axis.batch_ttft"),
      series("tpot", {"*/tpot"}).xAxis("axis.batch_step").yAxis("axis.batch_tpot"),
      series("utilisation", {"*/utilisation"})
          .xAxis("axis.batch_step")
          .yAxis("axis.batch_share")
          .small(),
      table("policies"),
      table("measured"),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("continuous-batching").lasting(60).showing("slots", {"other_slots", "policies"}),
      preset("littles-law")
          .with({{"rate", "0.5"}, {"requests", "100"}, {"lengths", "6 14 2 9 4 11"}})
          .lasting(1000)
          .showing("law", {"slots", "measured"}),
      preset("throughput-or-latency")
          .with({{"rate", "0.6"},
                 {"requests", "100"},
                 {"lengths", "12 4 20 6 9"},
                 {"slots", "8"},
                 {"prompt_steps", "true"}})
          .lasting(1000)
          .showing("tpot", {"ttft", "policies"}),
  };
}

}  // namespace

std::variant<std::vector<std::int64_t>, Message> typedLengths(const std::string& text) {
  std::string spaced = text;
  for (char& letter : spaced)
    if (letter == ',') letter = ' ';
  std::istringstream stream(spaced);
  std::vector<std::int64_t> lengths;
  for (std::string word; stream >> word;) {
    std::int64_t length = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), length);
    if (error != std::errc() || end != word.data() + word.size() || length < 1 ||
        length > kLongestAnswer)
      return Message{"error.inference.lengths", {{"text", word}, {"limit", kLongestAnswer}}};
    lengths.push_back(length);
  }
  if (lengths.empty()) return Message{"error.inference.no_lengths", {}};
  return lengths;
}

VerdictData batchingVerdict(const std::string& preset, const BatchingState& s) {
  const BatchStanding& shown = s.shownOne();
  return judged(kId, kClaims, preset, s.step, s,
                {{"step", s.step},
                 {"static_steps", s.fixed.steps},
                 {"continuous_steps", s.continuous.steps},
                 {"static_finished", s.fixed.finished},
                 {"continuous_finished", s.continuous.finished},
                 {"static_utilisation", s.fixed.utilisation},
                 {"continuous_utilisation", s.continuous.utilisation},
                 {"static_ttft", s.fixed.ttft},
                 {"continuous_ttft", s.continuous.ttft},
                 {"static_tpot", s.fixed.tpot},
                 {"continuous_tpot", s.continuous.tpot},
                 {"present", shown.present},
                 {"lambda_w", shown.lambda_w},
                 {"requests", s.requests}});
}

const ExperimentSpec& batchingFrontier() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kShownPolicy,    kArrivalRate, kRequestCount,
                       kRequestLengths, kSlots,       kPromptSteps};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters& p) { return p[kArrivalRate] > 0; };
    made.views = views();
    made.checks = {"little"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 1000;
    made.sources = {"lessons/inference/batching_frontier.cpp", "lessons/inference/batch_queue.cpp"};
    made.make = makeBatchingFrontier;
    return made;
  }();
  return spec;
}

}  // namespace viva
