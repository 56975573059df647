// SPDX-License-Identifier: GPL-3.0-or-later
// The Model Context Protocol in both eras, against the messages and codes of its specifications
// (2025-11-25 and 2026-07-28).
#include "protocol/mcp_session.h"

#include <QTest>
#include <thread>

#include "tests/protocol/fake_offer.h"

namespace viva {

using fakes::legacy;
using fakes::modern;
using fakes::Talk;

class McpSessionTest : public QObject {
  Q_OBJECT

 private:
  static int codeOf(const OrderedJson& answer) {
    return answer.contains("error") ? answer["error"]["code"].get<int>() : 0;
  }

 private Q_SLOTS:
  // --- 2025-11-25 --------------------------------------------------------------------------------

  void theHandshakeTellsWhoThisIs() {
    Talk talk;
    const OrderedJson answer = talk.begin();
    QCOMPARE(answer["jsonrpc"].get<std::string>(), std::string("2.0"));
    QCOMPARE(answer["id"].get<int>(), 1);
    const OrderedJson& result = answer["result"];
    QCOMPARE(result["protocolVersion"].get<std::string>(), std::string("2025-11-25"));
    for (const char* offered : {"tools", "resources", "prompts", "completions"})
      QVERIFY2(result["capabilities"][offered].is_object(), offered);
    QCOMPARE(result["serverInfo"]["name"].get<std::string>(), std::string("fake"));
    QCOMPARE(result["instructions"].get<std::string>(), std::string("Try it."));
    QVERIFY(!result.contains("resultType"));
    QVERIFY(talk.sent.take().empty());  // the notification earned nothing
  }

  /// The server answers with the version asked for where it knows it, else with one that it knows.
  void theVersionIsNegotiated() {
    const auto answered = [](const char* wanted) {
      return Talk().begin(wanted)["result"]["protocolVersion"].get<std::string>();
    };
    QCOMPARE(answered("2025-11-25"), std::string("2025-11-25"));
    QCOMPARE(answered("2025-06-18"), std::string("2025-06-18"));
    QCOMPARE(answered("2024-11-05"), std::string("2025-11-25"));
    QCOMPARE(answered("2026-07-28"), std::string("2025-11-25"));  // it has no handshake
  }

  void nothingButPingsBeforeTheHandshake() {
    Talk talk;
    QCOMPARE(talk.ask(legacy("ping"))["result"], OrderedJson::object());
    QCOMPARE(codeOf(talk.ask(legacy("tools/list"))), -32602);
    QVERIFY(talk.begin().contains("result"));
    QCOMPARE(codeOf(talk.ask(legacy("tools/list"))), 0);
  }

  void toolsAreListedWithSchemas() {
    Talk talk;
    talk.begin();
    const OrderedJson tools = talk.ask(legacy("tools/list"))["result"]["tools"];
    QCOMPARE(tools.size(), std::size_t{3});
    QCOMPARE(tools[0]["name"].get<std::string>(), std::string("echo"));
    QCOMPARE(tools[0]["inputSchema"]["type"].get<std::string>(), std::string("object"));
    QVERIFY(tools[0].contains("outputSchema") && !tools[2].contains("outputSchema"));
    QCOMPARE(tools[0]["annotations"]["readOnlyHint"].get<bool>(), true);
  }

  void aToolAnswersTextPicturesAndStructure() {
    Talk talk;
    talk.begin();
    const OrderedJson result =
        talk.ask(legacy("tools/call", R"({"name":"echo","arguments":{"text":"hé"}})"))["result"];
    QCOMPARE(result["structuredContent"]["text"].get<std::string>(), std::string("hé"));
    QCOMPARE(result["isError"].get<bool>(), false);
    QCOMPARE(result["content"][0]["type"].get<std::string>(), std::string("text"));
    QCOMPARE(OrderedJson::parse(result["content"][0]["text"].get<std::string>()),
             result["structuredContent"]);
    QCOMPARE(result["content"][1]["type"].get<std::string>(), std::string("image"));
    QCOMPARE(result["content"][1]["data"].get<std::string>(), std::string("iVBORw=="));
    QCOMPARE(result["content"][1]["mimeType"].get<std::string>(), std::string("image/png"));
  }

