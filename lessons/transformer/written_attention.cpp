// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/transformer/written_attention.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace viva {
namespace {

torch::Tensor exact(const torch::Tensor& of_copies, std::int64_t copy = 0) {
  return of_copies.detach()[copy].to(torch::kCPU, torch::kDouble);
}

/// x [length, d]: over each row, eps 1e-5.
torch::Tensor normed(const torch::Tensor& x, const torch::Tensor& weight,
                     const torch::Tensor& bias) {
  const auto centred = x - x.mean(1, /*keepdim=*/true);
  const auto variance = centred.square().mean(1, /*keepdim=*/true);
  return centred / (variance + 1e-5).sqrt() * weight + bias;
}

/// x Phi(x).
torch::Tensor geluOf(const torch::Tensor& x) {
  return x * 0.5 * (1 + torch::erf(x / std::sqrt(2.0)));
}

/// Pairs (i, i + width / 2) of row m turned by m 10000^(-2i / width).
torch::Tensor turned(const torch::Tensor& rows) {
  auto made = rows.clone();
  const std::int64_t half = rows.size(1) / 2;
  for (std::int64_t m = 0; m < rows.size(0); ++m)
    for (std::int64_t i = 0; i < half; ++i) {
      const double angle = static_cast<double>(m) *
                           std::pow(10000.0, -static_cast<double>(i) / static_cast<double>(half));
      const double first = rows[m][i].item<double>(), second = rows[m][i + half].item<double>();
      made[m][i] = first * std::cos(angle) - second * std::sin(angle);
      made[m][i + half] = first * std::sin(angle) + second * std::cos(angle);
    }
  return made;
}

/// The slope of ALiBi for a head.
double slopeOf(const Manner& manner, std::int64_t layer, std::int64_t head, std::int64_t heads) {
  if (!manner.slopes.empty()) return manner.slopes[layer][head];
  return std::pow(2.0, -8.0 * static_cast<double>(head + 1) / static_cast<double>(heads));
}

struct Written {
  const Transformer& net;
  std::int64_t copy = 0;
  std::vector<torch::Tensor> weights{};

  torch::Tensor of(const torch::Tensor& weight) const { return exact(weight, copy); }

  /// One head: q, k, v [length, head width]; its output [length, head width].
  torch::Tensor head(torch::Tensor q, torch::Tensor k, const torch::Tensor& v, std::int64_t layer,
                     std::int64_t head, std::vector<torch::Tensor>& rows) const {
    const Manner& manner = net.manner(copy);
    if (manner.positions == PositionKind::Rope) q = turned(q), k = turned(k);
    const std::int64_t length = q.size(0);
    auto scores = torch::mm(q, k.t());
    if (manner.is_scaled) scores = scores / std::sqrt(static_cast<double>(q.size(1)));
    for (std::int64_t i = 0; i < length; ++i)
      for (std::int64_t j = 0; j < length; ++j) {
        if (manner.positions == PositionKind::Alibi)
          scores[i][j] -= slopeOf(manner, layer, head, net.shape().heads) *
                          static_cast<double>(std::abs(i - j));
        if (manner.is_causal && j > i) scores[i][j] = -std::numeric_limits<double>::infinity();
      }
    const auto exponentials = (scores - scores.amax(1, /*keepdim=*/true)).exp();
    rows.push_back(exponentials / exponentials.sum(1, /*keepdim=*/true));
    return torch::mm(rows.back(), v);
  }

  torch::Tensor attention(const torch::Tensor& x, const AttentionWeights& w, std::int64_t layer) {
    const std::int64_t d = x.size(1), heads = net.shape().heads, width = d / heads;
    const auto projected = torch::mm(x, of(w.in_proj_weight).t()) + of(w.in_proj_bias);
    std::vector<torch::Tensor> outputs, rows;
    for (std::int64_t h = 0; h < heads; ++h)
      outputs.push_back(head(projected.narrow(1, h * width, width),
                             projected.narrow(1, d + h * width, width),
                             projected.narrow(1, 2 * d + h * width, width), layer, h, rows));
    weights.push_back(torch::stack(rows));
    return torch::mm(torch::cat(outputs, 1), of(w.out_proj_weight).t()) + of(w.out_proj_bias);
  }

  torch::Tensor feedForward(const torch::Tensor& x, const BlockWeights& w) const {
    const auto hidden = torch::mm(x, of(w.linear1_weight).t()) + of(w.linear1_bias);
    return torch::mm(geluOf(hidden), of(w.linear2_weight).t()) + of(w.linear2_bias);
  }

