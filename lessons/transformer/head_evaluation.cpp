// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/transformer/head_evaluation.h"

#include <torch/utils.h>

#include <limits>

namespace viva {
namespace {

constexpr std::int64_t kSequences = 32, kReordered = 4;

std::vector<BlockTrace> tracesOf(const Transformer& net, const torch::Tensor& tokens,
                                 const torch::Tensor& gain) {
  std::vector<BlockTrace> traces;
  Reading reading;
  reading.gain = gain;
  reading.traces = &traces;
  net.hidden(net.embedded(tokens), reading);
  return traces;
}

torch::Tensor logitsOf(const Transformer& net, const torch::Tensor& tokens,
                       const torch::Tensor& gain) {
  Reading reading;
  reading.gain = gain;
  return net.forward(tokens, reading);
}

}  // namespace

HeldOut::HeldOut(const AttentionTask& task, std::int64_t length, at::Generator generator,
                 const torch::Device& device)
    : batch(task.draw(kSequences, length, generator).to(device)),
      twice_as_long(task.draw(kSequences, 2 * length, generator).to(device)),
      order(torch::randperm(task.tokensOf(length), generator, torch::kLong).to(device)) {}

std::vector<HeadFigures> headFigures(const Transformer& net, const HeldOut& held_out,
                                     const torch::Tensor& gain) {
  const torch::NoGradGuard no_grad;
  const TokenBatch& batch = held_out.batch;
  const auto traces = tracesOf(net, batch.tokens, gain);
  std::vector<HeadFigures> figures;
  for (std::int64_t layer = 0; layer < net.shape().layers; ++layer)
    for (std::int64_t head = 0; head < net.shape().heads; ++head) {
      const auto weights = traces[layer].self.weights[0].select(1, head);
      auto without = gain.clone();
      without[layer][head] = 0;
      HeadFigures found;
      found.alignment = batch.needed.defined() ? meanAlignment(weights, batch.needed)
                                               : std::numeric_limits<double>::quiet_NaN();
      found.entropy = meanEntropy(weights);
      found.without = accuracyOn(net, batch, without);
      figures.push_back(found);
    }
  return figures;
}

double accuracyOn(const Transformer& net, const TokenBatch& batch, const torch::Tensor& gain) {
  const torch::NoGradGuard no_grad;
  return tokenAccuracy(logitsOf(net, batch.tokens, gain), batch.targets)[0].item<double>();
}

std::vector<NetFigures> netFigures(const Transformer& net, const HeldOut& held_out,
                                   const torch::Tensor& gain) {
  const torch::NoGradGuard no_grad;
  const auto tokens = held_out.batch.tokens.narrow(0, 0, kReordered);
  const auto traces = tracesOf(net, tokens, gain);
  const auto as_they_are = logitsOf(net, tokens, gain).index_select(2, held_out.order);
  const auto reordered = logitsOf(net, tokens.index_select(1, held_out.order), gain);
  std::vector<NetFigures> figures;
  for (std::int64_t copy = 0; copy < net.copies(); ++copy) {
    NetFigures found;
    for (const BlockTrace& trace : traces)
      found.entropy += meanEntropy(trace.self.weights[copy]) / static_cast<double>(traces.size());
    found.order_effect = (as_they_are[copy] - reordered[copy]).abs().max().item<double>();
    figures.push_back(found);
  }
  return figures;
}

double meanEntropy(const torch::Tensor& rows) {
  return -torch::xlogy(rows, rows).sum(-1).mean().item<double>();
}

double meanAlignment(const torch::Tensor& weights, const torch::Tensor& needed) {
  const auto asked = needed >= 0;
  const auto there = weights.gather(-1, needed.clamp_min(0).unsqueeze(-1)).squeeze(-1);
  return ((there * asked).sum() / asked.sum()).item<double>();
}

}  // namespace viva
