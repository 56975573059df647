// SPDX-License-Identifier: GPL-3.0-or-later
// One block of a transformer, with the names and layouts of torch.nn.TransformerEncoderLayer and,
// with cross-attention, of torch.nn.TransformerDecoderLayer; GELU (exact), no dropout.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "lessons/nn/attention.h"
#include "lessons/nn/position_kind.h"
#include "lessons/nn/weight_shape.h"

namespace viva {

/// How a weight begins: torch.nn's defaults, besides the tables, which are drawn from a normal
/// distribution.
struct TransformerWeight {
  enum class Start { Normal, Uniform, Zero, One };
  WeightShape shape;
  Start start = Start::Zero;
  double spread = 0;  ///< the standard deviation, or half the width of the uniform distribution
};
void drawWeight(torch::Tensor weight, const TransformerWeight& declared, at::Generator generator);

/// `self_attn.in_proj_weight`, ... behind `prefix`, in the order of BlockWeights.
std::vector<TransformerWeight> blockWeightList(const std::string& prefix, std::int64_t width,
                                               std::int64_t hidden, bool has_cross);

/// [copies, ...] each; d is the width.
struct AttentionWeights {
  torch::Tensor in_proj_weight, in_proj_bias;    ///< [3d, d], [3d]: q, k and v
  torch::Tensor out_proj_weight, out_proj_bias;  ///< [d, d], [d]
};
struct BlockWeights {
  AttentionWeights self_attn;
  AttentionWeights multihead_attn{};           ///< across; undefined where there is none
  torch::Tensor linear1_weight, linear1_bias;  ///< [hidden, d], [hidden]
  torch::Tensor linear2_weight, linear2_bias;  ///< [d, hidden], [d]
  torch::Tensor norm1_weight, norm1_bias, norm2_weight, norm2_bias;  ///< [d]
  torch::Tensor norm3_weight{}, norm3_bias{};                        ///< behind cross-attention
};
/// The tensors of blockWeightList from `next` on, which is moved behind them.
BlockWeights blockWeights(const std::vector<torch::Tensor>& leaves, std::size_t& next,
                          bool has_cross);

/// Where something may be put in from outside: LoRA beside a product, a factor of IA3, a bottleneck
/// behind a sublayer.
enum class Site { InProj, OutProj, CrossInProj, CrossOutProj, Linear1, Activation, Linear2 };
struct BlockHooks {
  /// What takes the place of `output` at `site` of block `layer`, both [copies, batch * length,
  /// ...].
  std::function<torch::Tensor(std::int64_t layer, Site site, const torch::Tensor& input,
                              const torch::Tensor& output)>
      at{};
  /// Keys and values in front of those of block `layer`, [copies, batch or 1, heads, n, head
  /// width].
  std::function<std::pair<torch::Tensor, torch::Tensor>(std::int64_t layer)> prefix{};
};

/// What a block has seen so far, [copies, batch, heads, length, head width].
struct LayerCache {
  torch::Tensor keys{}, values{};
};

/// What a block computed.
struct BlockTrace {
  Attended self{};
  Attended cross{};
  torch::Tensor attended;  ///< [copies, batch, length, d]: after the first sublayer
  torch::Tensor hidden;    ///< [copies, batch, length, d]: after the block
};

struct BlockCall {
  std::int64_t layer = 0, batch = 1, heads = 1;
  NormOrder norm = NormOrder::Pre;
  std::vector<double> scales{};  ///< of the scores; one a copy
  torch::Tensor bias{};          ///< of the scores, see attend(); undefined: none
  torch::Tensor rotary{};        ///< [2, copies or 1, 1, 1, length, head width]; undefined: none
  torch::Tensor gain{};          ///< [heads]: what each head's output is multiplied by
  torch::Tensor memory{};        ///< [copies, batch * n, d]: what cross-attention looks at
  const BlockHooks* hooks = nullptr;
  LayerCache* cache = nullptr;
  BlockTrace* trace = nullptr;
};

/// x [copies, batch * length, d], and so is the answer.
torch::Tensor block(const BlockWeights& weights, const BlockCall& call, const torch::Tensor& x);

/// x [copies, n, in], weight [copies, out, in], bias [copies, out] or undefined.
torch::Tensor stackedLinear(const torch::Tensor& x, const torch::Tensor& weight,
                            const torch::Tensor& bias = {});
/// Over the last dimension, with weight and bias [copies, d]; eps 1e-5.
torch::Tensor stackedNorm(const torch::Tensor& x, const torch::Tensor& weight,
                          const torch::Tensor& bias);

}  // namespace viva
