// SPDX-License-Identifier: GPL-3.0-or-later
// `viva mcp` as a child process: what it offers, runs that report, are cancelled and left alone.
#include <QImage>
#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "protocol/json_schema.h"
#include "tests/app/conversation.h"

namespace viva {

class McpTest : public QObject {
  Q_OBJECT

 private:
  static std::string text(const Json& result) {
    return result["content"][0]["text"].get<std::string>();
  }
  static bool isOneSentence(const std::string& text) {
    return !text.empty() && text.find('\n') == std::string::npos;
  }
  static Json statelessMeta() {
    return {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
            {"io.modelcontextprotocol/clientCapabilities", Json::object()},
            {"progressToken", 1}};
  }
  /// A call that does not end by itself.
  static Json endlessRun(const Json& meta) {
    return {{"name", "run_experiment"},
            {"arguments",
             {{"experiment", "fake-descent"}, {"set", {{"pause", 20}}}, {"steps", 1000000}}},
            {"_meta", meta}};
  }
  /// The tool has begun when its first step has been told.
  static void startEndlessRun(Conversation& talk, int id) {
    talk.request(id, "tools/call", endlessRun({{"progressToken", "t"}}));
    for (Json told; (told = talk.next()).is_object();)
      if (told.value("method", "") == "notifications/progress" && told["params"]["progress"] >= 1)
        return;
    QFAIL("no progress");
  }

 private Q_SLOTS:
  void itSaysWhatItOffers() {
    Conversation talk{Program()};
    const Json hello = talk.begin()["result"];
    QCOMPARE(hello["protocolVersion"].get<std::string>(), std::string("2025-11-25"));
    QCOMPARE(hello["serverInfo"]["name"].get<std::string>(), std::string("viva"));
    talk.request(1, "tools/list");
    const Json tools = talk.answer(1)["result"]["tools"];
    std::set<std::string> names;
    for (const Json& tool : tools) {
      names.insert(tool["name"].get<std::string>());
      for (const char* part : {"title", "description"})
        QVERIFY(tool[part].get<std::string>().find("agents.") == std::string::npos);
      for (const char* schema : {"inputSchema", "outputSchema"})
        QCOMPARE(tool[schema]["type"].get<std::string>(), std::string("object"));
      QCOMPARE(tool["inputSchema"]["additionalProperties"].get<bool>(), false);
    }
    QCOMPARE(names, (std::set<std::string>{"list_lessons", "describe_experiment", "run_experiment",
                                           "compare_runs", "search"}));
    QCOMPARE(talk.end(), 0);
  }

  void whatItComputesIsWhatTheCommandLineComputes() {
    const QTemporaryDir folder;
    const QString out = folder.filePath("out");
    QCOMPARE(Program()
                 .run({"run", "fake-descent", "--preset", "half", "--set", "noisy=true", "--seed",
                       "7", "--steps", "30", "--out", out, "--quiet"})
                 .status,
             0);
    const Json summary = Json::parse(contentOf(out + "/summary.json").toStdString());
    Conversation talk{Program()};
    talk.begin();
    const Json result = talk.call("run_experiment", {{"experiment", "fake-descent"},
                                                     {"preset", "half"},
                                                     {"set", {{"noisy", true}}},
                                                     {"seed", 7},
                                                     {"steps", 30}});
    QCOMPARE(result["isError"].get<bool>(), false);
    const Json run = result["structuredContent"];
    for (const char* same : {"digest", "status", "steps", "final", "verdicts", "parameters", "seed",
                             "preset", "changed_from_preset", "checks"})
      QVERIFY2(run[same] == summary[same], same);
    QCOMPARE(Json::parse(text(result)), run);
    for (const auto& [tool, arguments] :
         {std::pair{"list_lessons", QStringList{"list", "--json"}},
          std::pair{"describe_experiment", QStringList{"describe", "fake-descent", "--json"}}}) {
      const Json printed = Json::parse(Program().run(arguments).output.toStdString());
      const Json given = std::string(tool) == "list_lessons" ? Json::object()
                                                             : Json{{"experiment", "fake-descent"}};
      QVERIFY2(talk.call(tool, given)["structuredContent"] == printed, tool);
    }
  }

