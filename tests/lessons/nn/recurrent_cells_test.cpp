// SPDX-License-Identifier: GPL-3.0-or-later
// The four cells against numbers worked out apart, the library's modules and finite differences.
#include "lessons/nn/recurrent_cells.h"

#include <torch/autograd.h>
#include <torch/nn.h>
#include <torch/utils.h>

#include <QTest>

#include "lessons/nn/sound_convolutions.h"

using namespace viva;

namespace {

constexpr std::int64_t kInputs = 3, kHidden = 5, kBatch = 4, kTime = 7;
const CellKind kKinds[] = {CellKind::Lstm, CellKind::Peephole, CellKind::Gru, CellKind::Rnn};
const char* const kNames[] = {"lstm", "peephole", "gru", "rnn"};

std::vector<torch::Tensor> randomWeights(CellKind kind, torch::Dtype type) {
  std::vector<torch::Tensor> tensors;
  for (const WeightShape& shape : cellWeightShapes(kind, kInputs, kHidden))
    tensors.push_back(0.5 * torch::randn(shape.shape, type));
  return tensors;
}

torch::Tensor row(std::vector<double> values) { return torch::tensor(values, torch::kDouble); }

/// A cell of one unit with one input: one number a gate.
CellWeights oneUnit(const std::vector<double>& inputs, const std::vector<double>& recurrent,
                    const std::vector<double>& bias, const std::vector<double>& second_bias) {
  return {row(inputs).unsqueeze(1), row(recurrent).unsqueeze(1), row(bias), row(second_bias)};
}

const auto kSequence = [] { return row({1, -1, 0.5}).view({3, 1, 1}); };

bool near(const torch::Tensor& value, double expected, double tolerance) {
  return std::abs(value.item<double>() - expected) <= tolerance;
}

}  // namespace

class RecurrentCellsTest : public QObject {
  Q_OBJECT

  static void kindRows() {
    QTest::addColumn<int>("index");
    for (int i = 0; i < 4; ++i) QTest::newRow(kNames[i]) << i;
  }
  static CellKind fetched() {
    QFETCH(int, index);
    return kKinds[index];
  }

 private Q_SLOTS:
  void init() { torch::manual_seed(5); }

  void oneUnitLstmGivesTheNumbersWorkedOutByHand() {
    const auto weights =
        oneUnit({.5, .6, .7, .8}, {.1, .2, .3, .4}, {.01, .02, .03, .04}, {0, 0, 0, 0});
    const double expected[3][6] = {
        {.62480647, .65021855, .62306535, .69846522, .3892952644, .2589577406},
        {.38601264, .37093484, -.53155687, .34154496, -.0607844966, -.0207351079},
        {.56412651, .57831326, .35729314, .60628096, .1664060523, .0999677852}};
    const auto steps = unrollCell(CellKind::Lstm, weights, kSequence());
    for (int t = 0; t < 3; ++t) {
      const CellStep& step = steps[t];
      const torch::Tensor values[] = {step.input_gate,  step.forget_gate, step.candidate,
                                      step.output_gate, step.state.cell,  step.state.hidden};
      for (int i = 0; i < 6; ++i) QVERIFY(near(values[i], expected[t][i], i < 4 ? 1e-8 : 1e-9));
    }
  }

  void oneUnitPeepholeCellGivesTheNumbersWorkedOutByHand() {
    auto weights = oneUnit({.5, .6, .7, .8}, {.1, .2, .3, .4}, {.01, .02, .03, .04}, {0, 0, 0, 0});
    weights.peephole = torch::full({3, 1}, 0.5, torch::kDouble);
    const double hidden[] = {.2735471221, -.0221913248, .0995704047};
    const double cell[] = {.3892952644, -.0662537833, .1606433996};
    const auto steps = unrollCell(CellKind::Peephole, weights, kSequence());
    for (int t = 0; t < 3; ++t) {
      QVERIFY(near(steps[t].state.hidden, hidden[t], 1e-9));
      QVERIFY(near(steps[t].state.cell, cell[t], 1e-9));
    }
  }

  void oneUnitGruGivesTheNumbersWorkedOutByHand() {
    const auto weights = oneUnit({.5, .6, .7}, {.1, .2, .3}, {.01, .02, .03}, {0, 0, .05});
    const double hidden[] = {.2244921687, -.2667712561, -.0000978160};
    const auto steps = unrollCell(CellKind::Gru, weights, kSequence());
    for (int t = 0; t < 3; ++t) QVERIFY(near(steps[t].state.hidden, hidden[t], 1e-9));
  }

