// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/sequences/probe_pass.h"

#include <torch/autograd.h>
#include <torch/utils.h>

namespace viva {

bool asksSomething(const SequenceSource& source, const NamedSequence& sequence) {
  return source.isRegression() || sequence.batch.targets.ne(kNotAsked).any().item<bool>();
}

ProbePass passOf(const RecurrentNet& net, const SequenceSource& source,
                 const NamedSequence& sequence, const std::optional<HeldGate>& held) {
  const torch::AutoGradMode with_gradients(true);
  ProbePass pass;
  pass.kind = net.kind();
  pass.steps = unrollCell(net.kind(), net.cell(), sequence.batch.inputs, held);
  std::vector<torch::Tensor> hidden, memory;
  for (std::size_t t = 0; t < pass.steps.size(); ++t) {
    hidden.push_back(pass.steps[t].state.hidden);
    memory.push_back(pass.memory(t));
  }
  const auto outputs = net.readOut(torch::stack(hidden));  // [time, 1, answers]
  if (asksSomething(source, sequence)) {
    const auto loss = sequenceLoss(source, outputs, sequence.batch);
    auto gradients = torch::autograd::grad({loss}, memory, {}, /*retain_graph=*/false,
                                           /*create_graph=*/false, /*allow_unused=*/true);
    for (auto& gradient : gradients)
      if (!gradient.defined()) gradient = torch::zeros_like(memory.front());
    const auto norms =
        torch::stack(gradients).to(torch::kDouble).norm(2, {1, 2}).to(torch::kCPU).contiguous();
    pass.state_gradients.assign(norms.data_ptr<double>(), norms.data_ptr<double>() + norms.numel());
  }
  pass.outputs = outputs.detach().squeeze(1);
  for (CellStep& step : pass.steps)
    for (torch::Tensor* tensor :
         {&step.input_gate, &step.forget_gate, &step.output_gate, &step.candidate,
          &step.state.hidden, &step.state.cell, &step.sums})
      if (tensor->defined()) *tensor = tensor->detach();
  return pass;
}

}  // namespace viva
