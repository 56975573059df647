// SPDX-License-Identifier: GPL-3.0-or-later
// What peft-race does, shows, saves and refuses.
#include "lessons/fine_tuning/peft_race.h"

#include <torch/types.h>

#include <QTest>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/fine_tuning/digit_tasks.h"
#include "lessons/nn/transformer.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/experiment_run.h"

using namespace viva;
using namespace viva::tests;
using fakes::argumentOf;
using fakes::refusalOf;

namespace {

const char* const kRace = "peft-race";

Settings small(Settings more = {}) {
  more.insert(more.begin(), {{"pretraining", "4"}, {"batch_size", "8"}, {"evaluate_every", "1"}});
  return more;
}

Settings only(const std::vector<std::string>& methods, Settings more = {}) {
  for (const NamedMethod& method : kPeftMethods)
    if (std::find(methods.begin(), methods.end(), method.id) == methods.end())
      more.emplace_back(std::string(method.id) + ".on", "false");
  return small(std::move(more));
}

template <typename Data>
Data viewOf(Run& run, const char* id) {
  return std::get<Data>(run.frame()->views.at(id));
}

Message problemWith(const Settings& settings) {
  const ExperimentSpec& spec = viva_catalog()->experiment(kRace);
  Parameters parameters(spec.parameters);
  for (const auto& [name, value] : settings) parameters.setFromText(name, value);
  return refusalOf([&] { requireValid(spec, parameters); });
}

}  // namespace

class PeftRaceTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void eachTaskMakesOfDigitsWhatItsNameSays() {
    const auto digits = torch::arange(10, torch::kLong).unsqueeze(0);
    const auto expect = [&](DigitTask task, std::vector<std::int64_t> answer) {
      QVERIFY(answerOf(task, digits)[0].equal(torch::tensor(answer, torch::kLong)));
    };
    expect(DigitTask::Reverse, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
    expect(DigitTask::Copy, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    expect(DigitTask::RotateOne, {9, 0, 1, 2, 3, 4, 5, 6, 7, 8});
    expect(DigitTask::PlusOne, {1, 2, 3, 4, 5, 6, 7, 8, 9, 0});
    expect(DigitTask::RotateTwo, {8, 9, 0, 1, 2, 3, 4, 5, 6, 7});
  }

  void oldTasksStandBehindTheirOwnTokensAndReplayedRowsComeFirst() {
    const TaskBatch batch = drawNewTask(DigitTask::RotateTwo, 10, 4, generatorFor(1, 0));
    QCOMPARE(batch.tokens.sizes(), (torch::IntArrayRef{10, 9}));
    for (std::int64_t row = 0; row < 10; ++row) {
      const auto token = batch.tokens[row][0].item<std::int64_t>();
      QCOMPARE(token, row < 4 ? kTaskDigits + row : kNewTaskToken);
      QCOMPARE(batch.targets[row][0].item<std::int64_t>(), kIgnored);
      const auto task = row < 4 ? static_cast<DigitTask>(row) : DigitTask::RotateTwo;
      const auto digits = batch.tokens.narrow(0, row, 1).narrow(1, 1, kTaskLength);
      QVERIFY(answerOf(task, digits)[0].equal(batch.targets[row].narrow(0, 1, kTaskLength)));
    }
  }

  void tenMethodsTakePartAndEachCountsItsNumbers() {
    const auto run = finishedRun(kRace, small(), 2);
    const std::vector<std::pair<std::string, double>> counts{
        {"full", 69568},        {"prompt", 512},       {"prefix", 512 + 64 * 65 + 256 * 65},
        {"lora", 7168},         {"p-tuning-v2", 2048}, {"dylora", 14336},
        {"adalora", 10824},     {"qlora", 7168},       {"qa-lora", 4 * (896 / 16 + 896)},
        {"vera", 896 + 12 * 16}};
    for (const auto& [id, count] : counts) {
      QCOMPARE(tests::at(*run, 2, id + "/trainable"), count);
      QVERIFY(tests::at(*run, 2, id + "/loss") > 0);
    }
    // Four float32 numbers for each that is trained; below them the base, whole or in four bits.
    QCOMPARE(tests::at(*run, 2, "full/bytes"), 16.0 * 69568);
    QCOMPARE(tests::at(*run, 2, "lora/bytes"), 4.0 * 69568 + 16.0 * 7168);
    const double adapter = 16.0 * 7168, others = 4.0 * (69568 - 65536);
    QVERIFY(std::abs(tests::at(*run, 2, "qlora/bytes") - adapter - others - 65536 * 4.126953 / 8) <
            2);
    // Four bits, and two float32 numbers for sixteen weights.
    QCOMPARE(tests::at(*run, 2, "qa-lora/bytes"), 16.0 * 3808 + others + 65536.0);
  }

  void aMethodLearnsTheSameAloneAndAmongOthers() {
    const auto all = finishedRun(kRace, small(), 3),
               alone = finishedRun(kRace, only({"prompt"}), 3);
    QVERIFY(std::abs(tests::at(*all, 3, "prompt/loss") - tests::at(*alone, 3, "prompt/loss")) <
            1e-5);
  }

  void ranksAndReplayBecomeContenders() {
    const auto ranks = finishedRun(kRace, only({"lora"}, {{"compare", "rank"}}), 1);
    QCOMPARE(tests::at(*ranks, 1, "lora-r1/trainable"), 1792.0);
    QCOMPARE(tests::at(*ranks, 1, "lora-r8/trainable"), 14336.0);
    const auto replay =
        finishedRun(kRace, only({"full"}, {{"compare", "replay"}, {"replay", "0.5"}}), 1);
    QCOMPARE(tests::at(*replay, 0, "full/accuracy"), tests::at(*replay, 0, "full-replay/accuracy"));
    QVERIFY(tests::at(*replay, 1, "full/loss") != tests::at(*replay, 1, "full-replay/loss"));
  }

  void theAnswersAreThoseOfOneSequence() {
    const auto run = finishedRun(kRace, only({"full", "lora"}, {{"sequence", "3"}}), 1);
    const auto tokens = viewOf<TokensData>(*run, "answers");
    QCOMPARE(tokens.rows.size(), std::size_t{4});
    QCOMPARE(tokens.rows[0].pieces[0].text, std::string("new"));
    // Two places further: what stands first is asked for third.
    QCOMPARE(tokens.rows[1].pieces[3].text, tokens.rows[0].pieces[1].text);
    QCOMPARE(viewOf<MatrixData>(*run, "ranks_left").is_pending, true);
  }

  void adaLorasRanksEndAtTheBudget() {
    const auto run =
        finishedRun(kRace, only({"adalora"}, {{"budget", "7"}, {"lower_after", "3"}}), 5);
    const auto matrix = viewOf<MatrixData>(*run, "ranks_left");
    double sum = 0;
    for (const float ranks : *matrix.values) sum += ranks;
    QCOMPARE(sum, 7.0);
    QCOMPARE(matrix.columns, 6);
  }

  void whatCannotBeIsRefusedInASentence() {
    QCOMPARE(problemWith(only({})).key, "error.peft.nobody");
    QCOMPARE(problemWith(only({"lora"}, {{"rank", "65"}})).key, "error.peft.rank");
    QCOMPARE(problemWith(only({"lora"}, {{"rank", "64"}})).key, "nothing thrown");
    QCOMPARE(problemWith(only({"dylora"}, {{"rank", "33"}})).key, "error.peft.rank");
    const Message budget = problemWith(only({"adalora"}, {{"budget", "73"}}));
    QCOMPARE(budget.key, "error.peft.budget");
    QCOMPARE(argumentOf(budget, "ranks"), "72");
    QCOMPARE(problemWith(only({"prompt"}, {{"prompt_length", "9"}})).key, "error.peft.prompt");
    QCOMPARE(problemWith(only({"lora"}, {{"prompt_length", "9"}})).key, "nothing thrown");
    QCOMPARE(problemWith(only({"lora"}, {{"compare", "replay"}})).key, "error.peft.replay");
    QCOMPARE(problemWith(only({"full"}, {{"compare", "rank"}})).key, "error.peft.no_lora");
  }

  void checksHoldInEveryKindOfRun() {
    for (const Settings& settings :
         {small(), only({"lora"}, {{"compare", "rank"}}), only({"full", "prompt"}),
          only({"vera", "lora"}, {{"compare", "replay"}, {"replay", "0.25"}})}) {
      const auto run = finishedRun(kRace, settings, 3);
      QVERIFY(!run->checks().empty());
      for (const CheckResult& check : run->checks()) QVERIFY2(!check.failed(), check.id.c_str());
    }
  }

  void whatIsSavedNamesEachMethodAndTheBase() {
    const auto run = finishedRun(kRace, only({"full", "lora", "vera"}), 1);
    const auto weights = weightsOf(*run);
    for (const char* name : {"base.blocks.1.linear2.weight", "full.head.weight",
                             "lora.blocks.0.q.A", "lora.blocks.1.f2.B", "vera.blocks.0.k.d",
                             "shared.A", "probe.tokens", "lora.probe.logits"})
      QVERIFY2(weights.contains(name), name);
  }
};

QTEST_GUILESS_MAIN(PeftRaceTest)
#include "peft_race_test.moc"