  /// 1/4 as a number, a text; 4 * (1 - 1/4)^2 = 2.25.
  void settingsAreNumbersOrTexts() {
    Conversation talk{Program()};
    talk.begin();
    for (const Json& rate : {Json(0.25), Json("0.25"), Json("2.5e-1")}) {
      const Json result = talk.call("run_experiment", {{"experiment", "fake-descent"},
                                                       {"set", {{"rate", rate}, {"start", "4,1"}}},
                                                       {"steps", 2}});
      QCOMPARE(result["structuredContent"]["final"]["a/x"].get<double>(), 2.25);
    }
  }

  void everyResultFitsTheSchemaThatWasGiven() {
    Conversation talk{Program()};
    talk.begin();
    talk.request(1, "tools/list");
    const Json tools = talk.answer(1)["result"]["tools"];
    const Json short_run{{"experiment", "fake-descent"}, {"steps", 3}};
    Json both{{"experiment", "fake-descent"}, {"a", Json::object()}, {"b", Json::object()}};
    both["a"]["steps"] = 3;
    both["b"] = {{"steps", 2}, {"set", {{"rate", 2}}}};
    const std::map<std::string, Json> arguments{
        {"list_lessons", Json::object()},
        {"describe_experiment", {{"experiment", "fake-stopper"}}},
        {"run_experiment", short_run},
        {"compare_runs", both},
        {"search", {{"query", "gradient"}}}};
    for (const Json& tool : tools) {
      const std::string name = tool["name"].get<std::string>();
      const auto wrong_input = problemIn(arguments.at(name), OrderedJson(tool["inputSchema"]));
      QVERIFY2(!wrong_input, (name + ": " + (wrong_input ? wrong_input->path : "")).c_str());
      const Json result = talk.call(name, arguments.at(name));
      QVERIFY2(!result["isError"].get<bool>(), text(result).c_str());
      const auto wrong = problemIn(result["structuredContent"], OrderedJson(tool["outputSchema"]));
      QVERIFY2(!wrong, (name + ": " + (wrong ? wrong->path : "")).c_str());
    }
  }

  void whatACallerDoesWrongIsOneSentenceOfATool() {
    Conversation talk{Program()};
    talk.begin();
    const auto sentence = [&](const Json& arguments) {
      return talk.refusal("run_experiment", arguments);
    };
    const std::pair<Json, const char*> wrong[] = {
        {{{"experiment", "fake-descnt"}}, "fake-descent"},
        {Json::object(), "experiment"},
        {{{"experiment", 7}}, "string"},
        {{{"experiment", "fake-descent"}, {"preset", "none"}}, "half"},
        {{{"experiment", "fake-descent"}, {"set", {{"rat", 1}}}}, "rate"},
        {{{"experiment", "fake-descent"}, {"set", {{"rate", 3}}}}, "2"},
        {{{"experiment", "fake-descent"}, {"set", {{"rate", Json::array()}}}}, "set.rate"},
        {{{"experiment", "fake-descent"}, {"steps", -1}}, "steps"},
        {{{"experiment", "fake-descent"}, {"steps", 1e18}}, "steps"},
        {{{"experiment", "fake-descent"}, {"seed", "1"}}, "integer"},
        {{{"experiment", "fake-descent"}, {"views", {"none"}}}, "plane"},
        {{{"experiment", "fake-descent"}, {"preste", "half"}}, "preset"},
        {{{"experiment", "fake-descent"}, {"set", {{"fail_at", 2}}}}, "broken"},
        {{{"experiment", "fake-descent"}, {"set", {{"fail_at", 0}}}}, "no start"}};
    for (const auto& [arguments, named] : wrong) {
      const std::string said = sentence(arguments);
      QVERIFY2(isOneSentence(said), arguments.dump().c_str());
      QVERIFY2(said.find(named) != std::string::npos, said.c_str());
    }
    QVERIFY(isOneSentence(talk.refusal("describe_experiment", {{"experiment", "none"}})));
    // It goes on.
    QVERIFY(sentence({{"experiment", "fake-descent"}, {"steps", 1}}).empty());
  }

