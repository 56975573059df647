// SPDX-License-Identifier: GPL-3.0-or-later
// What is counted of a message, how one is changed, what may come next in a call, and the rules of
// function calling; by hand, and against the parser and the validator.
#include "lessons/protocols/tool_calls.h"

#include <QTest>
#include <stdexcept>

#include "lessons/protocols/call_grammar.h"
#include "lessons/protocols/message_edit.h"
#include "lessons/protocols/stand_in_model.h"
#include "lessons/protocols/wire_trace.h"

using namespace viva;

namespace {

std::vector<std::int64_t> tokensOf(const std::string& text) {
  ToolRequest request;
  request.call = OrderedJson::parse(text);
  std::vector<std::int64_t> tokens = request.callTokens();
  while (!tokens.empty() && tokens.back() <= kEndToken) tokens.pop_back();
  return tokens;
}

/// Every call that fits a schema is written in this way, a choice at random at each token.
std::string randomCall(std::mt19937_64& generator) {
  CallWriting writing(Constraint::Schema);
  while (!writing.isOver()) {
    std::vector<std::int64_t> may;
    const auto allowed = writing.allowed();
    for (std::size_t token = 0; token < allowed.size(); ++token)
      if (allowed[token]) may.push_back(static_cast<std::int64_t>(token));
    writing.add(may.at(generator() % may.size()));
  }
  return textOfTokens(writing.tokens());
}

bool isPrefix(const std::string& text) { return JsonPrefix().add(text); }
bool isWhole(const std::string& text) {
  JsonPrefix json;
  return json.add(text) && json.isComplete();
}

}  // namespace

class ToolCallsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void timesPortsAndBuildsCountNothing() {
    QCOMPARE(steadyBytes(R"({"a":1})"), std::int64_t{7});
    QCOMPARE(steadyBytes(R"({"seconds":0.125,"a":1})"), steadyBytes(R"({"seconds":3e-05,"a":1})"));
    const auto inside = [](double seconds) {
      return textOf({{"text", textOf({{"seconds", seconds}, {"a", 1}})}});
    };
    QCOMPARE(steadyBytes(inside(0.5)), steadyBytes(inside(12.25)));
    QCOMPARE(steadyBytes("{\"build\":\"abc\",\"url\":\"http://127.0.0.1:1/\"}"),
             steadyBytes("{\"build\":\"\",\"url\":\"http://127.0.0.1:65535/\"}"));
    QVERIFY(steadyBytes(R"({"steps":10})") != steadyBytes(R"({"steps":100})"));
    QVERIFY(steadyBytes(R"({"seconds_left":1})") != steadyBytes(R"({"seconds_left":10})"));
  }

  void aMessageIsChangedInItsPlaces() {
    const std::string message =
        R"({"method":"tools/call","params":{"arguments":{"steps":20},"list":[1,2]}})";
    std::string version = "1.0";
    const auto after = [&](const std::string& edit) {
      return Json::parse(edited(message, edit, version));
    };
    QCOMPARE(after("method=tools/cal")["method"].get<std::string>(), std::string("tools/cal"));
    QCOMPARE(after("params.arguments.steps=-3; params.arguments.x=true")["params"]["arguments"],
             (Json{{"steps", -3}, {"x", true}}));
    QCOMPARE(after("params.list.1=\"9\"")["params"]["list"], (Json{1, "9"}));
    QCOMPARE(after("params.arguments=none")["params"]["arguments"], Json("none"));
    QCOMPARE(edited(message, "", version), message);
    QCOMPARE(edited(message, " {\"half", version), std::string("{\"half"));
    QCOMPARE(version, std::string("1.0"));
    after("A2A-Version=9.9");
    QCOMPARE(version, std::string("9.9"));
    const std::string stateless = R"({"params":{"_meta":{"io.x/protocolVersion":"a"}}})";
    QCOMPARE(Json::parse(edited(stateless, "params._meta.protocolVersion=b", version)),
             Json::parse(R"({"params":{"_meta":{"io.x/protocolVersion":"b"}}})"));
    QVERIFY(!problemWithEdit("") && !problemWithEdit("a=1; b.c=2") && !problemWithEdit("{"));
    QVERIFY(problemWithEdit("nothing") && problemWithEdit("a=1; =2"));
  }

  void beginningsOfJsonAreKnown() {
    for (const char* text : {"{", "{\"a", "{\"a\":", "{\"a\":1", "{\"a\":{}", "{\"a\":\"b\",\""})
      QVERIFY2(isPrefix(text) && !isWhole(text), text);
    for (const char* text : {"{}", "{\"a\":1}", "{\"a\":{\"b\":\"c\"},\"d\":0}", "\"a\""}) {
      QVERIFY2(isWhole(text), text);
      QVERIFY2(Json::accept(text), text);
    }
    for (const char* text : {"}", "{1", "{a", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{}{",
                             "{\"a\":01", "{,", "{\"a\":1 "})
      QVERIFY2(!isPrefix(text), text);
  }

  /// Texts of five tokens or less, all of them: what JsonPrefix holds whole, the parser accepts.
  void whatIsWholeIsJsonForTheParserToo() {
    const std::vector<std::string> marks{"{", "}", "\"", ":", ",", "0", "7", "name"};
    std::vector<std::string> texts{""};
    for (int length = 1; length <= 6; ++length) {
      std::vector<std::string> longer;
      for (const std::string& text : texts)
        for (const std::string& mark : marks) {
          const std::string next = text + mark;
          if (isWhole(next)) QVERIFY2(Json::accept(next), next.c_str());
          if (isPrefix(next)) longer.push_back(next);
          // A number alone is JSON, and may yet go on.
          if (Json::accept(next) && next[0] == '{') QVERIFY2(isWhole(next), next.c_str());
        }
      texts = std::move(longer);
    }
  }

  void whatFollowsInACallFollowsFromTheSchema() {
    const auto names = [](const std::string& prefix) {
      std::vector<std::string> found;
      auto tokens = tokensOf(R"({"name":"weather","arguments":{"city":"paris","day":"today"}})");
      if (prefix == "tool") tokens.resize(6);
      if (prefix == "city") tokens.resize(19);
      for (const std::int64_t token : nextInACall(tokens))
        found.push_back(toolTokens()[static_cast<std::size_t>(token)]);
      return found;
    };
    QCOMPARE(names("tool"), (std::vector<std::string>{"weather", "convert", "timer"}));
    QCOMPARE(names("city").size(), std::size_t{10});
    QCOMPARE(names("whole"), (std::vector<std::string>{"<end>"}));
    const auto after = [](const std::string& minutes) {
      auto tokens = tokensOf(R"({"name":"timer","arguments":{"minutes":)" + minutes + "}}");
      tokens.resize(tokens.size() - 2);
      return nextInACall(tokens).size();
    };
    QCOMPARE(after("7"), std::size_t{11});  // ten digits or the brace
    QCOMPARE(after("77"), std::size_t{1});
  }

  void whatTheGrammarWritesTheValidatorAccepts() {
    std::mt19937_64 generator(1);
    for (int i = 0; i < 500; ++i) {
      const CallReading reading = readCall(randomCall(generator));
      QVERIFY2(reading.is_json && reading.fits_schema, reading.problem.c_str());
    }
  }

  void everyRequestAsksForACallThatFitsAndRuns() {
    std::mt19937_64 generator(7);
    for (int i = 0; i < 500; ++i) {
      const ToolRequest request =
          i % 5 ? drawRequest(generator) : drawWeather(generator, Cities::Unseen);
      const auto tokens = request.callTokens();
      QCOMPARE(textOfTokens(tokens), request.call.dump());
      QVERIFY(std::count(tokens.begin(), tokens.end(), -1) == 0);
      const auto asked = request.requestTokens();
      QVERIFY(std::count(asked.begin(), asked.end(), -1) == 0);
      QCOMPARE(typedRequest(request.text()).tokens, asked);
      const CallReading reading = readCall(request.call.dump());
      QVERIFY2(reading.fits_schema, reading.problem.c_str());
      QVERIFY(!ranTool(reading.call).contains("error"));
    }
  }

  void whatDoesNotFitIsSaid() {
    QVERIFY(!readCall("weather in paris").is_json);
    QVERIFY(readCall("{}").is_json && !readCall("{}").fits_schema);
    const auto problem = [](const std::string& arguments) {
      return readCall(R"({"name":"timer","arguments":)" + arguments + "}").problem;
    };
    QCOMPARE(problem(R"({"minutes":100})"), std::string("minutes: 1 … 99"));
    QVERIFY(!problem(R"({"minutes":"ten"})").empty() && !problem("{}").empty());
    QVERIFY(!readCall(R"({"name":"rm","arguments":{}})").fits_schema);
    // 12 km are 7.456 miles.
    QCOMPARE(ranTool(Json::parse(
                 R"({"name":"convert","arguments":{"value":12,"from":"km","to":"miles"}})")),
             (OrderedJson{{"value", 7.456}}));
  }

  void whatIsTypedIsReadOrRefused() {
    QCOMPARE(typedRequest("wake me in 25 minutes").length, std::int64_t{6});
    QCOMPARE(typedRequest("weather in atlantis").unknown, std::string("atlantis"));
  }

  /// reference: the API guide of function calling; every call id wants its answer.
  void theModelAnswersInTheFormOfTheApi() {
    const TraceTask task = traceTask(3, 20);
    OrderedJson messages = OrderedJson::array({{{"role", "user"}, {"content", task.sentence()}}});
    const OrderedJson tools = OrderedJson::array();
    const OrderedJson asked = chatAnswer(chatRequest(messages, tools), task)["choices"][0];
    QCOMPARE(asked["finish_reason"].get<std::string>(), std::string("tool_calls"));
    const OrderedJson& call = asked["message"]["tool_calls"][0];
    QVERIFY(asked["message"]["content"].is_null());
    QVERIFY(call["function"]["arguments"].is_string());
    QCOMPARE(OrderedJson::parse(call["function"]["arguments"].get<std::string>()),
             task.arguments());

    messages.push_back(asked["message"]);
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, chatAnswer(chatRequest(messages, tools), task));
    OrderedJson failed = messages;
    failed.push_back({{"role", "tool"}, {"tool_call_id", call["id"]}, {"content", "time-out"}});
    const auto again = chatAnswer(chatRequest(failed, tools), task)["choices"][0];
    QCOMPARE(again["finish_reason"].get<std::string>(), std::string("tool_calls"));
    QVERIFY(again["message"]["tool_calls"][0]["id"] != call["id"]);
    messages.push_back({{"role", "tool"},
                        {"tool_call_id", call["id"]},
                        {"content", R"({"final":{"reverse/kl_reverse":0.25}})"}});
    const auto said = chatAnswer(chatRequest(messages, tools), task)["choices"][0];
    QCOMPARE(said["finish_reason"].get<std::string>(), std::string("stop"));
    QVERIFY(said["message"]["content"].get<std::string>().find("0.25") != std::string::npos);
  }
};

QTEST_APPLESS_MAIN(ToolCallsTest)
#include "tool_calls_test.moc"
