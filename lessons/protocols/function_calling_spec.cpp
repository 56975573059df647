// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/protocols/function_calling.h"
#include "lessons/protocols/lessons.h"
#include "lessons/protocols/tool_calls.h"

namespace viva {
namespace {

const std::string kId = "function-calling";
const std::string kProgram = "resources/lessons/agent-protocols/function_calling.py";
constexpr std::int64_t kUpdates = 400;

std::optional<bool> textsRunNothing(const CallState& s) {
  return s.first_executed == 0 && 10 * s.executed >= 9 * kTestRequests;
}

/// The form from the beginning; the sense has to be learned with it as without.
std::optional<bool> formIsNotKnowledge(const CallState& s) {
  const double held = s.of(Constraint::Schema).right_call, free = s.of(Constraint::Free).right_call;
  return s.always_fits && s.first_free == 0 && s.first_right <= 0.1 && held >= 0.8 &&
         held - free <= 0.1;
}

std::optional<bool> fitsAndIsWrong(const CallState& s) {
  const CallScores& unseen = s.unseenOf(Constraint::Schema);
  return unseen.valid_schema == 1 && unseen.right_call <= 0.1 &&
         s.of(Constraint::Schema).right_call >= 0.8;
}

const Claims<CallState> kClaims{
    {"the-model-never-executes", kUpdates, textsRunNothing},
    {"constrained-decoding", kUpdates, formIsNotKnowledge},
    {"schema-is-not-sense", kUpdates, fitsAndIsWrong},
};

std::vector<RecordSpec> records(const Parameters&) {
  std::vector<RecordSpec> records{{"loss", "unit.nats"}};
  for (const std::string& way : kWaysToDecode)
    for (const char* requests : {"", "-unseen"})
      for (const char* score : {"valid_json", "valid_schema", "right_call"})
        records.push_back({way + requests + "/" + score, ""});
  for (const char* count : {"executed", "executed_wrong", "refused"})
    records.push_back({count, ""});
  return records;
}

std::vector<ViewSpec> views() {
  std::vector<std::string> schema, json, right;
  for (const std::string& way : kWaysToDecode) {
    schema.push_back(way + "/valid_schema");
    json.push_back(way + "/valid_json");
    right.push_back(way + "/right_call");
  }
  return {
      series("fits", schema).yAxis("axis.share_of_texts").large(),
      series("right", right).yAxis("axis.share_of_texts").large(),
      series("json", json).yAxis("axis.share_of_texts").small(),
      series("calls", {"executed", "executed_wrong", "refused"}).yAxis("axis.texts").large(),
      tokens("written"),
      sequence("exchange"),
      bars("unseen").yAxis("axis.share_of_texts").large(),
      table("scores"),
      series("loss", {"loss"}).yAxis("axis.train_loss", "unit.nats").logarithmicY().small(),
      verdict("verdict"),
  };
}

std::vector<Preset> presets() {
  return {
      preset("the-model-never-executes")
          .lasting(kUpdates)
          .heavy()
          .showing("calls", {"exchange", "written"}),
      preset("constrained-decoding")
          .lasting(kUpdates)
          .heavy()
          .showing("fits", {"right", "written"}),
      preset("schema-is-not-sense")
          .with({{"shown", std::to_string(kTestRequests)}})
          .lasting(kUpdates)
          .heavy()
          .showing("unseen", {"written", "exchange"}),
  };
}

}  // namespace

std::optional<Message> problemWithRequest(const Parameters& p) {
  const std::string& request = p[kCallRequest].text;
  if (request.empty()) return {};
  const TypedRequest typed = typedRequest(request);
  if (!typed.unknown.empty())
    return Message{"function-calling.error.word", {{"word", typed.unknown}}};
  if (typed.length > kRequestTokens)
    return Message{"function-calling.error.long_request",
                   {{"found", typed.length}, {"limit", kRequestTokens}}};
  return {};
}

VerdictData callVerdict(const std::string& preset, const CallState& s) {
  const CallScores &free = s.of(Constraint::Free), &json = s.of(Constraint::Json),
                   &schema = s.of(Constraint::Schema), &unseen = s.unseenOf(Constraint::Schema);
  return judged(kId, kClaims, preset, s.step, s,
                {{"texts", kTestRequests},
                 {"executed", s.executed},
                 {"executed_wrong", s.executed_wrong},
                 {"refused", kTestRequests - s.executed},
                 {"first_executed", s.first_executed},
                 {"free_json", percent(free.valid_json)},
                 {"free_schema", percent(free.valid_schema)},
                 {"free_right", percent(free.right_call)},
                 {"json_json", percent(json.valid_json)},
                 {"json_schema", percent(json.valid_schema)},
                 {"schema_schema", percent(schema.valid_schema)},
                 {"schema_right", percent(schema.right_call)},
                 {"first_right", percent(s.first_right)},
                 {"unseen_schema", percent(unseen.valid_schema)},
                 {"unseen_right", percent(unseen.right_call)}});
}

const ExperimentSpec& functionCalling() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kCallRate,    kCallBatch, kCallWidth,        kCallLayers,
                       kCallRequest, kCallShown, kCallEvaluateEvery};
    made.records = records;
    made.validate = problemWithRequest;
    made.uses_randomness = [](const Parameters&) { return true; };
    made.views = views();
    made.checks = {"cached-probabilities", "grammar-is-schema"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = kUpdates;
    made.stops_on_divergence = true;
    made.sources = {"lessons/protocols/function_calling.cpp", "lessons/protocols/call_decoding.cpp",
                    "lessons/protocols/call_grammar.cpp", "lessons/protocols/tool_calls.cpp"};
    made.equivalent = kProgram;
    made.make = makeFunctionCalling;
    return made;
  }();
  return spec;
}

}  // namespace viva
