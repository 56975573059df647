// SPDX-License-Identifier: GPL-3.0-or-later
// The net that writes calls: its claims, and what would refute them.
#include "lessons/protocols/function_calling.h"

#include <QTest>

#include "lessons/protocols/lessons.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/claims.h"

using namespace viva;
using namespace viva::tests;

namespace {

CallState learned() {
  CallState state;
  state.step = 400;
  for (CallScores& scores : state.seen) scores = {1, 1, 0.95};
  for (CallScores& scores : state.unseen) scores = {1, 1, 0};
  state.executed = kTestRequests;
  return state;
}

Mood moodOf(const std::string& preset, const CallState& state) {
  return callVerdict(preset, state).mood;
}

}  // namespace

class FunctionCallingTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyPresetShowsItsClaim_data() { presetRows("function-calling"); }
  void everyPresetShowsItsClaim() {
    QFETCH(QString, name);
    holdClaim("function-calling", name.toStdString());
  }

  /// It is the mask that makes it fit, so also where nothing has been learned.
  void heldToTheSchemaEveryTextFitsBeforeTraining() {
    for (const std::uint64_t seed : {1, 2, 3}) {
      const auto run = startedRun("function-calling", {}, 1, seed);
      QCOMPARE(tests::at(*run, 0, "schema/valid_schema"), 1.0);
      QCOMPARE(tests::at(*run, 0, "schema-unseen/valid_schema"), 1.0);
      QCOMPARE(tests::at(*run, 0, "executed"), 0.0);
      QCOMPARE(tests::at(*run, 0, "refused"), double(kTestRequests));
    }
  }

  void aRequestThatCannotBeReadIsRefused() {
    Parameters p(functionCalling().parameters);
    const auto refusal = [&](const char* request) {
      p.setFromText("request", request);
      return fakes::refusalOf([&] { requireValid(functionCalling(), p); }).key;
    };
    QCOMPARE(refusal("weather in atlantis"), std::string("function-calling.error.word"));
    QCOMPARE(refusal("weather in paris today please please please please 1"),
             std::string("function-calling.error.long_request"));
    p.setFromText("request", "convert 12 km to miles");
    requireValid(functionCalling(), p);
  }

  void aClaimFailsWithoutItsMechanism() {
    for (const char* preset :
         {"the-model-never-executes", "constrained-decoding", "schema-is-not-sense"})
      QCOMPARE(moodOf(preset, learned()), Mood::Holds);
    CallState state = learned();
    state.first_executed = 1;
    QCOMPARE(moodOf("the-model-never-executes", state), Mood::Fails);
    state = learned();
    state.always_fits = false;
    QCOMPARE(moodOf("constrained-decoding", state), Mood::Fails);
    state = learned();
    state.seen[0].right_call = 0.5;  // as if the mask had known the answers
    QCOMPARE(moodOf("constrained-decoding", state), Mood::Fails);
    state = learned();
    state.unseen[2].right_call = 0.9;
    QCOMPARE(moodOf("schema-is-not-sense", state), Mood::Fails);
  }
};

QTEST_GUILESS_MAIN(FunctionCallingTest)
#include "function_calling_test.moc"
