// SPDX-License-Identifier: GPL-3.0-or-later
// Every task asks what it says it asks, and its baseline is what a guess costs.
#include "lessons/data/sequence_tasks.h"

#include <torch/types.h>

#include <QTest>
#include <cmath>

#include "lessons/data/dataset.h"

using namespace viva;

namespace {

const char* const kText = "to be or not to be";

SequenceBatch drawn(const SequenceSource& source, std::int64_t batch, std::uint64_t seed = 1) {
  return source.draw(batch, generatorFor(seed, 0));
}

std::vector<std::int64_t> column(const torch::Tensor& matrix, std::int64_t index) {
  const auto values = matrix.select(1, index).contiguous();
  return {values.data_ptr<std::int64_t>(), values.data_ptr<std::int64_t>() + values.numel()};
}

/// The numbers of the symbols of one sequence.
std::vector<std::int64_t> symbolsOf(const SequenceBatch& batch, std::int64_t index) {
  return column(batch.inputs.argmax(2), index);
}

}  // namespace

class SequenceTasksTest : public QObject {
  Q_OBJECT

  static void taskRows() {
    QTest::addColumn<int>("task");
    const char* const names[] = {"adding", "copy", "brackets", "text", "timing"};
    for (int task = 0; task < 5; ++task) QTest::newRow(names[task]) << task;
  }
  static SequenceTask fetched() {
    QFETCH(int, task);
    return static_cast<SequenceTask>(task);
  }

 private Q_SLOTS:
  void shapesAreAsDeclaredAndTheSeedDecides_data() { taskRows(); }
  void shapesAreAsDeclaredAndTheSeedDecides() {
    const SequenceTask task = fetched();
    for (const std::int64_t length : {4, 5, 30}) {
      const SequenceSource source(task, length, kText);
      const SequenceBatch batch = drawn(source, 6);
      QCOMPARE(batch.inputs.sizes().vec(),
               (std::vector<std::int64_t>{source.time(), 6, source.features()}));
      QVERIFY(torch::equal(batch.inputs, drawn(source, 6).inputs));
      QVERIFY(torch::equal(batch.targets, drawn(source, 6).targets));
      QVERIFY(!torch::equal(batch.inputs, drawn(source, 6, 2).inputs));
      if (source.isRegression()) continue;
      const auto asked = batch.targets.masked_select(batch.targets.ne(kNotAsked));
      QVERIFY(asked.numel() > 0 && asked.min().item<std::int64_t>() >= 0);
      QVERIFY(asked.max().item<std::int64_t>() < std::int64_t(source.answers().size()));
    }
  }

  void addingAsksForTheSumOfTheTwoMarkedNumbers() {
    const SequenceSource source(SequenceTask::Adding, 21);
    const SequenceBatch batch = drawn(source, 500);
    const auto numbers = batch.inputs.select(2, 0), marks = batch.inputs.select(2, 1);
    QVERIFY(torch::equal(marks.narrow(0, 0, 10).sum(0), torch::ones({500})));
    QVERIFY(torch::equal(marks.narrow(0, 10, 11).sum(0), torch::ones({500})));
    QVERIFY(torch::allclose((numbers * marks).sum(0), batch.targets));
  }

