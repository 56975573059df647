// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/transformer_block.h"

#include <torch/types.h>

#include <cmath>

#include "lessons/nn/positions.h"

namespace viva {
namespace {

using Start = TransformerWeight::Start;

double uniformSpread(std::int64_t fan_in) { return 1 / std::sqrt(static_cast<double>(fan_in)); }

/// torch.nn.MultiheadAttention: Glorot's uniform for the three together, biases of 0.
void listAttention(std::vector<TransformerWeight>& list, const std::string& prefix,
                   std::int64_t d) {
  const double glorot = std::sqrt(6.0 / static_cast<double>(4 * d));
  list.push_back({{prefix + "in_proj_weight", {3 * d, d}, d}, Start::Uniform, glorot});
  list.push_back({{prefix + "in_proj_bias", {3 * d}, d}});
  list.push_back({{prefix + "out_proj.weight", {d, d}, d}, Start::Uniform, uniformSpread(d)});
  list.push_back({{prefix + "out_proj.bias", {d}, d}});
}

void listLinear(std::vector<TransformerWeight>& list, const std::string& prefix, std::int64_t out,
                std::int64_t in) {
  list.push_back({{prefix + "weight", {out, in}, in}, Start::Uniform, uniformSpread(in)});
  list.push_back({{prefix + "bias", {out}, in}, Start::Uniform, uniformSpread(in)});
}

void listNorm(std::vector<TransformerWeight>& list, const std::string& prefix, std::int64_t d) {
  list.push_back({{prefix + "weight", {d}, d}, Start::One});
  list.push_back({{prefix + "bias", {d}, d}});
}

AttentionWeights attentionWeights(const std::vector<torch::Tensor>& leaves, std::size_t& next) {
  AttentionWeights weights{leaves[next], leaves[next + 1], leaves[next + 2], leaves[next + 3]};
  next += 4;
  return weights;
}

/// The block as it is being computed.
class Pass {
 public:
  Pass(const BlockWeights& weights, const BlockCall& call, const torch::Tensor& x)
      : weights_(weights), call_(call), copies_(x.size(0)), length_(x.size(1) / call.batch) {}

  torch::Tensor run(torch::Tensor x) const {
    x = residual(x, weights_.norm1_weight, weights_.norm1_bias,
                 [&](const auto& in) { return selfAttention(in); });
    if (call_.trace) call_.trace->attended = x.view({copies_, call_.batch, length_, -1});
    if (weights_.multihead_attn.in_proj_weight.defined()) {
      x = residual(x, weights_.norm2_weight, weights_.norm2_bias,
                   [&](const auto& in) { return crossAttention(in); });
      x = residual(x, weights_.norm3_weight, weights_.norm3_bias,
                   [&](const auto& in) { return feedForward(in); });
    } else {
      x = residual(x, weights_.norm2_weight, weights_.norm2_bias,
                   [&](const auto& in) { return feedForward(in); });
    }
    if (call_.trace) call_.trace->hidden = x.view({copies_, call_.batch, length_, -1});
    return x;
  }

 private:
  template <typename Sublayer>
  torch::Tensor residual(const torch::Tensor& x, const torch::Tensor& weight,
                         const torch::Tensor& bias, const Sublayer& sublayer) const {
    if (call_.norm == NormOrder::Pre) return x + sublayer(stackedNorm(x, weight, bias));
    return stackedNorm(x + sublayer(x), weight, bias);
  }

  torch::Tensor selfAttention(const torch::Tensor& x) const {
    const AttentionWeights& w = weights_.self_attn;
    auto packed = at(Site::InProj, x, stackedLinear(x, w.in_proj_weight, w.in_proj_bias))
                      .view({copies_, call_.batch, length_, 3, call_.heads, -1});
    const bool has_prefix = call_.hooks && call_.hooks->prefix;
    torch::Tensor mixed;
    if (call_.trace || call_.cache || has_prefix) {
      const auto parts = packed.permute({3, 0, 1, 4, 2, 5}).unbind(0);
      auto q = turned(parts[0]), k = turned(parts[1]), v = parts[2], bias = call_.bias;
      if (call_.cache) remember(k, v);
      if (has_prefix) putInFront(call_.hooks->prefix(call_.layer), k, v, bias);
      const Attended attended = attend(q, k, v, bias, call_.scales);
      if (call_.trace) call_.trace->self = attended;
      mixed = attended.mixed.transpose(2, 3);
    } else {
      if (call_.rotary.defined()) packed = turnedPacked(packed);
      mixed = attendPacked(packed, call_.bias, call_.scales);
    }
    // [copies, batch, length, heads, head width] from here on.
    if (call_.gain.defined()) mixed = mixed * call_.gain.view({-1, 1});
    const auto joined = mixed.reshape(x.sizes());
    return at(Site::OutProj, joined, stackedLinear(joined, w.out_proj_weight, w.out_proj_bias));
  }

  torch::Tensor crossAttention(const torch::Tensor& x) const {
    const AttentionWeights& w = weights_.multihead_attn;
    const std::int64_t d = x.size(2);
    const auto of_queries = w.in_proj_weight.narrow(1, 0, d);
    const auto of_memory = w.in_proj_weight.narrow(1, d, 2 * d);
    const auto q =
        at(Site::CrossInProj, x, stackedLinear(x, of_queries, w.in_proj_bias.narrow(1, 0, d)))
            .view({copies_, call_.batch, length_, call_.heads, -1})
            .transpose(2, 3);
    const auto parts = stackedLinear(call_.memory, of_memory, w.in_proj_bias.narrow(1, d, 2 * d))
                           .view({copies_, call_.batch, -1, 2, call_.heads, d / call_.heads})
                           .permute({3, 0, 1, 4, 2, 5})
                           .unbind(0);
    const Attended attended = attend(q, parts[0], parts[1], {}, call_.scales);
    if (call_.trace) call_.trace->cross = attended;
    const auto joined = attended.mixed.transpose(2, 3).reshape(x.sizes());
    return at(Site::CrossOutProj, joined,
              stackedLinear(joined, w.out_proj_weight, w.out_proj_bias));
  }

