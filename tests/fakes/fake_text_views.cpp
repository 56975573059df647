// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/fake_text_views.h"

#include <cmath>

namespace viva::fakes {

TokensData attentionTokens() {
  TokensData data;
  TokensData::Row row{"input", std::string("Input"), {}};
  const char* words[] = {"The",  " animal", " did",     "n't", " cross",
                         " the", " street", " because", " it"};
  for (int i = 0; i < 9; ++i) row.pieces.push_back({words[i], 0.1 * i, {}});
  row.pieces[8].detail = {"views.summary_largest", {{"text", "animal"}, {"value", 0.61}}};
  data.rows.push_back(row);
  for (int to = 0; to < 9; ++to)
    for (int from = 0; from <= to; ++from)
      data.arcs.push_back({0, to, 0, from, 1.0 / (1 + std::abs(to - from - 7 * (to == 8))), ""});
  return data;
}

TokensData translationTokens() {
  TokensData data;
  TokensData::Row source{"source", std::string("Source"), {}};
  for (const char* text : {"I", " like", " machine", " learning", "."})
    source.pieces.push_back({text, std::nullopt, {}});
  TokensData::Row target{"target", std::string("Target 目标"), {}};
  TokensData::Row prediction{"prediction", std::string("Prediction 预测"), {}};
  const char* right[] = {"我", "喜欢", "机器", "学习", "。"};
  const char* said[] = {"我", "喜爱", "机器", "学", "。"};
  for (int i = 0; i < 5; ++i) {
    target.pieces.push_back({right[i], std::nullopt, {}});
    prediction.pieces.push_back({said[i], i == 1 || i == 3 ? -0.7 : 0.9, {}});
  }
  data.rows = {source, target, prediction};
  for (int i = 0; i < 5; ++i) {
    data.arcs.push_back({0, i, 1, i, 0.9 - 0.1 * i, "alignment"});
    data.arcs.push_back({1, i, 2, i, i == 1 || i == 3 ? -0.4 : 0.8, ""});
  }
  data.arcs.push_back({0, 3, 1, 2, 0.3, "alignment"});
  data.diverging = true;
  return data;
}

TokensData longTokens(int count) {
  TokensData data;
  TokensData::Row row{"text", std::string("Text"), {}};
  const char* words[] = {"The",  " quick", " brown", " fox", "\n",   "跳过",      "了",   " lazy",
                         " dog", ",",      "\t",     "语言", "模型", " predicts", " the", " next"};
  for (int i = 0; i < count; ++i)
    row.pieces.push_back(
        {i % 61 == 60 ? "\n" : words[(i * 7 + i / 16) % 16], 2 * std::sin(i * 0.37), {}});
  data.rows.push_back(row);
  data.diverging = true;
  return data;
}

SequenceData toolCallSequence() {
  using Kind = SequenceData::Kind;
  SequenceData data;
  data.lifelines = {{"user", std::string("User 用户")},
                    {"host", std::string("Host application")},
                    {"model", std::string("Model")},
                    {"tool", std::string("Tool server")}};
  data.arrows = {
      {Kind::Request, 0, 1, std::string("What is 17 × 23? 十七乘二十三是多少？"), "", 0.0},
      {Kind::Request, 1, 2, std::string("messages, tools"),
       R"({"model": "tiny", "temperature": 0.7, "tools": [{"name": "multiply", "parameters": {"type": "object", "properties": {"a": {"type": "number", "minimum": -1000}, "b": {"type": "number"}}, "required": ["a", "b"]}}], "messages": [{"role": "system", "content": "你是一个助手。"}, {"role": "user", "content": "What is 17 × 23?"}], "stream": false, "stop": null})",
       0.012},
      {Kind::Reply, 2, 1, std::string("tool call: multiply"),
       R"({"name": "multiply", "arguments": {"a": 17, "b": "23"}})", 0.84},
      {Kind::Note, 1, 1, std::string("the arguments are checked against the schema"), "", 0.841},
      {Kind::Error, 1, 2, std::string("b is not a number"),
       R"({"error": {"code": -32602, "message": "b: expected number"}})", 0.845},
      {Kind::Request, 2, 2, std::string("tries again"), "", 0.9},
      {Kind::Reply, 2, 1, std::string("tool call: multiply"),
       R"({"name": "multiply", "arguments": {"a": 17, "b": 23}})", 1.51},
      {Kind::Request, 1, 3, std::string("multiply(17, 23)"), "plain text\nin two lines", 1.52},
      {Kind::Reply, 3, 1, std::string("391"), "391", 1.53},
      {Kind::Reply, 1, 0, std::string("17 × 23 = 391"), "", 2.1}};
  return data;
}

SequenceData longSequence(int count) {
  using Kind = SequenceData::Kind;
  SequenceData data;
  data.lifelines = {
      {"client", std::string("Client")}, {"server", std::string("Server")}, {"store", {}}};
  for (int i = 0; i < count; ++i) {
    const Kind kind = i % 17 == 16   ? Kind::Error
                      : i % 11 == 10 ? Kind::Note
                      : i % 2 == 1   ? Kind::Reply
                                     : Kind::Request;
    SequenceData::Arrow arrow{kind,
                              i / 2 % 2,
                              1 + i / 2 % 2,
                              "call " + std::to_string(i),
                              i % 3 == 0 ? R"({"id": )" + std::to_string(i) + "}" : "",
                              i * 0.01};
    if (kind == Kind::Reply) std::swap(arrow.from, arrow.to);
    data.arrows.push_back(std::move(arrow));
  }
  return data;
}

}  // namespace viva::fakes