  /// So that the model can read it and correct itself.
  void whatTheCallerDidWrongIsAResult() {
    Talk talk;
    talk.begin();
    for (const char* params :
         {R"({"name":"fail","arguments":{"text":"x"}})",
          R"({"name":"echo","arguments":{"text":1}})", R"({"name":"echo","arguments":{"txt":"x"}})",
          R"({"name":"echo"})"}) {
      const OrderedJson result = talk.ask(legacy("tools/call", params))["result"];
      QCOMPARE(result["isError"].get<bool>(), true);
      QVERIFY(!result["content"][0]["text"].get<std::string>().empty());
    }
  }

  void whatTheClientDidWrongIsAnError_data() {
    QTest::addColumn<QString>("message");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const std::string& message, int code) {
      QTest::newRow(name) << QString::fromStdString(message) << code;
    };
    row("unknown method", legacy("tools/register"), -32601);
    row("a method of the other era", legacy("server/discover"), -32602);
    row("unknown tool", legacy("tools/call", R"({"name":"none"})"), -32602);
    row("no tool", legacy("tools/call"), -32602);
    row("arguments a list", legacy("tools/call", R"({"name":"echo","arguments":[]})"), -32602);
    row("unknown resource", legacy("resources/read", "{\"uri\":\"fake://99\"}"), -32002);
    row("no resource", legacy("resources/read"), -32602);
    row("unknown prompt", legacy("prompts/get", R"({"name":"none"})"), -32602);
    row("no argument", legacy("prompts/get", R"({"name":"greet"})"), -32602);
    row("argument a number", legacy("prompts/get", R"({"name":"greet","arguments":{"name":1}})"),
        -32602);
    row("a cursor of nobody's", legacy("resources/list", R"({"cursor":"x"})"), -32602);
    row("a cursor behind the end", legacy("resources/list", R"({"cursor":"99"})"), -32602);
    row("logging, which is not offered", legacy("logging/setLevel", R"({"level":"info"})"), -32601);
    row("no JSON", "{", -32700);
    row("an id that is none", legacy("ping", "{}", "null"), -32600);
  }
  void whatTheClientDidWrongIsAnError() {
    QFETCH(QString, message);
    QFETCH(int, code);
    Talk talk;
    talk.begin();
    const OrderedJson answer = talk.ask(message.toStdString());
    QCOMPARE(codeOf(answer), code);
    QVERIFY(!answer["error"]["message"].get<std::string>().empty());
  }

  void listsComeInPagesOfMoreThanTen() {
    Talk talk;
    talk.begin();
    OrderedJson page = talk.ask(legacy("resources/list"))["result"];
    QCOMPARE(page["resources"].size(), std::size_t{20});
    const std::string params = "{\"cursor\":\"" + page["nextCursor"].get<std::string>() + "\"}";
    page = talk.ask(legacy("resources/list", params))["result"];
    QCOMPARE(page["resources"].size(), std::size_t{5});
    QCOMPARE(page["resources"][4]["uri"].get<std::string>(), std::string("fake://24"));
    QVERIFY(!page.contains("nextCursor"));
  }

  void resourcesAndPromptsAreRead() {
    Talk talk;
    talk.begin();
    const OrderedJson read = talk.ask(legacy("resources/read", "{\"uri\":\"fake://3\"}"))["result"];
    QCOMPARE(read["contents"][0]["text"].get<std::string>(), std::string("the text of fake://3"));
    QCOMPARE(read["contents"][0]["mimeType"].get<std::string>(), std::string("text/plain"));
    const OrderedJson prompt =
        talk.ask(legacy("prompts/get", R"({"name":"greet","arguments":{"name":"Ada"}})"))["result"];
    QCOMPARE(prompt["messages"][0]["content"]["text"].get<std::string>(), std::string("Greet Ada"));
    const OrderedJson completed =
        talk.ask(legacy("completion/complete", R"({"ref":{"type":"ref/prompt","name":"greet"},)"
                                               R"("argument":{"name":"name","value":"A"}})"));
    QCOMPARE(completed["result"]["completion"]["values"], OrderedJson({"Ada", "Alan"}));
  }

