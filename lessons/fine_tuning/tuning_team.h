// SPDX-License-Identifier: GPL-3.0-or-later
// Contenders that are computed as one leading dimension, because their nets have one shape: those
// that train the whole net, soft prompts, deep prompts, and products of thin matrices.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lessons/core/experiment.h"
#include "lessons/fine_tuning/low_rank.h"
#include "lessons/fine_tuning/peft_method.h"
#include "lessons/fine_tuning/pretrained_base.h"

namespace viva {

/// What the teams of a run are told.
struct TuningSetting {
  std::uint64_t seed = 1;
  std::string device = "cpu";
  /// The updates between which AdaLoRA's budget falls.
  std::int64_t falls_from = 133, falls_until = 400;
};

class TuningTeam {
 public:
  TuningTeam(const PretrainedBase& base, std::vector<Contender> members);
  virtual ~TuningTeam() = default;

  const std::vector<Contender>& members() const { return members_; }
  /// [members, batch, length, V] for tokens [batch, length], or [members, batch, length].
  virtual torch::Tensor logits(const torch::Tensor& tokens) const = 0;
  /// One update of all members, each on its own tokens [members, batch, length], by `rate` times
  /// its own share. Their losses [members] before it.
  virtual torch::Tensor update(const torch::Tensor& tokens, const torch::Tensor& targets,
                               double rate) = 0;

  /// Numbers that are trained, and that are kept for the task afterwards.
  virtual std::int64_t trained(std::size_t member) const = 0;
  virtual std::int64_t kept(std::size_t member) const { return trained(member); }
  /// Bytes that training holds: the frozen weights as they are stored, and four float32 numbers
  /// for each that is trained: itself, its gradient, Adam's two averages.
  std::int64_t bytes(std::size_t member) const;
  /// The weights of a member's net without what was trained beside them, [parameters]; undefined
  /// where nothing is beside: the net itself was trained.
  virtual torch::Tensor frozen(std::size_t member) const {
    return net_->weights().flat()[static_cast<std::int64_t>(member)];
  }
  virtual void save(WeightSink& sink) const = 0;

  /// The net of one member with its adapter added to the weights; none where that cannot be.
  virtual std::unique_ptr<Transformer> merged(std::size_t) const { return {}; }
  /// What a member adds to one weight of its base, [out, in]; of products of thin matrices.
  virtual torch::Tensor change(std::size_t, const AdaptedMatrix&) const { return {}; }
  /// How many ranks each matrix has left, of AdaLoRA; empty for all others.
  virtual std::vector<std::int64_t> ranks(std::size_t) const { return {}; }

 protected:
  std::vector<Contender> members_;
  std::unique_ptr<Transformer> net_;  ///< a copy a member
};

/// Every contender in the team that it belongs to.
std::vector<std::unique_ptr<TuningTeam>> teamsOf(const std::vector<Contender>& contenders,
                                                 const PretrainedBase& base,
                                                 const TuningSetting& setting);

/// The adapter of a contender that isLowRank(). What it needs of `generator` it draws at once.
std::unique_ptr<Adapter> makeAdapter(const Contender& contender,
                                     const std::vector<AdaptedMatrix>& matrices,
                                     const TuningSetting& setting, at::Generator generator);

/// Bytes of the frozen weights as this contender stores them.
std::int64_t frozenBytes(const Contender& contender, const Transformer& net);
/// The base's matrices as this contender has them: in four bits of its kind, else as they are.
void storeAs(const Contender& contender, Transformer& net, std::int64_t copy);

}  // namespace viva