  void oneUnitRnnFollowsItsDefinition() {
    const auto weights = oneUnit({.5}, {.4}, {.1}, {.2});
    const auto steps = unrollCell(CellKind::Rnn, weights, kSequence());
    double h = 0;
    const double inputs[] = {1, -1, 0.5};
    for (int t = 0; t < 3; ++t) {
      h = std::tanh(.5 * inputs[t] + .1 + .4 * h + .2);
      QVERIFY(near(steps[t].state.hidden, h, 1e-15));
    }
  }

  void cellsAgreeWithTheLibrarysModules_data() {  // which has no peephole cell
    QTest::addColumn<int>("index");
    for (int i : {0, 2, 3}) QTest::newRow(kNames[i]) << i;
  }
  void cellsAgreeWithTheLibrarysModules() {
    useSoundConvolutions();  // Debian 13's LSTM of oneDNN is off by 0.4
    const CellKind kind = fetched();
    const torch::NoGradGuard no_grad;
    const auto tensors = randomWeights(kind, torch::kFloat);
    const auto inputs = torch::randn({kTime, kBatch, kInputs});
    torch::OrderedDict<std::string, torch::Tensor> named;
    torch::Tensor hidden, cell;
    torch::nn::LSTM lstm(kInputs, kHidden);
    torch::nn::GRU gru(kInputs, kHidden);
    torch::nn::RNN rnn(kInputs, kHidden);
    const auto fill = [&](const auto& module) {
      auto parameters = module->named_parameters();
      const auto shapes = cellWeightShapes(kind, kInputs, kHidden);
      QCOMPARE(parameters.size(), shapes.size());
      for (std::size_t i = 0; i < shapes.size(); ++i) parameters[shapes[i].name].copy_(tensors[i]);
    };
    if (kind == CellKind::Lstm) {
      fill(lstm);
      const auto [output, state] = lstm->forward(inputs);
      hidden = output, cell = std::get<1>(state)[0];
    } else if (kind == CellKind::Gru) {
      fill(gru);
      hidden = std::get<0>(gru->forward(inputs));
    } else {
      fill(rnn);
      hidden = std::get<0>(rnn->forward(inputs));
    }
    const auto weights = cellWeights(kind, tensors);
    const auto steps = unrollCell(kind, weights, inputs);
    for (std::int64_t t = 0; t < kTime; ++t)
      QVERIFY(torch::allclose(steps[t].state.hidden, hidden[t], 0, 1e-6));
    if (cell.defined()) QVERIFY(torch::allclose(steps.back().state.cell, cell, 0, 1e-6));
    QVERIFY(torch::allclose(hiddenStates(kind, weights, inputs), hidden, 0, 1e-6));
  }

  void peepholeCellWithoutPeepholesIsAnLstm() {
    auto tensors = randomWeights(CellKind::Peephole, torch::kDouble);
    tensors[4].zero_();
    const auto inputs = torch::randn({kTime, kBatch, kInputs}, torch::kDouble);
    const auto with =
        hiddenStates(CellKind::Peephole, cellWeights(CellKind::Peephole, tensors), inputs);
    const auto without = hiddenStates(CellKind::Lstm, cellWeights(CellKind::Lstm, tensors), inputs);
    QVERIFY(torch::allclose(with, without, 0, 1e-12));
  }