  void filesAreForThoseWhoWereAllowedThem() {
    QTemporaryDir folder;
    const QString file = folder.filePath("data.csv");
    QFile data(file);
    QVERIFY(data.open(QIODevice::WriteOnly) && data.write("1,2\n") == 4);
    data.close();
    const Json arguments{
        {"experiment", "fake-descent"}, {"set", {{"data_file", file.toStdString()}}}, {"steps", 1}};
    Conversation closed{Program()};
    closed.begin();
    const std::string said = closed.refusal("run_experiment", arguments);
    QVERIFY2(said.find("--allow-files") != std::string::npos, said.c_str());
    Json both{{"experiment", "fake-descent"}, {"a", Json::object()}, {"b", Json::object()}};
    both["b"]["set"] = arguments["set"];
    QVERIFY(closed.refusal("compare_runs", both).find("--allow-files") != std::string::npos);
    Conversation open{Program(), {"--allow-files"}};
    open.begin();
    QCOMPARE(open.refusal("run_experiment", arguments), std::string());
  }

  void viewsComeAsPicturesWithoutADisplay() {
    Conversation talk{Program()};
    talk.begin();
    const Json result =
        talk.call("run_experiment",
                  {{"experiment", "fake-descent"}, {"steps", 3}, {"views", {"plane", "panel"}}});
    QCOMPARE(result["content"].size(), std::size_t{3});
    for (int i : {1, 2}) {
      const Json& content = result["content"][i];
      QCOMPARE(content["type"].get<std::string>(), std::string("image"));
      QCOMPARE(content["mimeType"].get<std::string>(), std::string("image/png"));
      const QByteArray bytes =
          QByteArray::fromBase64(QByteArray::fromStdString(content["data"].get<std::string>()),
                                 QByteArray::AbortOnBase64DecodingErrors);
      const QImage picture = QImage::fromData(bytes, "PNG");
      QCOMPARE(picture.size(), QSize(960, 600));
      QVERIFY(picture.pixelColor(480, 300).isValid());
    }
  }

  void twoRunsAreCompared() {
    Conversation talk{Program()};
    talk.begin();
    Json both{{"experiment", "fake-descent"}, {"a", Json::object()}, {"b", Json::object()}};
    both["a"] = {{"preset", "half"}, {"steps", 4}};
    both["b"] = both["a"];
    Json same = talk.call("compare_runs", both)["structuredContent"];
    QCOMPARE(same["same_numbers"].get<bool>(), true);
    QCOMPARE(same["differs"], Json::object());
    QVERIFY(same["first_difference"].is_null());
    both["b"]["set"] = {{"rate", 0.25}};
    both["b"]["seed"] = 2;
    const Json other = talk.call("compare_runs", both)["structuredContent"];
    QCOMPARE(other["same_numbers"].get<bool>(), false);
    QCOMPARE(other["first_difference"].get<std::string>(), std::string("a/x"));
    QCOMPARE(other["differs"]["rate"], (Json{{"a", 0.5}, {"b", 0.25}}));
    QCOMPARE(other["differs"]["seed"], (Json{{"a", 1}, {"b", 2}}));
    QCOMPARE(other["differs"].size(), std::size_t{2});
    // 2 / 16 and 2 * (3/4)^4
    QCOMPARE(other["final"]["a/x"]["a"].get<double>(), 0.125);
    QCOMPARE(other["final"]["a/x"]["b"].get<double>(), 0.6328125);
    QCOMPARE(other["final"]["a/x"]["difference"].get<double>(), 0.5078125);
    QCOMPARE(other["in_words"].size(), std::size_t{2});
  }

  // --- Reading -----------------------------------------------------------------------------------