  torch::Tensor feedForward(const torch::Tensor& x) const {
    const auto first =
        at(Site::Linear1, x, stackedLinear(x, weights_.linear1_weight, weights_.linear1_bias));
    const auto active = at(Site::Activation, first, torch::gelu(first));
    return at(Site::Linear2, active,
              stackedLinear(active, weights_.linear2_weight, weights_.linear2_bias));
  }

  torch::Tensor at(Site site, const torch::Tensor& input, torch::Tensor output) const {
    if (!call_.hooks || !call_.hooks->at) return output;
    return call_.hooks->at(call_.layer, site, input, output);
  }

  torch::Tensor turned(const torch::Tensor& x) const {
    return call_.rotary.defined() ? rotated(x, call_.rotary) : x;
  }

  /// q and k turned where they lie, [copies, batch, length, 3, heads, head width].
  torch::Tensor turnedPacked(const torch::Tensor& packed) const {
    const auto table =
        call_.rotary.transpose(3, 4).unsqueeze(4);  // [2, copies, 1, length, 1, 1, w]
    return torch::cat({rotated(packed.narrow(3, 0, 2), table), packed.narrow(3, 2, 1)}, 3);
  }

  void remember(torch::Tensor& k, torch::Tensor& v) const {
    LayerCache& cache = *call_.cache;
    if (cache.keys.defined()) {
      k = torch::cat({cache.keys, k}, 3);
      v = torch::cat({cache.values, v}, 3);
    }
    cache.keys = k;
    cache.values = v;
  }

  void putInFront(const std::pair<torch::Tensor, torch::Tensor>& prefix, torch::Tensor& k,
                  torch::Tensor& v, torch::Tensor& bias) const {
    const auto fits = [&](const torch::Tensor& part) {
      return part.expand({copies_, call_.batch, call_.heads, -1, -1});
    };
    k = torch::cat({fits(prefix.first), k}, 3);
    v = torch::cat({fits(prefix.second), v}, 3);
    if (bias.defined()) bias = torch::constant_pad_nd(bias, {prefix.first.size(3), 0});
  }

  const BlockWeights& weights_;
  const BlockCall& call_;
  std::int64_t copies_, length_;
};

}  // namespace

void drawWeight(torch::Tensor weight, const TransformerWeight& declared, at::Generator generator) {
  switch (declared.start) {
    case Start::Normal:
      weight.copy_(torch::randn(weight.sizes(), generator) * declared.spread);
      break;
    case Start::Uniform:
      weight.copy_((torch::rand(weight.sizes(), generator) * 2 - 1) * declared.spread);
      break;
    case Start::Zero:
      weight.zero_();
      break;
    case Start::One:
      weight.fill_(1);
      break;
  }
}

std::vector<TransformerWeight> blockWeightList(const std::string& prefix, std::int64_t width,
                                               std::int64_t hidden, bool has_cross) {
  std::vector<TransformerWeight> list;
  listAttention(list, prefix + "self_attn.", width);
  if (has_cross) listAttention(list, prefix + "multihead_attn.", width);
  listLinear(list, prefix + "linear1.", hidden, width);
  listLinear(list, prefix + "linear2.", width, hidden);
  listNorm(list, prefix + "norm1.", width);
  listNorm(list, prefix + "norm2.", width);
  if (has_cross) listNorm(list, prefix + "norm3.", width);
  return list;
}

BlockWeights blockWeights(const std::vector<torch::Tensor>& leaves, std::size_t& next,
                          bool has_cross) {
  BlockWeights weights;
  weights.self_attn = attentionWeights(leaves, next);
  if (has_cross) weights.multihead_attn = attentionWeights(leaves, next);
  for (torch::Tensor* weight :
       {&weights.linear1_weight, &weights.linear1_bias, &weights.linear2_weight,
        &weights.linear2_bias, &weights.norm1_weight, &weights.norm1_bias, &weights.norm2_weight,
        &weights.norm2_bias})
    *weight = leaves[next++];
  if (has_cross) {
    weights.norm3_weight = leaves[next++];
    weights.norm3_bias = leaves[next++];
  }
  return weights;
}

torch::Tensor block(const BlockWeights& weights, const BlockCall& call, const torch::Tensor& x) {
  return Pass(weights, call, x).run(x);
}

torch::Tensor stackedLinear(const torch::Tensor& x, const torch::Tensor& weight,
                            const torch::Tensor& bias) {
  if (x.size(0) == 1)
    return torch::linear(x, weight.squeeze(0), bias.defined() ? bias.squeeze(0) : bias);
  const auto across = weight.transpose(1, 2);
  return bias.defined() ? torch::baddbmm(bias.unsqueeze(1), x, across) : torch::bmm(x, across);
}

torch::Tensor stackedNorm(const torch::Tensor& x, const torch::Tensor& weight,
                          const torch::Tensor& bias) {
  const std::int64_t d = x.size(-1);
  if (x.size(0) == 1) return torch::layer_norm(x, {d}, weight.squeeze(0), bias.squeeze(0));
  return torch::addcmul(bias.unsqueeze(1), torch::layer_norm(x, {d}), weight.unsqueeze(1));
}

}  // namespace viva