  void gradientsAgreeWithFiniteDifferences_data() { kindRows(); }
  void gradientsAgreeWithFiniteDifferences() {
    const CellKind kind = fetched();
    auto tensors = randomWeights(kind, torch::kDouble);
    for (auto& tensor : tensors) tensor.requires_grad_();
    const auto inputs = torch::randn({kTime, kBatch, kInputs}, torch::kDouble);
    const auto weighing = torch::randn({kTime, kBatch, kHidden}, torch::kDouble);
    const auto unrolled = [&] {
      torch::Tensor sum = torch::zeros({}, torch::kDouble);
      const auto steps = unrollCell(kind, cellWeights(kind, tensors), inputs);
      for (std::int64_t t = 0; t < kTime; ++t)
        sum = sum + (steps[t].state.hidden * weighing[t]).sum();
      return sum;
    };
    const auto library = [&] {
      return (hiddenStates(kind, cellWeights(kind, tensors), inputs) * weighing).sum();
    };
    const auto gradients = torch::autograd::grad({unrolled()}, tensors);
    const auto of_library = torch::autograd::grad({library()}, tensors);
    const torch::NoGradGuard no_grad;
    constexpr double kWidth = 1e-5;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      QVERIFY(torch::allclose(gradients[i], of_library[i], 0, 1e-12));
      auto flat = tensors[i].view({-1});
      for (std::int64_t j = 0; j < flat.numel(); j += 3) {
        const auto before = flat[j].item<double>();
        flat[j] = before + kWidth;
        const double above = unrolled().item<double>();
        flat[j] = before - kWidth;
        const double below = unrolled().item<double>();
        flat[j] = before;
        const double measured = (above - below) / (2 * kWidth);
        QVERIFY2(std::abs(gradients[i].flatten()[j].item<double>() - measured) < 1e-8,
                 qPrintable(QString("tensor %1, element %2").arg(i).arg(j)));
      }
    }
  }

  void oneStepIsTheFirstOfASequence_data() { kindRows(); }
  void oneStepIsTheFirstOfASequence() {
    const CellKind kind = fetched();
    const auto weights = cellWeights(kind, randomWeights(kind, torch::kDouble));
    const auto inputs = torch::randn({2, kBatch, kInputs}, torch::kDouble);
    const auto steps = unrollCell(kind, weights, inputs);
    auto state = zeroState(kind, weights, kBatch);
    for (int t = 0; t < 2; ++t) {
      const CellStep step = stepCell(kind, weights, inputs[t], state);
      QVERIFY(torch::allclose(step.state.hidden, steps[t].state.hidden, 0, 1e-15));
      QVERIFY(torch::allclose(step.sums, steps[t].sums, 0, 1e-15));
      state = step.state;
    }
  }

  void aForgetGateHeldOpenNeverForgetsAndHeldShutRemembersNothing() {
    const auto weights = cellWeights(CellKind::Lstm, randomWeights(CellKind::Lstm, torch::kDouble));
    const auto inputs = torch::randn({kTime, kBatch, kInputs}, torch::kDouble);
    auto sum = torch::zeros({kBatch, kHidden}, torch::kDouble);
    for (const CellStep& step :
         unrollCell(CellKind::Lstm, weights, inputs, HeldGate{HeldGate::Gate::Forget, 1})) {
      sum = sum + step.input_gate * step.candidate;
      QVERIFY(torch::allclose(step.state.cell, sum, 0, 1e-12));
    }
    for (const CellStep& step :
         unrollCell(CellKind::Lstm, weights, inputs, HeldGate{HeldGate::Gate::Forget, 0}))
      QVERIFY(torch::equal(step.state.cell, step.input_gate * step.candidate));
  }

  void heldGatesOfEveryCellHaveTheirValue() {
    const auto inputs = torch::randn({kTime, kBatch, kInputs}, torch::kDouble);
    for (const CellKind kind : {CellKind::Lstm, CellKind::Peephole, CellKind::Gru}) {
      const auto weights = cellWeights(kind, randomWeights(kind, torch::kDouble));
      for (const auto gate :
           {HeldGate::Gate::Forget, HeldGate::Gate::Input, HeldGate::Gate::Output})
        for (const CellStep& step : unrollCell(kind, weights, inputs, HeldGate{gate, 0.25})) {
          const auto& held = gate == HeldGate::Gate::Forget  ? step.forget_gate
                             : gate == HeldGate::Gate::Input ? step.input_gate
                                                             : step.output_gate;
          QVERIFY(torch::equal(held, torch::full_like(held, 0.25)));
          if (kind == CellKind::Gru)
            QVERIFY(torch::equal(step.input_gate + step.forget_gate, torch::ones_like(held)));
        }
    }
  }

  void parameterCountsAreThoseOfTorch() {
    const auto count = [](CellKind kind, std::int64_t inputs, std::int64_t hidden) {
      return parameterCount(cellWeightShapes(kind, inputs, hidden));
    };
    QCOMPARE(count(CellKind::Lstm, 10, 20), 2560);
    QCOMPARE(count(CellKind::Lstm, 28, 128), 80896);
    QCOMPARE(count(CellKind::Gru, 10, 20), 1920);
    QCOMPARE(count(CellKind::Rnn, 10, 20), 640);
    QCOMPARE(count(CellKind::Peephole, 10, 20), 2560 + 3 * 20);
  }
};

QTEST_GUILESS_MAIN(RecurrentCellsTest)
#include "recurrent_cells_test.moc"