  void notesAndCardsOfEveryLessonAreResources() {
    Conversation talk{Program()};
    talk.begin();
    std::vector<std::string> uris;
    Json params = Json::object();
    for (int page = 0; page < 10; ++page) {
      talk.request(page, "resources/list", params);
      const Json result = talk.answer(page)["result"];
      QVERIFY(page > 0 || result["resources"].size() > 10);
      for (const Json& one : result["resources"]) uris.push_back(one["uri"].get<std::string>());
      if (!result.contains("nextCursor")) break;
      params["cursor"] = result["nextCursor"];
    }
    const Json lessons = Json::parse(
        contentOf(QStringLiteral(VIVA_SOURCE_DIR "/resources/lessons.json")).toStdString());
    QCOMPARE(uris.size(), 2 * lessons.size());
    for (const char* kind : {"notes", "cards"}) {
      const std::string uri = std::string("viva://lessons/gpt/") + kind;
      talk.request("read", "resources/read", {{"uri", uri}});
      const Json content = talk.answer("read")["result"]["contents"][0];
      QCOMPARE(
          QByteArray::fromStdString(content["text"].get<std::string>()),
          contentOf(QStringLiteral(VIVA_SOURCE_DIR "/resources/lessons/gpt/%1.en.md").arg(kind)));
      QCOMPARE(content["mimeType"].get<std::string>(), std::string("text/markdown"));
    }
    talk.request("none", "resources/read", {{"uri", "file:///etc/passwd"}});
    QCOMPARE(talk.answer("none")["error"]["code"].get<int>(), -32002);
  }

  void notesAndCardsAreFound() {
    Conversation talk{Program()};
    talk.begin();
    const Json found = talk.call("search", {{"query", "causal mask"}, {"limit", 20}});
    const Json results = found["structuredContent"]["results"];
    QVERIFY(!results.empty() && results.size() <= 20);
    bool note = false, card = false;
    for (const Json& place : results) {
      note |= place["kind"] == "note" && place["uri"].get<std::string>().ends_with("/notes");
      card |= place["kind"] == "card" && place["uri"].get<std::string>().ends_with("/cards") &&
              !place["text"].get<std::string>().empty();
    }
    QVERIFY(note && card);
    QCOMPARE(talk.call("search", {{"query", "zzzzqqqq"}})["structuredContent"]["results"].size(),
             std::size_t{0});
  }

  void peopleCanAskForAQuizAndForAnExplanation() {
    Conversation talk{Program()};
    talk.begin();
    talk.request(1, "prompts/get",
                 {{"name", "explain_this_run"},
                  {"arguments", {{"experiment", "fake-descent"}, {"preset", "half"}}}});
    const Json messages = talk.answer(1)["result"]["messages"];
    const std::string said = messages[0]["content"]["text"].get<std::string>();
    QVERIFY2(said.find(R"({"experiment":"fake-descent","preset":"half"})") != std::string::npos,
             said.c_str());
    QVERIFY(said.find("agents.") == std::string::npos);
    talk.request(2, "prompts/get", {{"name", "quiz_me_on"}, {"arguments", {{"lesson", "none"}}}});
    QCOMPARE(talk.answer(2)["error"]["code"].get<int>(), -32602);
    talk.request(3, "completion/complete",
                 {{"ref", {{"type", "ref/prompt"}, {"name", "explain_this_run"}}},
                  {"argument", {{"name", "preset"}, {"value", ""}}},
                  {"context", {{"arguments", {{"experiment", "fake-descent"}}}}}});
    QCOMPARE(talk.answer(3)["result"]["completion"]["values"], Json({"half", "as-it-is"}));
  }

  void itSpeaksChineseToo() {
    Conversation talk{Program(), {"--lang", "zh_CN"}};
    talk.begin();
    talk.request(1, "resources/read", {{"uri", "viva://lessons/gpt/notes"}});
    QCOMPARE(QByteArray::fromStdString(
                 talk.answer(1)["result"]["contents"][0]["text"].get<std::string>()),
             contentOf(QStringLiteral(VIVA_SOURCE_DIR "/resources/lessons/gpt/notes.zh_CN.md")));
    const std::string said = talk.refusal("run_experiment", {{"experiment", "none"}});
    QVERIFY2(
        said.find("fake-descent") != std::string::npos && said.find("allowed") == std::string::npos,
        said.c_str());
  }

  // --- 2026-07-28 --------------------------------------------------------------------------------