  void baselinesAreTheLossesOfTheirGuesses() {
    const SequenceSource adding(SequenceTask::Adding, 50);
    QCOMPARE(adding.baseline(), 1.0 / 6);
    const SequenceBatch sums = drawn(adding, 200000);
    QVERIFY(std::abs((sums.targets - 1).square().mean().item<double>() - 1.0 / 6) < 0.002);

    const std::pair<std::int64_t, double> copies[] = {
        {10, .693147}, {50, .297063}, {100, .173287}, {200, .094520}, {1000, .020387}};
    for (const auto& [length, nats] : copies)
      QVERIFY(std::abs(SequenceSource(SequenceTask::Copy, length).baseline() - nats) < 1e-6);
    const SequenceSource copy(SequenceTask::Copy, 20);
    const SequenceBatch batch = drawn(copy, 8);
    auto guess = torch::full({copy.time(), 8, 9}, -30.0);  // blanks, then any of the eight
    guess.narrow(0, 0, 30).select(2, 8).fill_(30);
    guess.narrow(0, 30, 10).narrow(2, 0, 8).fill_(0);
    QVERIFY(std::abs(sequenceLoss(copy, guess, batch).item<double>() - copy.baseline()) < 1e-6);

    const SequenceSource timing(SequenceTask::Timing, 50);
    const SequenceBatch spikes = drawn(timing, 64);
    const auto undecided = torch::zeros({timing.time(), 64, 2});
    QVERIFY(std::abs(sequenceLoss(timing, undecided, spikes).item<double>() - timing.baseline()) <
            1e-6);

    // In the circle "abac" an a is followed by b or c, b and c always by a.
    QVERIFY(std::abs(SequenceSource(SequenceTask::Text, 9, "abac").baseline() - 0.5 * std::log(2)) <
            1e-12);
  }

  void bracketBaselineIsTheBestAnswerFromThePresentSymbol() {
    const SequenceSource source(SequenceTask::Brackets, 40);
    const SequenceBatch batch = drawn(source, 4000, 9);
    // Log of the frequency of each answer after each symbol, counted in these very sequences.
    const auto symbols = batch.inputs.argmax(2).flatten(), labels = batch.targets.flatten();
    auto counts = torch::zeros({5, 3});
    counts.index_put_({symbols, labels}, torch::ones(symbols.sizes()), /*accumulate=*/true);
    const auto best = (counts / counts.sum(1, true)).log().index_select(0, symbols);
    const double loss = sequenceLoss(source, best.view({40, 4000, 3}), batch).item<double>();
    QVERIFY2(std::abs(loss - source.baseline()) < 0.01, qPrintable(QString::number(loss)));
    QVERIFY(loss > 0.2);  // there is something to remember
  }

  void copyAsksForTheSymbolsAfterTheDelimiter() {
    const SequenceSource source(SequenceTask::Copy, 5);
    const SequenceBatch batch = drawn(source, 3);
    for (std::int64_t i = 0; i < 3; ++i) {
      const auto symbols = symbolsOf(batch, i), labels = column(batch.targets, i);
      for (std::int64_t t = 0; t < 25; ++t) {
        const std::int64_t blank = 8, delimiter = 9;
        if (t < 10) QVERIFY(symbols[t] < 8);
        if (t >= 10) QCOMPARE(symbols[t], t == 14 ? delimiter : blank);
        QCOMPARE(labels[t], t < 15 ? blank : symbols[t - 15]);
      }
      QVERIFY(torch::equal(source.ofSymbols(symbols).inputs.squeeze(1), batch.inputs.select(1, i)));
      QCOMPARE(column(source.ofSymbols(symbols).targets, 0), labels);
    }
  }

  void bracketsAskForTheOneThatMustCloseNext() {
    const SequenceSource source(SequenceTask::Brackets, 6);
    const auto labelled = [&](const std::string& text) {
      std::vector<std::int64_t> symbols;
      for (const char c : text)
        symbols.push_back(static_cast<std::int64_t>(std::string("()[]a").find(c)));
      std::string answer;
      for (const std::int64_t label : column(source.ofSymbols(symbols).targets, 0))
        answer += "-)]"[label];
      return answer;
    };
    QCOMPARE(labelled("a(a[a]a)a"), std::string("-))]]))--"));
    QCOMPARE(labelled("([])"), std::string(")])-"));
    QCOMPARE(labelled("a)(]"), std::string("--))"));  // closes nothing: passed over
    const SequenceBatch batch = drawn(SequenceSource(SequenceTask::Brackets, 200), 20);
    for (std::int64_t i = 0; i < 20; ++i) {
      std::int64_t depth = 0, deepest = 0;
      for (const std::int64_t symbol : symbolsOf(batch, i)) {
        depth += symbol == 0 || symbol == 2 ? 1 : symbol == 1 || symbol == 3 ? -1 : 0;
        QVERIFY(depth >= 0);
        deepest = std::max(deepest, depth);
      }
      QCOMPARE(deepest, kDeepest);
    }
  }

