// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/fine_tuning/pretrained_base.h"

#include <torch/utils.h>

#include "lessons/data/dataset.h"
#include "lessons/fine_tuning/digit_tasks.h"
#include "lessons/fine_tuning/fine_tuning_streams.h"
#include "lessons/nn/freed_memory.h"
#include "lessons/nn/tensor_numbers.h"
#include "lessons/nn/warm_up.h"

namespace viva {
namespace {

constexpr double kBaseRate = 2e-3, kLaterShare = 0.3, kLaterFrom = 0.6;
constexpr std::int64_t kBaseBatch = 64, kBaseWarmUp = 30, kUpdatesASlice = 4;

}  // namespace

TransformerShape baseShape() {
  TransformerShape shape;
  shape.vocabulary = kTaskVocabulary;
  shape.context = kTaskContext;
  shape.width = kBaseWidth;
  shape.heads = kBaseHeads;
  shape.layers = kBaseLayers;
  shape.hidden = kBaseHidden;
  return shape;
}

PretrainedBase::PretrainedBase(std::uint64_t seed, std::int64_t updates, const std::string& device)
    : updates_(updates),
      device_(device),
      batches_(generatorFor(seed, kBaseBatchStream)),
      net_(baseShape(), {Manner{}}, generatorFor(seed, kBaseWeightStream), device) {
  keepFreedMemory();
}

bool PretrainedBase::learn(const std::stop_token& stop) {
  for (std::int64_t i = 0; i < kUpdatesASlice && step_ < updates_; ++i) {
    stopIfAsked(stop);
    step_ += 1;
    const TaskBatch batch = drawOldTasks(kBaseBatch, batches_);
    const auto logits = net_.forward(batch.tokens.to(device_));
    net_.weights().differentiate(tokenLoss(logits, batch.targets.to(device_)));
    Adam rule;
    rule.learning_rate = kBaseRate * warmUpShare(step_, kBaseWarmUp);
    if (static_cast<double>(step_) > kLaterFrom * static_cast<double>(updates_))
      rule.learning_rate *= kLaterShare;
    net_.weights().update(rule);
  }
  return step_ < updates_;
}

void PretrainedBase::keep(WeightSink& sink) const { sink.add(namedArray("base", flat())); }

void PretrainedBase::resume(const std::vector<NamedArray>& kept) {
  const torch::NoGradGuard no_grad;
  auto weights = net_.weights().flat()[0];
  copyInto(weights, kept, "base");
  step_ = updates_;
}

Transformer copiesOf(const PretrainedBase& base, std::int64_t copies) {
  const auto flat = base.flat();
  Transformer net(baseShape(), std::vector<Manner>(copies), generatorFor(0, 0),
                  flat.device().str());
  const torch::NoGradGuard no_grad;
  net.weights().flat().copy_(flat.unsqueeze(0).expand({copies, -1}));
  return net;
}

}  // namespace viva
