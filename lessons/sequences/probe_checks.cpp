// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/probe_checks.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

namespace viva {
namespace {

double largest(const torch::Tensor& values) { return values.abs().max().item<double>(); }

/// The net's weights in float64, and its loss on one sequence.
struct ExactNet {
  CellKind kind;
  const SequenceSource& source;
  std::vector<torch::Tensor> leaves;
  SequenceBatch batch;

  /// `nudged` is added to the memory after step `time`.
  torch::Tensor loss(std::int64_t time = -1, const torch::Tensor& nudged = {}) const {
    const CellWeights weights = cellWeights(kind, leaves);
    CellState state = zeroState(kind, weights, 1);
    std::vector<torch::Tensor> hidden;
    for (std::int64_t t = 0; t < batch.inputs.size(0); ++t) {
      const CellStep step = stepCell(kind, weights, batch.inputs[t], state);
      state = step.state;
      if (t == time && hasCellState(kind)) {
        // h follows from the cell: the gradient with respect to c goes through it too.
        auto output_gate = step.output_gate;
        const auto moved = state.cell + nudged;
        if (kind == CellKind::Peephole)
          output_gate = (step.sums.chunk(4, 1)[3] + nudged * weights.peephole[2]).sigmoid();
        state = {output_gate * moved.tanh(), moved};
      } else if (t == time) {
        state.hidden = state.hidden + nudged;
      }
      hidden.push_back(state.hidden);
    }
    const auto outputs =
        torch::linear(torch::stack(hidden), leaves[leaves.size() - 2], leaves.back());
    return sequenceLoss(source, outputs, batch);
  }
};

double differenceQuotient(const std::function<double(double)>& loss) {
  constexpr double kWidth = 1e-5;
  return (loss(kWidth) - loss(-kWidth)) / (2 * kWidth);
}

void checkKernels(const RecurrentNet& net, const NamedSequence& sequence, CheckSink& sink) {
  const torch::NoGradGuard no_grad;
  CellState before = zeroState(net.kind(), net.cell(), 1);
  const auto steps = unrollCell(net.kind(), net.cell(), sequence.batch.inputs);
  double apart = 0;
  for (std::size_t t = 0; t < steps.size(); ++t) {
    const auto expected = libraryStep(net.kind(), net.cell(),
                                      sequence.batch.inputs[static_cast<std::int64_t>(t)], before);
    if (!expected.hidden.isfinite().all().item<bool>()) return;  // it has diverged
    apart = std::max(apart, largest(steps[t].state.hidden - expected.hidden));
    before = steps[t].state;
  }
  sink.compare("library-kernel", apart, 1e-6);
}

void checkGradients(const RecurrentNet& net, const SequenceSource& source,
                    const NamedSequence& sequence, std::int64_t update, CheckSink& sink) {
  ExactNet exact{net.kind(), source, {}, sequence.batch};
  exact.batch.inputs = exact.batch.inputs.to(torch::kDouble);
  if (source.isRegression()) exact.batch.targets = exact.batch.targets.to(torch::kDouble);
  for (const auto& leaf : net.leaves())
    exact.leaves.push_back(leaf.detach().to(torch::kDouble).requires_grad_());
  const std::int64_t steps = exact.batch.inputs.size(0);
  const std::int64_t time = update * 7 % steps, unit = update % net.size().hidden;
  const auto zeros = torch::zeros({1, net.size().hidden}, exact.leaves[0].options());
  const auto nudge = zeros.clone().requires_grad_();
  constexpr std::size_t kRecurrent = 1;
  const auto gradients =
      torch::autograd::grad({exact.loss(time, nudge)}, {nudge, exact.leaves[kRecurrent]}, {},
                            /*retain_graph=*/false, /*create_graph=*/false, /*allow_unused=*/true);
  if (!gradients[0].defined() || !gradients[1].defined()) return;
  if (!gradients[1].isfinite().all().item<bool>()) return;

  // What the picture shows, in float32, against float64.
  const ProbePass pass = passOf(net, source, sequence, std::nullopt);
  const double norm = gradients[0].norm().item<double>();
  const double shown = pass.state_gradients[static_cast<std::size_t>(time)];
  sink.compare("state-gradient", std::abs(shown - norm) / std::max(1e-3, norm), 1e-3);

  const torch::NoGradGuard no_grad;
  const double of_state = gradients[0][0][unit].item<double>();
  const double measured = differenceQuotient([&](double width) {
    auto moved = zeros.clone();
    moved[0][unit] = width;
    return exact.loss(time, moved).item<double>();
  });
  sink.compare("finite-differences", std::abs(of_state - measured) / std::max(1e-3, norm), 1e-4);

  const auto of_weights = gradients[1].flatten();
  const std::int64_t place = of_weights.abs().argmax().item<std::int64_t>();
  const double of_weight = of_weights[place].item<double>();
  auto weight = exact.leaves[kRecurrent].detach().view({-1});
  const double value = weight[place].item<double>();
  const double weight_measured = differenceQuotient([&](double width) {
    weight[place] = value + width;
    return exact.loss().item<double>();
  });
  sink.compare("finite-differences",
               std::abs(of_weight - weight_measured) / std::max(1e-3, std::abs(of_weight)), 1e-4);
}

}  // namespace

CellState libraryStep(CellKind kind, const CellWeights& w, const torch::Tensor& input,
                      const CellState& before) {
  if (kind == CellKind::Gru)
    return {torch::gru_cell(input, before.hidden, w.weight_ih, w.weight_hh, w.bias_ih, w.bias_hh)};
  if (kind == CellKind::Rnn)
    return {
        torch::rnn_tanh_cell(input, before.hidden, w.weight_ih, w.weight_hh, w.bias_ih, w.bias_hh)};
  const auto lstm = [&](const torch::Tensor& bias) {
    const auto [hidden, cell] = torch::lstm_cell(input, {before.hidden, before.cell}, w.weight_ih,
                                                 w.weight_hh, bias, w.bias_hh);
    return CellState{hidden, cell};
  };
  if (kind == CellKind::Lstm) return lstm(w.bias_ih);
  // With one sequence the peepholes' part is a bias: of i and f first, and of o once c is known.
  const std::int64_t hidden = w.hidden();
  auto bias = w.bias_ih.detach().clone();
  bias.narrow(0, 0, 2 * hidden).add_((w.peephole.narrow(0, 0, 2) * before.cell).flatten());
  const auto cell = lstm(bias).cell;
  bias.narrow(0, 3 * hidden, hidden).add_((w.peephole[2] * cell).flatten());
  return lstm(bias);
}

void checkProbe(const RecurrentNet& net, const SequenceSource& source,
                const NamedSequence& sequence, std::int64_t update, CheckSink& sink) {
  checkKernels(net, sequence, sink);
  if (asksSomething(source, sequence)) checkGradients(net, source, sequence, update, sink);
}

}  // namespace viva
