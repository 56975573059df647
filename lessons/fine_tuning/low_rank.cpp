// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fine_tuning/low_rank.h"

#include <algorithm>
#include <cmath>

namespace viva {
namespace {

/// [nets, out or r, r or in], of the widest.
torch::Tensor padded(const std::vector<torch::Tensor>& parts, std::int64_t dimension) {
  std::int64_t widest = 0;
  for (const auto& part : parts) widest = std::max(widest, part.size(dimension));
  std::vector<torch::Tensor> equal;
  for (const auto& part : parts) {
    const std::int64_t missing = widest - part.size(dimension);
    if (missing == 0)
      equal.push_back(part);
    else if (dimension == 0)
      equal.push_back(torch::constant_pad_nd(part, {0, 0, 0, missing}));
    else
      equal.push_back(torch::constant_pad_nd(part, {0, missing}));
  }
  return torch::stack(equal);
}

}  // namespace

std::string AdaptedMatrix::title() const { return "blocks." + std::to_string(layer) + "." + name; }

std::vector<AdaptedMatrix> adaptedMatrices(const TransformerShape& shape) {
  const std::int64_t d = shape.width, hidden = shape.hidden;
  std::vector<AdaptedMatrix> matrices;
  for (std::int64_t layer = 0; layer < shape.layers; ++layer) {
    matrices.push_back({layer, "q", Site::InProj, 0, d, d});
    matrices.push_back({layer, "k", Site::InProj, d, d, d});
    matrices.push_back({layer, "v", Site::InProj, 2 * d, d, d});
    matrices.push_back({layer, "o", Site::OutProj, 0, d, d});
    matrices.push_back({layer, "f1", Site::Linear1, 0, hidden, d});
    matrices.push_back({layer, "f2", Site::Linear2, 0, d, hidden});
  }
  return matrices;
}

torch::Tensor weightOf(const Transformer& net, const AdaptedMatrix& matrix) {
  const BlockWeights& block = net.block(matrix.layer);
  switch (matrix.site) {
    case Site::InProj:
      return block.self_attn.in_proj_weight.narrow(1, matrix.first_row, matrix.out);
    case Site::OutProj:
      return block.self_attn.out_proj_weight;
    case Site::Linear1:
      return block.linear1_weight;
    default:
      return block.linear2_weight;
  }
}

torch::Tensor drawnWithin(at::IntArrayRef shape, std::int64_t in, at::Generator generator) {
  const double reach = 1 / std::sqrt(static_cast<double>(in));
  return torch::empty(shape).uniform_(-reach, reach, std::move(generator));
}

StackedFactors::StackedFactors(const std::vector<AdaptedMatrix>& matrices,
                               const std::vector<std::vector<Factors>>& of_nets) {
  for (std::size_t i = 0; i < matrices.size();) {
    AtSite at{matrices[i].layer, matrices[i].site, {}, {}};
    std::vector<torch::Tensor> a;
    for (; i < matrices.size() && matrices[i].layer == at.layer && matrices[i].site == at.site;
         ++i) {
      std::vector<torch::Tensor> of_b, of_a;
      for (const auto& net : of_nets) {
        of_b.push_back(net[i].b);
        of_a.push_back(net[i].a);
      }
      at.b.push_back(padded(of_b, 1).transpose(1, 2));
      a.push_back(padded(of_a, 0));
    }
    at.a = (a.size() == 1 ? a[0] : torch::cat(a, 1)).transpose(1, 2);
    sites_.push_back(std::move(at));
  }
}

torch::Tensor StackedFactors::added(std::int64_t layer, Site site, const torch::Tensor& input,
                                    const torch::Tensor& output) const {
  const auto found = std::find_if(sites_.begin(), sites_.end(), [&](const AtSite& at) {
    return at.layer == layer && at.site == site;
  });
  if (found == sites_.end()) return output;
  const auto thin = torch::bmm(input, found->a);  // [nets, n, parts * r]
  if (found->b.size() == 1) return torch::baddbmm(output, thin, found->b[0]);
  std::vector<torch::Tensor> parts;
  const std::int64_t rank = found->b[0].size(1);
  for (std::size_t part = 0; part < found->b.size(); ++part)
    parts.push_back(
        torch::bmm(thin.narrow(2, static_cast<std::int64_t>(part) * rank, rank), found->b[part]));
  return output + torch::cat(parts, 2);
}

}  // namespace viva