  void textAsksForTheNextCharacterInACircle() {
    const SequenceSource source(SequenceTask::Text, 7, "猫 sat");
    QCOMPARE(source.symbols(), (std::vector<std::string>{" ", "a", "s", "t", "猫"}));
    const SequenceBatch batch = drawn(source, 30);
    const std::string circle = "猫 sat猫 sat猫 sat";
    for (std::int64_t i = 0; i < 30; ++i) {
      std::string read;
      for (const std::int64_t symbol : symbolsOf(batch, i)) read += source.symbols()[symbol];
      QVERIFY2(circle.find(read) != std::string::npos, read.c_str());
      const auto symbols = symbolsOf(batch, i), labels = column(batch.targets, i);
      for (std::size_t t = 0; t + 1 < symbols.size(); ++t) QCOMPARE(labels[t], symbols[t + 1]);
    }
  }

  void timingAsksWhichOfTwoDistancesItWas() {
    const SequenceSource source(SequenceTask::Timing, 20);
    QCOMPARE(source.answers(), (std::vector<std::string>{"19", "20"}));
    const SequenceBatch batch = drawn(source, 40);
    std::int64_t longer = 0;
    for (std::int64_t i = 0; i < 40; ++i) {
      const auto spikes = batch.inputs.select(1, i).flatten().nonzero().flatten();
      QCOMPARE(spikes.numel(), 2);
      const auto first = spikes[0].item<std::int64_t>(), second = spikes[1].item<std::int64_t>();
      QCOMPARE(first, 0);
      const auto labels = column(batch.targets, i);
      for (std::int64_t t = 0; t < source.time(); ++t)
        QCOMPARE(labels[t], t < second ? kNotAsked : second - first - 19);
      longer += second - first - 19;
      std::vector<bool> train(static_cast<std::size_t>(source.time()));
      train[static_cast<std::size_t>(first)] = train[static_cast<std::size_t>(second)] = true;
      QCOMPARE(column(source.ofSpikes(train).targets, 0), labels);
    }
    QVERIFY(longer > 5 && longer < 35);
  }

  void accuracyCountsWhatIsAsked() {
    const SequenceSource adding(SequenceTask::Adding, 4);
    const SequenceBatch sums{torch::zeros({4, 2, 2}), torch::tensor({1.0f, 1.0f})};
    auto outputs = torch::zeros({4, 2, 1});
    outputs[3][0][0] = 1.03, outputs[3][1][0] = 1.05;  // within 0.04, and not
    QCOMPARE(sequenceAccuracy(adding, outputs, sums).item<double>(), 0.5);

    const SequenceSource copy(SequenceTask::Copy, 5);
    const SequenceBatch batch = drawn(copy, 4);
    auto blanks = torch::zeros({25, 4, 9});
    blanks.select(2, 8).fill_(1);
    QCOMPARE(sequenceAccuracy(copy, blanks, batch).item<double>(), 0.0);
    const auto right = torch::one_hot(batch.targets, 9).to(torch::kFloat);
    QCOMPARE(sequenceAccuracy(copy, right, batch).item<double>(), 1.0);
  }

  void charactersOfDamagedTextAreItsBytes() {
    QCOMPARE(charactersOf("a猫é"), (std::vector<std::string>{"a", "猫", "é"}));
    QCOMPARE(charactersOf("\xe7\x8c").size(), std::size_t(2));
    QCOMPARE(charactersOf("\xff"
                          "a")
                 .size(),
             std::size_t(2));
    QVERIFY(charactersOf("").empty());
  }
};

QTEST_GUILESS_MAIN(SequenceTasksTest)
#include "sequence_tasks_test.moc"
