// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/function_calling_views.h"

#include <utility>

#include "lessons/core/number_text.h"
#include "lessons/protocols/tool_calls.h"
#include "lessons/protocols/wire_trace.h"
#include "protocol/json_rpc.h"

namespace viva {
namespace {

Word callWord(const std::string& kind, const std::string& id) {
  return Word{"function-calling." + kind + "." + id};
}

TokensData written(const ShownRequest& shown, const std::vector<DecodedCall>& calls) {
  TokensData data;
  data.minimum = 0;
  data.maximum = 1;
  TokensData::Row& asked = data.rows.emplace_back();
  asked.id = "request";
  asked.label = callWord("row", "request");
  for (const std::int64_t token : shown.tokens)
    if (token != kPadToken) asked.pieces.push_back({toolTokens().at(token), {}});
  for (std::size_t way = 0; way < calls.size(); ++way) {
    TokensData::Row& row = data.rows.emplace_back();
    row.id = kWaysToDecode[way];
    row.label = callWord("curve", row.id);
    for (std::size_t i = 0; i < calls[way].tokens.size(); ++i)
      row.pieces.push_back({toolTokens().at(calls[way].tokens[i]), calls[way].probabilities[i]});
  }
  return data;
}

/// The text comes back to the application, which reads it, checks it, and then may act.
SequenceData exchangeOf(const ShownRequest& shown, const std::string& text) {
  constexpr int kModel = 0, kApplication = 1, kTool = 2;
  SequenceData data;
  for (const char* party : {"model", "application", "tool"})
    data.lifelines.push_back({party, callWord("party", party)});
  const OrderedJson request{
      {"messages", OrderedJson::array({{{"role", "user"}, {"content", shown.text}}})},
      {"tools", toolSchemas()}};
  const auto add = [&](MessageKind kind, int from, int to, Label label, std::string body) {
    data.arrows.push_back({kind, from, to, std::move(label), std::move(body), {}});
  };
  add(MessageKind::Request, kApplication, kModel, shown.text, textOf(request));
  add(MessageKind::Reply, kModel, kApplication, callWord("message", "text"), text);
  const CallReading reading = readCall(text);
  if (!reading.fits_schema) {
    add(MessageKind::Note, kApplication, kApplication, callWord("message", "refused"), "");
    add(MessageKind::Error, kApplication, kModel, callWord("message", "problem"),
        textOf(OrderedJson{{"role", "tool"}, {"content", reading.problem}}));
    return data;
  }
  add(MessageKind::Note, kApplication, kApplication, callWord("message", "fits"), "");
  add(MessageKind::Request, kApplication, kTool, reading.call["name"].get<std::string>(),
      reading.call["arguments"].dump());
  add(MessageKind::Reply, kTool, kApplication, callWord("message", "result"),
      textOf(ranTool(reading.call)));
  if (!shown.expected.empty() && Json::parse(shown.expected) != reading.call)
    add(MessageKind::Note, kApplication, kApplication, callWord("message", "wrong"),
        shown.expected);
  return data;
}

}  // namespace

void showRequest(Frame& frame, const ShownRequest& shown, const std::vector<DecodedCall>& calls) {
  frame.at<TokensData>("written") = written(shown, calls);
  frame.at<SequenceData>("exchange") = exchangeOf(shown, textOfTokens(calls.front().tokens));
}

void showScores(Frame& frame, const CallState& state) {
  TableData& table = frame.at<TableData>("scores");
  table.columns = {{"way"}, {"valid_json"}, {"valid_schema"}, {"right_call"}};
  for (std::size_t way = 0; way < kWays; ++way) {
    const CallScores& scores = state.seen[way];
    table.rows.push_back({kWaysToDecode[way],
                          {callWord("curve", kWaysToDecode[way]), percent(scores.valid_json),
                           percent(scores.valid_schema), percent(scores.right_call)}});
  }
  BarsData& bars = frame.at<BarsData>("unseen");
  for (const char* score : {"valid_json", "valid_schema", "right_call"})
    bars.categories.push_back(callWord("bar", score));
  const auto add = [&](const char* id, const CallScores& scores) {
    bars.groups.push_back(
        {id, callWord("curve", id), {scores.valid_json, scores.valid_schema, scores.right_call}});
  };
  add("learned", state.of(Constraint::Schema));
  add("not_learned", state.unseenOf(Constraint::Schema));
}

}  // namespace viva