  // --- Long tools --------------------------------------------------------------------------------

  void progressIsToldToThoseWhoAskForIt() {
    Talk talk;
    talk.begin();
    talk.session.receive(legacy(
        "tools/call", R"({"name":"count","arguments":{"to":3},"_meta":{"progressToken":"p"}})"));
    QVERIFY(talk.session.workOnce());
    const auto sent = talk.sent.take();
    QCOMPARE(sent.size(), std::size_t{4});
    for (int i = 0; i < 3; ++i) {
      QCOMPARE(sent[i]["method"].get<std::string>(), std::string("notifications/progress"));
      QVERIFY(!sent[i].contains("id"));
      const OrderedJson& params = sent[i]["params"];
      QCOMPARE(params["progressToken"].get<std::string>(), std::string("p"));
      QCOMPARE(params["progress"].get<double>(), i + 1.0);
      QCOMPARE(params["total"].get<double>(), 3.0);
    }
    QCOMPARE(sent[3]["result"]["structuredContent"]["done"].get<int>(), 3);

    talk.session.receive(legacy("tools/call", R"({"name":"count","arguments":{"to":3}})"));
    QVERIFY(talk.session.workOnce());
    QCOMPARE(talk.sent.take().size(), std::size_t{1});
  }

  void whatIsCancelledGetsNoAnswer() {
    Talk talk;
    talk.begin();
    talk.session.receive(
        legacy("tools/call", R"({"name":"count","arguments":{"for_ever":true}})", "7"));
    talk.session.receive(legacy("tools/call", R"({"name":"count"})", "\"waits\""));
    std::thread worker([&] { talk.session.work(); });
    const auto cancel = [&](const std::string& id) {
      talk.session.receive(
          R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + id +
          "}}");
    };
    cancel("\"waits\"");
    cancel("7");
    cancel("99");
    // Quick ones are answered meanwhile; the worker is free again.
    talk.session.receive(legacy("ping", "{}", "8"));
    talk.session.receive(legacy("tools/call", R"({"name":"count","arguments":{"to":1}})", "9"));
    std::vector<OrderedJson> sent;
    while (sent.size() < 2)
      for (OrderedJson& message : talk.sent.take()) sent.push_back(std::move(message));
    talk.session.end();
    worker.join();
    QCOMPARE(sent[0]["id"].get<int>(), 8);
    QCOMPARE(sent[1]["id"].get<int>(), 9);
    QVERIFY(talk.sent.take().empty());
  }

  void anIdThatIsAtWorkIsNotTakenTwice() {
    Talk talk;
    talk.begin();
    talk.session.receive(legacy("tools/call", R"({"name":"count","arguments":{"to":1}})", "5"));
    QCOMPARE(codeOf(talk.ask(legacy("ping", "{}", "5"))), -32600);
    QVERIFY(talk.session.workOnce());
    talk.sent.take();
    QCOMPARE(codeOf(talk.ask(legacy("ping", "{}", "5"))), 0);
  }

  void noMoreCallsWaitThanThereIsRoomFor() {
    Talk talk;
    talk.begin();
    for (std::size_t i = 0; i < McpSession::kMostWaiting; ++i)
      talk.session.receive(legacy("tools/call", R"({"name":"count"})", std::to_string(100 + i)));
    QVERIFY(talk.sent.take().empty());
    QCOMPARE(codeOf(talk.ask(legacy("tools/call", R"({"name":"count"})", "99"))), -32603);
  }

  void theEndStopsWhatIsAtWork() {
    Talk talk;
    talk.begin();
    talk.session.receive(legacy("tools/call", R"({"name":"count","arguments":{"for_ever":true}})"));
    std::thread worker([&] { talk.session.work(); });
    talk.session.end();
    worker.join();
    QVERIFY(talk.sent.take().empty());
    QVERIFY(!talk.session.workOnce());
  }

