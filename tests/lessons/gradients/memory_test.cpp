// SPDX-License-Identifier: GPL-3.0-or-later
// memory-over-time: its records, its verdicts, and the PyTorch program of the Code tab.
#include "lessons/data/dataset.h"
#include "lessons/data/sequence_tasks.h"
#include "lessons/gradients/memory_models.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/claims.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {
const char* const kMemory = "memory-over-time";
}

class MemoryOverTimeClaimsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theVerdictSaysWhenTheClaimDoesNotShow_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("settings");
    QTest::newRow("a short sequence is not forgotten") << "long-sequence"
                                                       << "length=5";
    QTest::newRow("an LSTM with a shut forget gate") << "lstm-remembers"
                                                     << "forget_bias=-2";
    QTest::newRow("attention that does not learn") << "attention-shortcut"
                                                   << "lr=1e-6 length=10";
  }
  void theVerdictSaysWhenTheClaimDoesNotShow() {
    QFETCH(QString, name);
    QFETCH(QString, settings);
    const auto run = finishedRun(kMemory, settingsIn(settings.toStdString()),
                                 patienceOf(kMemory, name.toStdString()), 1, name.toStdString());
    QCOMPARE(verdictOf(*run).mood, Mood::Fails);
  }

  void ofAMemoryThatWasLeftOutNothingIsClaimed() {
    for (const auto& [preset, left_out] : std::vector<std::pair<std::string, std::string>>{
             {"lstm-remembers", "lstm.on"}, {"attention-shortcut", "attention.on"}}) {
      const auto run = finishedRun(kMemory, {{left_out, "false"}, {"length", "5"}},
                                   patienceOf(kMemory, preset), 1, preset);
      QCOMPARE(verdictOf(*run).mood, Mood::Open);
      QCOMPARE(verdictOf(*run).sentence.key, std::string("memory-over-time.verdict.standing"));
      sayVerdict(verdictOf(*run), preset);
    }
  }

  void rowsHoldWhatBelongsToThem() {
    const auto run = finishedRun(kMemory, {{"length", "10"}, {"gru.on", "false"}}, 3);
    QVERIFY(run->records().find("gru/loss") < 0);
    for (const char* record : {"rnn/loss", "lstm/grad_norm", "attention/far_to_near"}) {
      QVERIFY(isAbsent(tests::at(*run, 0, record)));
      QVERIFY(tests::at(*run, 1, record) > 0);
    }
    QCOMPARE(fakes::refusalOf([] {
               startedRun(kMemory,
                          {{"rnn.on", "false"},
                           {"gru.on", "false"},
                           {"lstm.on", "false"},
                           {"attention.on", "false"}},
                          1);
             }).key,
             std::string("error.memory.none"));
  }

  void anOpenForgetGateKeepsMore() {
    const auto ratio = [](const char* bias) {
      return tests::at(*finishedRun(kMemory, {{"forget_bias", bias}}, 1), 1, "lstm/far_to_near");
    };
    QVERIFY(ratio("5") > 1e3 * ratio("1"));
    QVERIFY(ratio("1") > 1e3 * ratio("-2"));
  }

  void pythonProgramGivesTheSameLossesAndNorms() {
    constexpr std::uint64_t kSeed = 3;
    constexpr std::int64_t kSteps = 12, kLength = 30;
    const auto run = finishedRun(kMemory, {{"length", "30"}, {"forget_bias", "2"}}, kSteps, kSeed);
    const SequenceSource source(SequenceTask::Adding, kLength);
    Task task = emptyTask();
    addSequences(task, source, kSteps, 32, generatorFor(kSeed, 0));
    for (MemoryKind kind : kMemoryKinds) {
      const MemoryModel model(kind, source.features(), 32, 2, generatorFor(kSeed, 1), torch::kCPU);
      for (std::size_t i = 0; i < model.shapes().size(); ++i)
        task.insert(nameOf(kind) + "." + model.shapes()[i].name,
                    model.leaves()[i].detach().clone());
    }
    const auto rows = printedBy("vanishing-gradients/memory_over_time.py", task);
    QCOMPARE(rows.size(), std::size_t(kSteps));
    for (std::int64_t step = 1; step <= kSteps; ++step) {
      const auto& row = rows[std::size_t(step - 1)];
      QCOMPARE(row.size(), std::size_t(12));
      for (std::size_t i = 0; i < 4; ++i) {
        const std::string name = nameOf(kMemoryKinds[i]);
        QVERIFY(agree(tests::at(*run, step, name + "/loss"), row[i], 1e-3));
        QVERIFY(agree(tests::at(*run, step, name + "/far_to_near"), row[4 + 2 * i] / row[5 + 2 * i],
                      2e-2));
      }
    }
  }
};

QTEST_GUILESS_MAIN(MemoryOverTimeClaimsTest)
#include "memory_test.moc"
