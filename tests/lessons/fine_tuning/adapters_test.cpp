// SPDX-License-Identifier: GPL-3.0-or-later
// What each method adds to a weight, where it begins, and how many numbers it trains.
#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <QTest>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/fine_tuning/adalora.h"
#include "lessons/fine_tuning/digit_tasks.h"
#include "lessons/fine_tuning/lora.h"
#include "lessons/fine_tuning/soft_prompts.h"
#include "lessons/fine_tuning/tuning_team.h"
#include "lessons/fine_tuning/vera.h"

using namespace viva;

namespace {

std::vector<AdaptedMatrix> square(std::int64_t count, std::int64_t side) {
  return std::vector<AdaptedMatrix>(static_cast<std::size_t>(count),
                                    {0, "q", Site::InProj, 0, side, side});
}

/// Drawn as it starts, recording gradients.
std::vector<torch::Tensor> started(const Adapter& adapter) {
  std::vector<torch::Tensor> own;
  for (const WeightShape& shape : adapter.shapes()) own.push_back(torch::empty(shape.shape));
  adapter.start(own, generatorFor(3, 0));
  for (auto& tensor : own) tensor.requires_grad_();
  return own;
}

/// Of the sum of squares of x W^T + (x A^T) B^T, by what the adapter trains beside one matrix.
std::vector<torch::Tensor> slopes(const Adapter& adapter, const std::vector<torch::Tensor>& own) {
  const Factors factors = adapter.factors(own, 0);
  const auto x = torch::randn({5, factors.a.size(1)}, generatorFor(3, 1));
  const auto frozen = torch::randn({factors.b.size(0), factors.a.size(1)}, generatorFor(3, 2));
  const auto y = x.matmul(frozen.t()) + x.matmul(factors.a.t()).matmul(factors.b.t());
  return torch::autograd::grad({y.square().sum()}, own);
}

bool isZero(const torch::Tensor& x) { return x.count_nonzero().item<std::int64_t>() == 0; }

Contender of(PeftMethod method, std::int64_t rank = 4) {
  Contender contender;
  contender.method = method;
  contender.id = "it";
  contender.rank = rank;
  return contender;
}

torch::Tensor someTokens() { return drawOldTasks(6, generatorFor(4, 0)).tokens; }

/// Of a base that has learned nothing, and a team of one.
std::unique_ptr<TuningTeam> teamOf(const PretrainedBase& base, const Contender& contender) {
  return std::move(teamsOf({contender}, base, {}).front());
}

void learn(TuningTeam& team, int updates) {
  const auto generator = generatorFor(4, 1);
  for (int i = 0; i < updates; ++i) {
    const TaskBatch batch = drawNewTask(DigitTask::RotateTwo, 8, 0, generator);
    team.update(batch.tokens.unsqueeze(0), batch.targets.unsqueeze(0), 5e-3);
  }
}

}  // namespace

class AdaptersTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void beforeTheFirstUpdateTheNetIsTheBaseBitForBit() {
    const PretrainedBase base(1, 0, "cpu");
    const auto tokens = someTokens();
    const auto expected = base.net().forward(tokens);
    for (const PeftMethod method :
         {PeftMethod::Lora, PeftMethod::DyLora, PeftMethod::AdaLora, PeftMethod::Vera}) {
      const auto team = teamOf(base, of(method));
      QVERIFY(team->logits(tokens).equal(expected));
      learn(*team, 2);
      QVERIFY(!team->logits(tokens).equal(expected));
      QVERIFY(team->frozen(0).equal(base.flat()));
    }
  }

  void atTheStartOnlyTheFactorThatIsZeroHasAGradient() {
    const auto one = square(1, 16);
    const Lora lora(one, 3, 2);
    const auto of_lora = slopes(lora, started(lora));  // A, B
    QVERIFY(isZero(of_lora[0]) && !isZero(of_lora[1]));
    const Vera vera(one, 3, generatorFor(1, 0));
    const auto of_vera = slopes(vera, started(vera));  // b, d
    QVERIFY(!isZero(of_vera[0]) && isZero(of_vera[1]));
    const AdaLora ada(one, 3, 2, 2, 1, 2);
    const auto of_ada = slopes(ada, started(ada));  // P, lambda, Q
    QVERIFY(isZero(of_ada[0]) && !isZero(of_ada[1]) && isZero(of_ada[2]));
  }

  void theMatrixAStartsWithinOneOverTheRootOfItsInputs() {
    const Lora lora(square(1, 64), 8, 2);
    const auto a = started(lora)[0].detach();
    QVERIFY(a.abs().max().item<double>() <= 1.0 / 8);
    QVERIFY(a.abs().max().item<double>() > 0.95 / 8);
    // Of a uniform distribution the variance is a third of the square of its reach.
    QVERIFY(std::abs(a.var().item<double>() * 3 * 64 - 1) < 0.15);
  }

  void mergedIsTheSameFunctionAndTakenOutAgainItIsTheBaseToRounding() {
    const PretrainedBase base(1, 0, "cpu");
    const auto tokens = someTokens();
    for (const PeftMethod method : {PeftMethod::Lora, PeftMethod::DyLora, PeftMethod::AdaLora,
                                    PeftMethod::QLora, PeftMethod::QaLora, PeftMethod::Vera}) {
      const auto team = teamOf(base, of(method));
      learn(*team, 5);
      const auto merged = team->merged(0);
      const torch::NoGradGuard no_grad;
      const auto apart = (merged->forward(tokens) - team->logits(tokens)).abs().max();
      QVERIFY(apart.item<double>() < 1e-4);
      const double moved =
          (merged->weights().flat()[0] - team->frozen(0)).abs().max().item<double>();
      QVERIFY(moved > 1e-4);
    }
    const auto w = torch::randn({8, 8}, generatorFor(1, 0)),
               change = torch::randn({8, 8}, generatorFor(1, 1));
    QVERIFY((w + change - change - w).abs().max().item<double>() < 1e-5);
  }

  void dyLoraUsesTheFirstRanksAndKeepsItsScale() {
    DyLora dylora(square(1, 16), 4, 2);
    auto own = started(dylora);
    {
      const torch::NoGradGuard no_grad;
      own[1].copy_(torch::randn({16, 4}, generatorFor(1, 0)));
    }
    for (std::int64_t used = 1; used <= 4; ++used) {
      dylora.use(used);
      const Factors factors = dylora.factors(own, 0);
      const auto expected = 2 * own[1].narrow(1, 0, used).matmul(own[0].narrow(0, 0, used));
      QVERIFY((factors.b.matmul(factors.a) - expected).abs().max().item<double>() < 1e-6);
    }
    std::vector<int> drawn(5, 0);
    const auto generator = generatorFor(1, 1);
    for (int i = 0; i < 400; ++i) {
      dylora.begin(generator);
      drawn[static_cast<std::size_t>(dylora.factors(own, 0).a.size(0))] += 1;
    }
    QCOMPARE(drawn[0], 0);
    for (int used = 1; used <= 4; ++used) QVERIFY(std::abs(drawn[used] - 100) < 35);
    dylora.finish(own, {}, 1);
    QCOMPARE(dylora.factors(own, 0).a.size(0), 4);
  }

  /// Equation 12 of arXiv 2303.10512.
  void adaLorasBudgetFallsDownACubicCurve_data() {
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("ranks");
    QTest::newRow("before") << 100 << 288;
    QTest::newRow("200") << 200 << 252;
    QTest::newRow("300") << 300 << 226;
    QTest::newRow("450") << 450 << 204;
    QTest::newRow("600") << 600 << 194;
    QTest::newRow("800") << 800 << 192;
    QTest::newRow("1000") << 1000 << 192;
  }
  void adaLorasBudgetFallsDownACubicCurve() {
    QFETCH(int, step);
    QFETCH(int, ranks);
    QCOMPARE(ranksLeft(step, 288, 192, 100, 800), ranks);
  }

  void sensitivityIsASmoothedProductOfWeightAndGradient() {
    Sensitivity sensitivity;
    const auto weight = torch::tensor({2.0}, torch::kDouble);
    const auto first = sensitivity.observe(weight, torch::tensor({-3.0}, torch::kDouble));
    // mean 0.15 * 6, stray 0.15 * |6 - 0.9|
    QVERIFY(std::abs(first.item<double>() - 0.9 * 0.765) < 1e-12);
    const auto second = sensitivity.observe(weight, torch::tensor({1.0}, torch::kDouble));
    const double mean = 0.85 * 0.9 + 0.15 * 2, stray = 0.85 * 0.765 + 0.15 * (2 - mean);
    QVERIFY(std::abs(second.item<double>() - mean * stray) < 1e-12);
  }

  void adaLoraKeepsTheTripletsThatMatterMost() {
    const torch::NoGradGuard no_grad;
    AdaLora ada(square(2, 8), 2, 2, 1, 0, 1);
    auto own = started(ada);
    for (auto& tensor : own) tensor.fill_(1);
    std::vector<torch::Tensor> gradients;
    for (const auto& tensor : own) gradients.push_back(torch::zeros_like(tensor));
    // lambda 1 of the second matrix, less of lambda 0 of the first.
    gradients[4][1] = 5;
    gradients[1][0] = 1;
    ada.finish(own, gradients, 1);
    QCOMPARE(ada.ranks(own), (std::vector<std::int64_t>{0, 1}));
    QCOMPARE(own[4][1].item<double>(), 1.0);
    QCOMPARE(own[4][0].item<double>(), 0.0);
  }

  void orthonormalTripletsCostNothing() {
    const torch::NoGradGuard no_grad;
    const AdaLora ada(square(2, 8), 3, 2, 6, 1, 2);
    auto own = started(ada);
    QVERIFY(ada.penalty(own).item<double>() > 1);
    for (std::size_t i = 0; i < own.size(); ++i)
      if (i % 3 != 1) {
        const auto eye = torch::eye(8);
        own[i].copy_(i % 3 == 0 ? eye.narrow(1, 0, 3) : eye.narrow(0, 0, 3));
      }
    QVERIFY(ada.penalty(own).item<double>() < 1e-10);
  }

  /// A group's inputs share a number of A, so that A x is a product with their sums.
  void qaLoraReadsSumsOfGroups() {
    const QaLora qa(square(1, 64), 3, 2);
    auto own = started(qa);
    QCOMPARE(own[0].sizes(), (torch::IntArrayRef{3, 4}));
    const auto x = torch::randn({5, 64}, generatorFor(1, 0));
    const auto sums = x.view({5, 4, 16}).sum(2).matmul(own[0].t());
    QVERIFY((x.matmul(qa.factors(own, 0).a.t()) - sums).abs().max().item<double>() < 1e-5);
  }

  void veraSharesItsMatrices() {
    const Vera vera(adaptedMatrices(baseShape()), 16, generatorFor(1, 0));
    auto own = started(vera);
    QVERIFY(vera.factors(own, 0).a.equal(vera.factors(own, 6).a));
    // f2 has 128 inputs; the first 64 columns are those of all others.
    QVERIFY(vera.factors(own, 5).a.narrow(1, 0, 64).equal(vera.factors(own, 0).a));
    QCOMPARE(own[1][0].item<float>(), 0.1F);
  }

  /// GPT-2 small: 12 layers of width 768, Wq and Wv.
  void countsOfPublishedNetsComeFromTheSameCode() {
    const auto gpt2 = square(24, 768);
    QCOMPARE(parameterCount(Lora(gpt2, 4, 1).shapes()), 147456);
    QCOMPARE(parameterCount(Lora(gpt2, 8, 1).shapes()), 294912);
    QCOMPARE(parameterCount(AdaLora(gpt2, 12, 1, 24, 1, 2).shapes()), 442656);
    QCOMPARE(parameterCount(Vera(gpt2, 256, generatorFor(1, 0)).shapes()), 24576);
    QCOMPARE(parameterCount(Vera(gpt2, 1024, generatorFor(1, 0)).shapes()), 43008);
    TransformerShape shape;
    shape.width = 768;
    shape.layers = 12;
    Contender soft = of(PeftMethod::Prompt);
    soft.prompt_length = 20;
    soft.prefix_hidden = 512;
    QCOMPARE(parameterCount(softPromptShapes(soft, shape)), 15360);
    soft.method = PeftMethod::PTuningV2;
    QCOMPARE(parameterCount(softPromptShapes(soft, shape)), 368640);
    soft.method = PeftMethod::Prefix;
    QCOMPARE(parameterCount(softPromptShapes(soft, shape)), 9864704);
    QCOMPARE(keptNumbers(soft, shape), 368640);
    // GPT-3: 96 layers of 12,288.
    QCOMPARE(parameterCount(Lora(square(192, 12288), 4, 1).shapes()), 18874368);
    // LLaMA-7B: all seven of 32 layers at rank 16.
    std::vector<AdaptedMatrix> llama;
    for (int layer = 0; layer < 32; ++layer) {
      for (int i = 0; i < 4; ++i) llama.push_back({layer, "q", Site::InProj, 0, 4096, 4096});
      for (int i = 0; i < 2; ++i) llama.push_back({layer, "f1", Site::Linear1, 0, 11008, 4096});
      llama.push_back({layer, "f2", Site::Linear2, 0, 4096, 11008});
    }
    QCOMPARE(parameterCount(Lora(llama, 16, 1).shapes()), 39976960);
    QCOMPARE(parameterCount(Lora(square(1, 4096), 64, 1).shapes()), 524288);
    QCOMPARE(parameterCount(QaLora(square(1, 4096), 64, 1, 32).shapes()), 270336);
  }

  /// Three nets of unlike kinds as one stack, and each alone.
  void stackedMethodsLearnAsTheyWouldAlone() {
    const PretrainedBase base(1, 0, "cpu");
    std::vector<Contender> contenders{of(PeftMethod::Lora), of(PeftMethod::QLora),
                                      of(PeftMethod::QaLora, 2)};
    for (std::size_t i = 0; i < contenders.size(); ++i) contenders[i].id = std::to_string(i);
    const auto together = teamsOf(contenders, base, {});
    QCOMPARE(together.size(), std::size_t{1});
    const auto generator = generatorFor(4, 1);
    std::vector<torch::Tensor> losses;
    for (int update = 0; update < 4; ++update) {
      const TaskBatch batch = drawNewTask(DigitTask::RotateTwo, 8, 0, generator);
      losses.push_back(together[0]->update(batch.tokens.unsqueeze(0).repeat({3, 1, 1}),
                                           batch.targets.unsqueeze(0).repeat({3, 1, 1}), 5e-3));
    }
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      const auto alone = teamOf(base, contenders[i]);
      const auto again = generatorFor(4, 1);
      for (int update = 0; update < 4; ++update) {
        const TaskBatch batch = drawNewTask(DigitTask::RotateTwo, 8, 0, again);
        const auto loss =
            alone->update(batch.tokens.unsqueeze(0), batch.targets.unsqueeze(0), 5e-3);
        const double apart = std::abs(loss.item<double>() -
                                      losses[update][static_cast<std::int64_t>(i)].item<double>());
        QVERIFY(apart < 1e-4);
      }
    }
  }
};

QTEST_GUILESS_MAIN(AdaptersTest)
#include "adapters_test.moc"