  // --- 2026-07-28 --------------------------------------------------------------------------------

  void aStatelessServerIsDiscovered() {
    Talk talk;
    const OrderedJson result = talk.ask(modern("server/discover"))["result"];
    QCOMPARE(result["resultType"].get<std::string>(), std::string("complete"));
    QCOMPARE(result["supportedVersions"], OrderedJson({"2026-07-28", "2025-11-25", "2025-06-18"}));
    QVERIFY(result["capabilities"]["tools"].is_object());
    QVERIFY(result["ttlMs"].get<int>() >= 0);
    QCOMPARE(result["cacheScope"].get<std::string>(), std::string("public"));
    QCOMPARE(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"].get<std::string>(),
             std::string("fake"));
    QCOMPARE(result["instructions"].get<std::string>(), std::string("Try it."));
  }

  void requestsAreServedWithoutAHandshake() {
    Talk talk;
    const OrderedJson listed = talk.ask(modern("tools/list"))["result"];
    QCOMPARE(listed["tools"].size(), std::size_t{3});
    QCOMPARE(listed["resultType"].get<std::string>(), std::string("complete"));
    QVERIFY(listed.contains("ttlMs") && listed.contains("cacheScope"));
    const OrderedJson called =
        talk.ask(modern("tools/call", R"("name":"echo","arguments":{"text":"x"})"))["result"];
    QCOMPARE(called["structuredContent"]["text"].get<std::string>(), std::string("x"));
    QCOMPARE(called["resultType"].get<std::string>(), std::string("complete"));
    QVERIFY(!called.contains("ttlMs"));
    talk.session.receive(modern("tools/call", R"("name":"count","arguments":{"to":1})"));
    QVERIFY(talk.session.workOnce());
    const auto sent = talk.sent.take();
    QCOMPARE(sent[0]["params"]["progressToken"].get<int>(), 7);
    QCOMPARE(sent[1]["result"]["resultType"].get<std::string>(), std::string("complete"));
  }

  void anotherRevisionIsRefusedWithThoseThatThereAre() {
    Talk talk;
    for (const char* version : {"1900-01-01", "2025-11-25"}) {
      const OrderedJson error = talk.ask(modern("tools/list", "", version))["error"];
      QCOMPARE(error["code"].get<int>(), -32022);
      QCOMPARE(error["data"]["requested"].get<std::string>(), std::string(version));
      QCOMPARE(error["data"]["supported"][0].get<std::string>(), std::string("2026-07-28"));
    }
  }

  void whatARequestMustCarryIsMissed() {
    const auto code = [](const std::string& meta) {
      return codeOf(Talk().ask(legacy("tools/list", R"({"_meta":)" + meta + "}")));
    };
    QCOMPARE(code("{}"), -32602);
    QCOMPARE(code(R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"})"), -32602);
    QCOMPARE(code(R"({"io.modelcontextprotocol/clientCapabilities":{}})"), -32602);
    QCOMPARE(code(R"({"io.modelcontextprotocol/protocolVersion":1})"), -32602);
    QCOMPARE(code("[]"), -32602);
  }

  void whatTheRevisionRemovedIsGone() {
    Talk talk;
    for (const char* method : {"ping", "initialize", "logging/setLevel", "resources/subscribe"})
      QCOMPARE(codeOf(talk.ask(modern(method))), -32601);
    QCOMPARE(codeOf(talk.ask(modern("resources/read", "\"uri\":\"fake://99\""))), -32602);
  }

  void bothErasAreServedByOneProcess() {
    Talk talk;
    QVERIFY(talk.ask(modern("tools/list")).contains("result"));
    talk.begin();
    QVERIFY(!talk.ask(legacy("tools/list"))["result"].contains("resultType"));
    QVERIFY(talk.ask(modern("tools/list"))["result"].contains("resultType"));
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::McpSessionTest)
#include "mcp_session_test.moc"