  torch::Tensor block(torch::Tensor x, std::int64_t layer) {
    const BlockWeights& w = net.block(layer);
    const auto norm1 = [&](const torch::Tensor& in) {
      return normed(in, of(w.norm1_weight), of(w.norm1_bias));
    };
    const auto norm2 = [&](const torch::Tensor& in) {
      return normed(in, of(w.norm2_weight), of(w.norm2_bias));
    };
    if (net.shape().norm == NormOrder::Pre) {
      x = x + attention(norm1(x), w.self_attn, layer);
      return x + feedForward(norm2(x), w);
    }
    x = norm1(x + attention(x, w.self_attn, layer));
    return norm2(x + feedForward(x, w));
  }
};

/// The weights of a block of copy 0, [1, ...] each, in float64.
BlockWeights exactWeights(const BlockWeights& w) {
  const auto wide = [](const torch::Tensor& of_copies) { return exact(of_copies).unsqueeze(0); };
  BlockWeights made;
  made.self_attn = {wide(w.self_attn.in_proj_weight), wide(w.self_attn.in_proj_bias),
                    wide(w.self_attn.out_proj_weight), wide(w.self_attn.out_proj_bias)};
  made.linear1_weight = wide(w.linear1_weight), made.linear1_bias = wide(w.linear1_bias);
  made.linear2_weight = wide(w.linear2_weight), made.linear2_bias = wide(w.linear2_bias);
  made.norm1_weight = wide(w.norm1_weight), made.norm1_bias = wide(w.norm1_bias);
  made.norm2_weight = wide(w.norm2_weight), made.norm2_bias = wide(w.norm2_bias);
  return made;
}

torch::Tensor weightNamed(const Transformer& net, const std::string& name, std::int64_t copy = 0) {
  const auto& shapes = net.weights().shapes();
  const auto found = std::find_if(shapes.begin(), shapes.end(),
                                  [&](const WeightShape& shape) { return shape.name == name; });
  return exact(net.weights().leaves()[found - shapes.begin()], copy);
}

double largest(const torch::Tensor& values) { return values.abs().max().item<double>(); }

}  // namespace

WrittenOut writtenOut(const Transformer& net, const torch::Tensor& tokens, std::int64_t copy) {
  const torch::NoGradGuard no_grad;
  const auto host = tokens[0].to(torch::kCPU);
  auto x = weightNamed(net, "token.weight", copy).index_select(0, host);
  if (const auto table = net.positionTable(copy); table.defined())
    x = x + table.narrow(0, 0, host.size(0)).to(torch::kCPU, torch::kDouble);
  Written written{net, copy};
  for (std::int64_t layer = 0; layer < net.shape().layers; ++layer) x = written.block(x, layer);
  x = normed(x, weightNamed(net, "norm.weight", copy), weightNamed(net, "norm.bias", copy));
  return {written.weights, torch::mm(x, weightNamed(net, "head.weight", copy).t())};
}

void checkWrittenOut(const Transformer& net, const torch::Tensor& tokens, CheckSink& sink,
                     std::int64_t copy) {
  const torch::NoGradGuard no_grad;
  std::vector<BlockTrace> traces;
  Reading reading;
  reading.traces = &traces;
  const auto logits = net.forward(tokens, reading)[copy][0].to(torch::kCPU, torch::kDouble);
  if (!logits.isfinite().all().item<bool>()) return;  // it has diverged
  const WrittenOut expected = writtenOut(net, tokens, copy);
  double apart = largest(logits - expected.logits) / std::max(1.0, largest(expected.logits));
  for (std::size_t layer = 0; layer < traces.size(); ++layer)
    apart = std::max(apart,
                     largest(traces[layer].self.weights[copy][0].to(torch::kCPU, torch::kDouble) -
                             expected.weights[layer]));
  sink.compare("written-out", apart, 1e-4);
}

void checkPermutation(const Transformer& net, const torch::Tensor& tokens,
                      const torch::Tensor& order, CheckSink& sink) {
  const torch::NoGradGuard no_grad;
  const auto embedded = weightNamed(net, "token.weight").index_select(0, tokens[0].to(torch::kCPU));
  const auto moved = order.to(torch::kCPU);
  const auto through = [&](torch::Tensor x) {
    x = x.unsqueeze(0);
    for (std::int64_t layer = 0; layer < net.shape().layers; ++layer) {
      BlockCall call;
      call.layer = layer;
      call.heads = net.shape().heads;
      call.norm = net.shape().norm;
      call.scales = {1 / std::sqrt(static_cast<double>(net.shape().width / net.shape().heads))};
      x = block(exactWeights(net.block(layer)), call, x);
    }
    return x[0];
  };
  const auto as_they_are = through(embedded).index_select(0, moved);
  const auto reordered = through(embedded.index_select(0, moved));
  if (!as_they_are.isfinite().all().item<bool>()) return;
  sink.compare("permutation",
               largest(as_they_are - reordered) / std::max(1.0, largest(as_they_are)), 1e-10);
}

}  // namespace viva
