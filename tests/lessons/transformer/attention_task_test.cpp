// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of a sequence, against answers that are worked out here token by token.
#include "lessons/transformer/attention_task.h"

#include <torch/types.h>

#include <QTest>
#include <algorithm>

#include "lessons/data/dataset.h"
#include "lessons/nn/transformer.h"

using namespace viva;

namespace {

using Numbers = std::vector<std::int64_t>;

Numbers numbersIn(const torch::Tensor& tensor) {
  const auto flat = tensor.contiguous().flatten();
  return Numbers(flat.data_ptr<std::int64_t>(), flat.data_ptr<std::int64_t>() + flat.numel());
}

TokenBatch asked(AttentionTaskKind kind, const Numbers& tokens) {
  return AttentionTask(kind).answered(torch::tensor(tokens).unsqueeze(0));
}

Numbers typed(AttentionTaskKind kind, const char* text, std::int64_t length = 4,
              std::int64_t longest = 14) {
  return numbersIn(std::get<torch::Tensor>(readTokens(AttentionTask(kind), text, length, longest)));
}

std::string problem(AttentionTaskKind kind, const char* text, std::int64_t longest = 14) {
  const auto read = readTokens(AttentionTask(kind), text, 4, longest);
  return std::holds_alternative<Message>(read) ? std::get<Message>(read).key : "";
}

constexpr auto kNothing = kIgnored;

}  // namespace

class AttentionTaskTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void eachTaskAsksForWhatItsNameSays() {
    const Numbers tokens{3, 0, 7, 7, 1};
    QCOMPARE(numbersIn(asked(AttentionTaskKind::Reverse, tokens).targets),
             (Numbers{1, 7, 7, 0, 3}));
    QCOMPARE(numbersIn(asked(AttentionTaskKind::Sort, tokens).targets), (Numbers{0, 1, 3, 7, 7}));
    QCOMPARE(numbersIn(asked(AttentionTaskKind::Copy, tokens).targets), tokens);
    QCOMPARE(numbersIn(asked(AttentionTaskKind::Max, tokens).targets), (Numbers{7, 7, 7, 7, 7}));
    QCOMPARE(numbersIn(asked(AttentionTaskKind::Shift, tokens).targets),
             (Numbers{kNothing, kNothing, kNothing, 3, 0}));
    QCOMPARE(numbersIn(asked(AttentionTaskKind::Recent, {4, 0, 0, 2, 0}).targets),
             (Numbers{4, 4, 4, 2, 2}));
  }

  void theNeededPositionHoldsTheAnswer() {
    for (const auto kind : {AttentionTaskKind::Reverse, AttentionTaskKind::Copy,
                            AttentionTaskKind::Shift, AttentionTaskKind::Recent}) {
      const AttentionTask task(kind);
      QVERIFY(task.hasNeeded());
      const auto batch = task.draw(20, 9, generatorFor(1, 1));
      const auto tokens = numbersIn(batch.tokens), targets = numbersIn(batch.targets),
                 needed = numbersIn(batch.needed);
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        QCOMPARE(needed[i] < 0, targets[i] == kIgnored);
        if (needed[i] >= 0) QCOMPARE(tokens[i / 9 * 9 + needed[i]], targets[i]);
        if (needed[i] >= 0 && task.isCausal()) QVERIFY(needed[i] <= std::int64_t(i % 9));
      }
    }
    for (const auto kind :
         {AttentionTaskKind::Sort, AttentionTaskKind::Max, AttentionTaskKind::Addition})
      QVERIFY(!AttentionTask(kind).draw(2, 4, generatorFor(1, 1)).needed.defined());
  }

  void aSumIsAnsweredFromItsLowestDigit() {
    // 57 + 68 = 125.
    const Numbers read = typed(AttentionTaskKind::Addition, "57+68", 2);
    QCOMPARE(read, (Numbers{5, 7, 10, 6, 8, 11, 5, 2}));
    QCOMPARE(numbersIn(asked(AttentionTaskKind::Addition, read).targets),
             (Numbers{kNothing, kNothing, kNothing, kNothing, kNothing, 5, 2, 1}));
    const auto batch = AttentionTask(AttentionTaskKind::Addition).draw(50, 3, generatorFor(2, 1));
    QCOMPARE(batch.tokens.size(1), std::int64_t(11));
    const auto tokens = numbersIn(batch.tokens), targets = numbersIn(batch.targets);
    for (std::size_t row = 0; row < 50; ++row) {
      const auto number = [&](std::size_t first) {
        std::int64_t value = 0;
        for (std::size_t i = 0; i < 3; ++i) value = 10 * value + tokens[row * 11 + first + i];
        return value;
      };
      std::int64_t sum = number(0) + number(4);
      for (std::size_t place = 7; place < 11; ++place, sum /= 10) {
        QCOMPARE(targets[row * 11 + place], sum % 10);
        if (place < 10) QCOMPARE(tokens[row * 11 + place + 1], sum % 10);
      }
    }
  }

  void largestTokensReachFromFourToNineteen() {
    const AttentionTask task(AttentionTaskKind::Max);
    const auto tokens = task.draw(2000, 40, generatorFor(3, 1)).tokens;
    const auto largest = numbersIn(tokens.amax(1));
    QCOMPARE(*std::max_element(largest.begin(), largest.end()), std::int64_t(19));
    QVERIFY(*std::min_element(largest.begin(), largest.end()) <= 4);
    QCOMPARE(tokens.min().item<std::int64_t>(), std::int64_t(0));
  }

  void whatIsTypedIsReadWithAndWithoutBlanks() {
    QCOMPARE(typed(AttentionTaskKind::Reverse, "3141"), (Numbers{3, 1, 4, 1}));
    QCOMPARE(typed(AttentionTaskKind::Reverse, " 3, 1 4,1 "), (Numbers{3, 1, 4, 1}));
    QCOMPARE(typed(AttentionTaskKind::Max, "19 0 7"), (Numbers{19, 0, 7}));
    QCOMPARE(typed(AttentionTaskKind::Recent, "4__2"), (Numbers{4, 0, 0, 2}));
    QCOMPARE(typed(AttentionTaskKind::Addition, "7 + 68 =", 2),
             (Numbers{0, 7, 10, 6, 8, 11, 5, 7}));
  }

  void whatCannotBeReadIsSaid() {
    QCOMPARE(problem(AttentionTaskKind::Reverse, "12x4"), std::string("error.tokens.unknown"));
    QCOMPARE(problem(AttentionTaskKind::Reverse, "12 34"), std::string("error.tokens.unknown"));
    QCOMPARE(problem(AttentionTaskKind::Reverse, "中"), std::string("error.tokens.unknown"));
    QCOMPARE(problem(AttentionTaskKind::Reverse, " , "), std::string("error.tokens.none"));
    QCOMPARE(problem(AttentionTaskKind::Reverse, "123456789012345"),
             std::string("error.tokens.too_long"));
    QCOMPARE(problem(AttentionTaskKind::Addition, "12"), std::string("error.tokens.sum"));
    QCOMPARE(problem(AttentionTaskKind::Addition, "12+a"), std::string("error.tokens.sum"));
    QCOMPARE(problem(AttentionTaskKind::Addition, "1+2+3"), std::string("error.tokens.sum"));
    QCOMPARE(problem(AttentionTaskKind::Addition, "12345+1"), std::string("error.tokens.digits"));
    QCOMPARE(problem(AttentionTaskKind::Addition, "1234+1"), std::string());
  }
};

QTEST_GUILESS_MAIN(AttentionTaskTest)
#include "attention_task_test.moc"