  void aStatelessClientNeedsNoHandshake() {
    Conversation talk{Program()};
    const Json meta = statelessMeta();
    talk.request("d", "server/discover", {{"_meta", meta}});
    QCOMPARE(talk.next()["result"]["supportedVersions"][0].get<std::string>(),
             std::string("2026-07-28"));
    talk.request("c", "tools/call",
                 {{"name", "run_experiment"},
                  {"arguments", {{"experiment", "fake-descent"}, {"steps", 5}}},
                  {"_meta", meta}});
    std::vector<double> told;
    Json message;
    while ((message = talk.next()).value("method", "") == "notifications/progress")
      told.push_back(message["params"]["progress"].get<double>());
    QCOMPARE(message["result"]["resultType"].get<std::string>(), std::string("complete"));
    QCOMPARE(message["result"]["structuredContent"]["steps"].get<int>(), 5);
    QVERIFY(told.size() >= 2 && std::is_sorted(told.begin(), told.end()));
    QCOMPARE(told.back(), 5.0);
  }

  // --- Beginnings and ends -----------------------------------------------------------------------

  void aCancelledRunStopsAndTheNextOneIsMade() {
    Conversation talk{Program()};
    talk.begin();
    startEndlessRun(talk, 5);
    talk.notify("notifications/cancelled", {{"requestId", 5}, {"reason", "enough"}});
    talk.request(6, "tools/call",
                 {{"name", "run_experiment"},
                  {"arguments", {{"experiment", "fake-descent"}, {"steps", 1}}}});
    Json message;
    while ((message = talk.next()).value("method", "") == "notifications/progress") {
    }
    QCOMPARE(message["id"].get<int>(), 6);  // 5 gets no answer
    QCOMPARE(talk.end(), 0);
  }

  void quickToolsAreAnsweredWhileARunGoesOn() {
    Conversation talk{Program()};
    talk.begin();
    startEndlessRun(talk, 5);
    QVERIFY(talk.call("list_lessons").contains("structuredContent"));
    talk.request(6, "ping");
    QVERIFY(talk.answer(6).contains("result"));
    QCOMPARE(talk.end(), 0);
  }

  void itEndsWithItsInput() {
    for (const QByteArray& last :
         {QByteArray(), QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"met")}) {
      Conversation talk{Program()};
      talk.send(last);
      QCOMPARE(talk.end(), 0);
    }
    Conversation at_work{Program()};
    at_work.begin();
    startEndlessRun(at_work, 5);
    QCOMPARE(at_work.end(), 0);
  }

  /// Its input stays open: somebody else may hold the other end.
  void aClientThatNoLongerListensStopsItsRun() {
    const QTemporaryDir folder;
    const Json run{{"jsonrpc", "2.0"},
                   {"id", 1},
                   {"method", "tools/call"},
                   {"params", endlessRun(statelessMeta())}};
    const Outcome outcome = Program().shell(
        QStringLiteral("cd '%1' && mkfifo in && exec 3<>in && printf '%s\\n' '%2' >&3 && "
                       "\"$VIVA\" mcp <&3 | head -n 3")
            .arg(folder.path(), QString::fromStdString(run.dump())));
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.output.count('\n'), 3);
  }

  void nothingButMessagesStandsOnStandardOutput() {
    const Outcome outcome = Program().shell(
        "printf '%s\\n' '' 'x' '[]' "
        "'{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}' | \"$VIVA\" mcp");
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.errors, QByteArray());
    const QList<QByteArray> lines = outcome.output.trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    QCOMPARE(Json::parse(lines[0].toStdString())["error"]["code"].get<int>(), -32700);
    QCOMPARE(Json::parse(lines[1].toStdString())["error"]["code"].get<int>(), -32600);
    QCOMPARE(Json::parse(lines[2].toStdString())["result"], Json::object());
  }

  void aMessageThatIsTooLongIsRefusedAndTheNextOneAnswered() {
    Conversation talk{Program()};
    talk.send(QByteArray(3'000'000, 'x') + "\n");
    QCOMPARE(talk.next()["error"]["code"].get<int>(), -32700);
    talk.request(1, "ping");
    QCOMPARE(talk.next()["id"].get<int>(), 1);
  }

  void wrongOptionsAreOneLine() {
    const Outcome outcome = Program().run({"mcp", "--allow-file"});
    QCOMPARE(outcome.status, 2);
    QVERIFY(outcome.isOneLine());
    QVERIFY(outcome.errors.contains("--allow-files"));
    QVERIFY(Program().run({"mcp", "--help"}).output.contains("--allow-files"));
  }
};

}  // namespace viva

QTEST_APPLESS_MAIN(viva::McpTest)
#include "mcp_test.moc"
