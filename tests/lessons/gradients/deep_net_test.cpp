// SPDX-License-Identifier: GPL-3.0-or-later
// The deep net and the theory of its backward factor, against closed forms, the numbers of
// published definitions, and the PyTorch program that the Code tab shows.
#include "lessons/gradients/deep_net.h"

#include <torch/autograd.h>
#include <torch/nn/functional/loss.h>

#include <QTest>
#include <cmath>

#include "lessons/data/dataset.h"
#include "lessons/gradients/backward_factor.h"
#include "lessons/gradients/gradient_flow.h"
#include "tests/lessons/python_program.h"

using namespace viva;
using namespace viva::tests;

namespace {

double meanOf(const torch::Tensor& tensor) { return tensor.mean().item<double>(); }

/// E g(z) for z ~ N(0, 1), by summing over a fine grid.
double expectation(const std::function<torch::Tensor(const torch::Tensor&)>& g) {
  const auto z = torch::linspace(-12, 12, 240001, torch::kDouble);
  const auto density = (-z.square() / 2).exp() / std::sqrt(2 * M_PI);
  return ((g(z) * density).sum() * 1e-4).item<double>();
}

DeepNet netOf(std::int64_t depth, std::int64_t width, Initialisation initialisation,
              std::int64_t inputs = 2) {
  return DeepNet({depth, width, inputs, 2}, initialisation, generatorFor(5, 1), torch::kCPU);
}

/// What a layer of `net` multiplies the gradient by, and what the formula says.
std::pair<double, double> factorsOf(const DeepNet& net, const Wiring& wiring) {
  const auto inputs = torch::randn({64, net.size().inputs}, generatorFor(5, 7));
  const auto labels = (inputs.select(1, 0) > 0).to(torch::kLong);
  const auto forward = net.forward(wiring, inputs, Statistics::Batch);
  const auto loss = torch::nn::functional::cross_entropy(forward.logits, labels);
  const auto norms = net.backward(wiring, forward, loss)[0].contiguous();
  const std::vector<double> measured(norms.data_ptr<double>(),
                                     norms.data_ptr<double>() + norms.numel());
  const auto layers = layerStatistics(net, wiring, forward);
  const auto predicted = predictedFlow(wiring, layers, net.size().width);
  const Usable usable = usableLayers(measured);
  return {*meanFactor(measured, usable), predicted ? *meanFactor(*predicted, usable) : 0};
}

}  // namespace

class DeepNetTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void derivativesHaveTheirKnownExpectations() {
    const auto square = [](Activation f) {
      return expectation([f](const auto& z) { return derivative(f, z).square(); });
    };
    QVERIFY(std::abs(square(Activation::Sigmoid) - 0.04483624) < 1e-7);
    QVERIFY(std::abs(square(Activation::Tanh) - 0.46440290) < 1e-7);
    QVERIFY(std::abs(square(Activation::Relu) - 0.5) < 1e-3);
    QVERIFY(std::abs(expectation([](const auto& z) { return z.sigmoid().square(); }) - 0.29337904) <
            1e-7);
    QVERIFY(std::abs(expectation([](const auto& z) { return z.tanh().square(); }) - 0.39429449) <
            1e-7);
  }

  void derivativesEqualThoseOfAutograd_data() {
    QTest::addColumn<int>("activation");
    for (int i = 0; i < 5; ++i) QTest::addRow("%d", i) << i;
  }
  void derivativesEqualThoseOfAutograd() {
    QFETCH(int, activation);
    const auto f = static_cast<Activation>(activation);
    const auto z = torch::linspace(-4, 4, 100, torch::kDouble).requires_grad_();
    const auto slope = torch::autograd::grad({activate(f, z).sum()}, {z})[0];
    QVERIFY((slope - derivative(f, z)).abs().max().item<double>() < 1e-12);
  }

  void weightsAreDrawnAsTheirInitialisationSays_data() {
    QTest::addColumn<int>("initialisation");
    for (int i = 0; i < 6; ++i) QTest::addRow("%d", i) << i;
  }
  void weightsAreDrawnAsTheirInitialisationSays() {
    QFETCH(int, initialisation);
    const auto how = static_cast<Initialisation>(initialisation);
    const DeepNet net = netOf(10, 64, how);
    const double deviation = std::sqrt(meanOf(net.hidden().square()));
    QVERIFY(std::abs(deviation / deviationOf(how, 64) - 1) < 0.02);
    QVERIFY(std::abs(meanOf(net.hidden())) < 0.02 * deviation);
    if (how == Initialisation::PyTorch)  // uniform: none beyond 1 / sqrt(64)
      QVERIFY(net.hidden().abs().max().item<double>() <= 0.125);
    if (how == Initialisation::Orthogonal) {
      const auto w = net.hidden()[3].detach();
      QVERIFY((w.mm(w.t()) - torch::eye(64)).abs().max().item<double>() < 1e-5);
      const auto first = net.first().detach();
      QVERIFY((first.t().mm(first) - torch::eye(2)).abs().max().item<double>() < 1e-5);
    }
  }

  void normsAreSummedInDoublePrecision() {
    const auto tiny = torch::full({2, 100}, 1e-30f);
    QCOMPARE(tiny.norm().item<double>(), 0.0);  // their squares do not exist in float32
    const auto norms = exactNorms(tiny);
    QVERIFY(std::abs(norms[1].item<double>() / 1e-29 - 1) < 1e-6);
  }

  void theFactorIsThatOfTheFormula_data() {
    QTest::addColumn<int>("activation");
    QTest::addColumn<int>("initialisation");
    QTest::addColumn<double>("factor");
    const auto row = [](const char* name, Activation f, Initialisation i, double factor) {
      QTest::newRow(name) << int(f) << int(i) << factor;
    };
    // Width 256: computed elsewhere, in float64, to about 1 %.
    row("sigmoid, Xavier", Activation::Sigmoid, Initialisation::Xavier, 0.236);
    row("sigmoid, He", Activation::Sigmoid, Initialisation::He, 0.317);
    row("tanh, orthogonal", Activation::Tanh, Initialisation::Orthogonal, 0.958);
    row("ReLU, Xavier", Activation::Relu, Initialisation::Xavier, 0.710);
    row("ReLU, He", Activation::Relu, Initialisation::He, 1.004);
    row("ReLU, PyTorch", Activation::Relu, Initialisation::PyTorch, 0.412);
    row("tanh, PyTorch", Activation::Tanh, Initialisation::PyTorch, 0.576);
    row("ReLU, small", Activation::Relu, Initialisation::SmallNormal, 0.114);
    row("ReLU, large", Activation::Relu, Initialisation::LargeNormal, 11.36);
  }
  void theFactorIsThatOfTheFormula() {
    QFETCH(int, activation);
    QFETCH(int, initialisation);
    QFETCH(double, factor);
    // With far too small or too large weights, 50 layers are more than float32 holds.
    const DeepNet net = netOf(factor < 0.2 || factor > 5 ? 15 : 50, 256,
                              static_cast<Initialisation>(initialisation), 256);
    const auto [measured, predicted] =
        factorsOf(net, {static_cast<Activation>(activation), Normalisation::None, false});
    qInfo("measured %g, predicted %g, known %g", measured, predicted, factor);
    QVERIFY(std::abs(measured / predicted - 1) < 0.02);
    QVERIFY(std::abs(measured / factor - 1) < 0.03);
  }

  void aBatchNormOfReluExplodesByItsKnownFactor() {
    const DeepNet net = netOf(50, 256, Initialisation::He);
    const auto [measured, predicted] =
        factorsOf(net, {Activation::Relu, Normalisation::Batch, false});
    QCOMPARE(predicted, 0.0);  // no formula of ours for a net with norms
    qInfo("measured %g", measured);
    QVERIFY(std::abs(measured - std::sqrt(M_PI / (M_PI - 1))) < 0.04);
  }

  void pythonProgramGivesTheSameLossesAndNorms_data() {
    QTest::addColumn<QString>("settings");
    QTest::newRow("default") << "";
    QTest::newRow("norms") << "a.depth=6 a.norm=batch a.activation=relu a.init=he a.residual=true "
                              "b.depth=4 b.norm=layer b.activation=gelu b.residual=false";
    QTest::newRow("others") << "a.depth=5 a.activation=tanh a.init=orthogonal b.depth=3 "
                               "b.activation=leaky-relu b.residual=true dataset=digits";
  }
  void pythonProgramGivesTheSameLossesAndNorms() {
    QFETCH(QString, settings);
    constexpr std::uint64_t kSeed = 3;
    constexpr std::int64_t kSteps = 25;
    const Settings chosen = settingsIn(settings.toStdString());
    const auto run = finishedRun("gradient-flow", chosen, kSteps, kSeed);
    const Parameters& p = run->parameters();
    const Split data = flowData(p, kSeed);
    c10::Dict<std::string, torch::Tensor> tensors;
    Batches batches(data.training, p[kFlowBatchSize], flowBatchOrder(kSeed));
    std::vector<torch::Tensor> inputs, labels;
    for (std::int64_t i = 0; i < kSteps; ++i) {
      const auto batch = batches.next();
      inputs.push_back(batch.inputs);
      labels.push_back(batch.labels);
    }
    Task task = emptyTask();
    task.insert("inputs", torch::stack(inputs));
    task.insert("labels", torch::stack(labels));
    RunContext context;
    context.seed = kSeed;
    for (const NetParameters& told : kFlowNets) {
      const std::string& side = told.side;
      const NetSettings net = told.in(p);
      for (const char* name : {"activation", "norm", "residual"})
        task.insert(side + "." + name, formatValue(p.value(side + "." + name)));
      for (const auto& [name, tensor] : flowNet(net, data.training, context).state(net.wiring))
        task.insert(side + "." + name, tensor.clone());
    }
    const auto rows = printedBy("vanishing-gradients/gradient_flow.py", task);
    QCOMPARE(rows.size(), std::size_t(kSteps));
    std::vector<std::string> columns{"a/loss", "b/loss"};
    for (const NetParameters& told : kFlowNets)
      for (std::int64_t layer = 0; layer < p[told.depth]; ++layer)
        columns.push_back(told.side + "/" + layerRecord("grad_norm", layer));
    for (std::int64_t step = 1; step <= kSteps; ++step) {
      const auto& row = rows[std::size_t(step - 1)];
      QCOMPARE(row.size(), columns.size());
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const double ours = tests::at(*run, step, columns[i]), theirs = row[i];
        QVERIFY2(std::abs(ours - theirs) <= 5e-3 * std::abs(theirs),
                 qPrintable(QString("%1 at step %2: %3 and %4")
                                .arg(columns[i].c_str())
                                .arg(step)
                                .arg(ours)
                                .arg(theirs)));
      }
    }
  }
};

QTEST_GUILESS_MAIN(DeepNetTest)
#include "deep_net_test.moc"
