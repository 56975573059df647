// SPDX-License-Identifier: GPL-3.0-or-later
// What LoRA and its kin have in common: beside a frozen weight W [out, in] stands a product B A of
// two thin matrices, y = W x + B (A x). They differ in how B and A are made of what is trained.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/nn/transformer.h"
#include "lessons/nn/weight_shape.h"

namespace viva {

/// A weight that an adapter stands beside: q, k and v each by itself, o, f1 and f2 of every layer.
struct AdaptedMatrix {
  std::int64_t layer = 0;
  const char* name = "q";
  Site site = Site::InProj;
  std::int64_t first_row = 0;  ///< where it lies in the weight of its site
  std::int64_t out = 0, in = 0;

  std::string title() const;  ///< `blocks.0.q`
};
std::vector<AdaptedMatrix> adaptedMatrices(const TransformerShape& shape);
/// [copies, out, in], a view of the net's weight.
torch::Tensor weightOf(const Transformer& net, const AdaptedMatrix& matrix);

/// What is added to the output is b (a x).
struct Factors {
  torch::Tensor b;  ///< [out, r]
  torch::Tensor a;  ///< [r, in]
};

/// One method's way of making factors. Its trained tensors are kept by others, who give them in the
/// order of shapes().
class Adapter {
 public:
  virtual ~Adapter() = default;
  virtual std::vector<WeightShape> shapes() const = 0;
  virtual void start(std::vector<torch::Tensor>& own, at::Generator generator) const = 0;
  virtual Factors factors(const std::vector<torch::Tensor>& own, std::size_t matrix) const = 0;

  /// What it needs besides, frozen and drawn at random.
  virtual void saveFrozen(WeightSink&) const {}
  /// An update begins: what it draws.
  virtual void begin(at::Generator) {}
  /// What its loss has besides the task's; undefined: nothing.
  virtual torch::Tensor penalty(const std::vector<torch::Tensor>&) const { return {}; }
  /// After update `step` by `gradients`, in the order of shapes(). Where no gradients are recorded.
  virtual void finish(std::vector<torch::Tensor>&, const std::vector<torch::Tensor>&,
                      std::int64_t) {}
};

/// PyTorch's default for the matrix A: uniform within 1 / sqrt(in).
torch::Tensor drawnWithin(at::IntArrayRef shape, std::int64_t in, at::Generator generator);

/// Factors of several nets side by side, padded with zeros to the widest.
class StackedFactors {
 public:
  /// `of_nets[net][matrix]`.
  StackedFactors(const std::vector<AdaptedMatrix>& matrices,
                 const std::vector<std::vector<Factors>>& of_nets);
  /// What takes the place of `output` at a site, for BlockHooks::at.
  torch::Tensor added(std::int64_t layer, Site site, const torch::Tensor& input,
                      const torch::Tensor& output) const;

 private:
  struct AtSite {
    std::int64_t layer;
    Site site;
    std::vector<torch::Tensor> b;  ///< [nets, r, out] each: q, k and v, or one
    torch::Tensor a;               ///< [nets, in, parts * r]
  };
  std::vector<AtSite> sites_;
};

}  // namespace viva
