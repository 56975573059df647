// SPDX-License-Identifier: GPL-3.0-or-later
// The conversations of protocol-trace over the real wire: what is run is what Viva itself computes,
// codes are those of the specifications, and each claim fails where its mechanism is missing.
#include "lessons/protocols/protocol_trace.h"

#include <QTest>
#include <cstdlib>

#include "lessons/core/error.h"
#include "lessons/protocols/lessons.h"
#include "lessons/protocols/stand_in_model.h"
#include "lessons/protocols/viva_program.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;
using fakes::refusalOf;

namespace {

constexpr std::int64_t kAll = 25;

const SequenceData& diagramOf(const Frame& frame, const char* view) {
  return std::get<SequenceData>(frame.views.at(view));
}

std::vector<std::string> labelsOf(const SequenceData& data, SequenceData::Kind kind) {
  std::vector<std::string> labels;
  for (const auto& arrow : data.arrows)
    if (const auto* text = std::get_if<std::string>(&arrow.label); text && arrow.kind == kind)
      labels.push_back(*text);
  return labels;
}

/// The code of the last error that came after `edit` was sent again; empty: none came.
std::string codeAfter(const Settings& settings, const char* view) {
  const auto run = finishedRun("protocol-trace", settings, kAll);
  if (run->status() == RunStatus::Failed) return "failed";
  const auto errors = labelsOf(diagramOf(*run->frame(), view), SequenceData::Kind::Error);
  return errors.empty() ? "" : errors.back();
}

/// A state that a claim holds in, to be spoilt.
TraceState doneThreeWays() {
  TraceState state;
  state.step = 10;
  for (const std::string& id : conversationsOf(TraceScene::ThreeWays)) {
    WireTrace& trace = state.traces.emplace_back();
    trace.id = id;
    const int messages = id == kByMcp ? 11 : 4;
    for (int i = 0; i < messages; ++i)
      trace.add(MessageKind::Request, Party::Application, Party::Server, "m", "{}");
    trace.digest = "same";
    trace.is_over = true;
    trace.execute(id == kByCalling ? Party::Application : Party::Server);
  }
  return state;
}

Mood moodIn(const std::string& preset, const TraceState& state) {
  return traceVerdict(preset, state).mood;
}

}  // namespace

class ProtocolTraceTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyPresetShowsItsClaim_data() { presetRows("protocol-trace"); }
  void everyPresetShowsItsClaim() {
    QFETCH(QString, name);
    holdClaim("protocol-trace", name.toStdString());
  }

  /// mode-seeking, as a Run of this process computes it.
  void theDigestIsThatOfTheExperiment() {
    const TraceTask task = traceTask(4, 30);
    const auto alone =
        finishedRun("mode-seeking", {{"start_mean", formatNumber(task.start_mean)}}, 30, task.seed);
    const auto run = finishedRun("protocol-trace", {{"task_steps", "30"}}, kAll, 4);
    const auto& table = std::get<TableData>(run->frame()->views.at("counts"));
    QCOMPARE(table.rows.size(), std::size_t{3});
    for (const auto& row : table.rows)
      QCOMPARE(std::get<std::string>(row.cells[4]), alone->records().digest().substr(0, 8));
  }

  /// reference: MCP's lifecycle in both eras; A2A's names in 0.3 and 1.0.
  void messagesComeInTheOrderOfTheSpecifications() {
    const auto run = finishedRun("protocol-trace", {{"scene", "two-eras"}}, kAll);
    const auto frame = run->frame();
    const auto requests = [&](const char* view) {
      return labelsOf(diagramOf(*frame, view), SequenceData::Kind::Request);
    };
    QCOMPARE(requests("mcp"),
             (std::vector<std::string>{"initialize", "notifications/initialized", "tools/list",
                                       "user", "tools/call", "tool"}));
    QCOMPARE(requests("stateless"),
             (std::vector<std::string>{"tools/list", "user", "tools/call", "tool"}));
    QCOMPARE(requests("a2a"),
             (std::vector<std::string>{"GET /.well-known/agent-card.json", "SendMessage"}));
    QCOMPARE(requests("old_agent").back(), std::string("message/send"));
  }

  void whatIsChangedAndSentAgainIsAnswered_data() {
    QTest::addColumn<QString>("by");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("edit");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const char* by, const char* message, const char* edit,
                        const char* code) { QTest::newRow(name) << by << message << edit << code; };
    row("an unknown method", "mcp", "", "method=tools/cal", "-32601");
    row("an unknown tool", "mcp", "tools/call", "params.name=rm", "-32602");
    row("half a message", "mcp", "", "{\"jsonrpc\":", "-32700");
    row("a revision nobody speaks", "mcp", "tools/list", "params._meta.protocolVersion=2030-01-01",
        "-32022");
    row("a wrong argument", "mcp", "", "params.arguments.steps=-3", "result, isError");
    row("unchanged", "mcp", "", "", "");
    row("another version", "a2a", "", "A2A-Version=9.9", "-32009");
    row("a name of 0.1", "a2a", "SendMessage", "method=tasks/send", "-32601");
    row("a file", "a2a", "", "params.message.parts=[{\"raw\":\"AA==\"}]", "-32005");
    row("a message of nobody", "mcp", "tools/none", "", "failed");
  }
  void whatIsChangedAndSentAgainIsAnswered() {
    QFETCH(QString, by);
    QFETCH(QString, message);
    QFETCH(QString, edit);
    QFETCH(QString, code);
    QCOMPARE(codeAfter({{"resend", by.toStdString()},
                        {"message", message.toStdString()},
                        {"edit", edit.toStdString()},
                        {"mcp.revision", "2026-07-28"}},
                       by == "mcp" ? "mcp" : "a2a"),
             code.toStdString());
  }

  void theSameSeedGivesTheSameBytesAnotherOneOthers() {
    const auto digest = [](std::uint64_t seed) {
      return finishedRun("protocol-trace", {{"scene", "task-states"}}, kAll, seed)
          ->records()
          .digest();
    };
    const std::string once = digest(2), again = digest(2), another = digest(12345);
    QCOMPARE(again, once);
    QVERIFY(another != once);
  }

  void aVivaThatARunHasStartedDoesNotStartAnother() {
    ::setenv("VIVA_STARTED_BY_A_RUN", "1", 1);
    std::string key;
    try {
      vivaProgram();
    } catch (const RunError& error) {
      key = error.message().key;
    }
    ::unsetenv("VIVA_STARTED_BY_A_RUN");
    QCOMPARE(key, std::string("protocol-trace.error.started_by_a_run"));
    QVERIFY(vivaProgram().ends_with("/viva"));
  }

  void anEditThatCannotBeReadIsRefused() {
    Parameters p(protocolTrace().parameters);
    p.setFromText("edit", "steps");
    QCOMPARE(refusalOf([&] { requireValid(protocolTrace(), p); }).key,
             std::string("protocol-trace.error.edit"));
  }

  void aClaimFailsWithoutItsMechanism() {
    TraceState state = doneThreeWays();
    QCOMPARE(moodIn("one-task-three-ways", state), Mood::Holds);
    QCOMPARE(moodIn("who-executes", state), Mood::Holds);
    state.traces[1].digest = "another";
    QCOMPARE(moodIn("one-task-three-ways", state), Mood::Fails);
    state.traces[0].execute(Party::Model);
    QCOMPARE(moodIn("who-executes", state), Mood::Fails);
    state.traces[2].is_over = false;
    QCOMPARE(moodIn("who-executes", state), Mood::Open);

    TraceState wrong = doneThreeWays();
    wrong.scene = TraceScene::WrongMessages;
    wrong.traces[1].wrong.push_back({"unknown-tool", "{}", -32602, -32602, true});
    QCOMPARE(moodIn("bad-arguments", wrong), Mood::Holds);
    wrong.traces[1].wrong[0].code = -32601;
    QCOMPARE(moodIn("bad-arguments", wrong), Mood::Fails);

    TraceState eras;
    eras.step = 13;
    eras.scene = TraceScene::TwoEras;
    for (const std::string& id : conversationsOf(eras.scene)) {
      WireTrace& trace = eras.traces.emplace_back();
      trace.id = id;
      trace.digest = "same";
      trace.is_over = true;
      for (int i = 0; i < (id == kHandshakeEra ? 11 : 8); ++i)
        trace.add(MessageKind::Request, Party::Application, Party::Server, "m", "{}");
      trace.round_trips = id == kHandshakeEra ? 5 : 4;
    }
    QCOMPARE(moodIn("two-eras", eras), Mood::Holds);
    eras.traces[1].round_trips = 5;
    QCOMPARE(moodIn("two-eras", eras), Mood::Fails);
    eras.traces.resize(2);
    eras.scene = TraceScene::KilledTool;
    for (WireTrace& trace : eras.traces) trace.unanswered = 1;
    eras.traces[0].after_the_end = 5;
    eras.traces[1].after_the_end = 2;
    QCOMPARE(moodIn("kill-the-tool", eras), Mood::Holds);
    eras.traces[1].unanswered = 0;
    QCOMPARE(moodIn("kill-the-tool", eras), Mood::Fails);

    TraceState states;
    states.step = 6;
    states.scene = TraceScene::TaskStates;
    WireTrace& agent = states.traces.emplace_back();
    agent.id = kByA2a;
    agent.is_over = true;
    agent.states = {"submitted", "working",  "completed", "input-required", "completed",
                    "submitted", "canceled", "rejected",  "failed"};
    QCOMPARE(moodIn("task-states", states), Mood::Holds);
    agent.states.pop_back();
    QCOMPARE(moodIn("task-states", states), Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(ProtocolTraceTest)
#include "protocol_trace_test.moc"
