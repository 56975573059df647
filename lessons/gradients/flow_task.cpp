// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/flow_task.h"

#include <torch/torch.h>

#include "lessons/data/digits.h"
#include "lessons/data/planar.h"

namespace viva {
namespace {

constexpr std::uint64_t kDataStream = 0, kInitialisationStream = 1, kBatchStream = 2;

Dataset drawn(const Parameters& p, at::Generator generator) {
  const std::int64_t samples = p[kFlowSamples];
  switch (p[kFlowDataset]) {
    case FlowData::Moons:
      return moons(samples, 0.15, generator);
    case FlowData::Circles:
      return circles(samples, 0.1, generator);
    case FlowData::Spirals:
      return spirals(samples, 1, 0.02, generator);
    case FlowData::Digits:
      return digits(samples, generator);
  }
  return {};
}

}  // namespace

Split flowData(const Parameters& parameters, std::uint64_t seed) {
  const auto generator = generatorFor(seed, kDataStream);
  Dataset all = drawn(parameters, generator);
  all.inputs = all.inputs.flatten(1);
  Split data = split(all, kFlowValidationShare, generator);
  const auto mean = data.training.inputs.mean(0);
  const auto deviation = data.training.inputs.std(0, /*unbiased=*/false);
  const auto scale = torch::where(deviation > 0, deviation, torch::ones_like(deviation));
  for (Dataset* part : {&data.training, &data.validation})
    part->inputs = (part->inputs - mean) / scale;
  return data;
}

at::Generator flowBatchOrder(std::uint64_t seed) { return generatorFor(seed, kBatchStream); }

DeepNet flowNet(const SideSettings& settings, const Dataset& data, const RunContext& context) {
  return DeepNet({settings.depth, settings.width, data.inputs.size(1), data.classes},
                 settings.initialisation, generatorFor(context.seed, kInitialisationStream),
                 context.device);
}

void setRate(UpdateRule& rule, double learning_rate) {
  std::visit([&](auto& some) { some.learning_rate = learning_rate; }, rule);
}

}  // namespace viva
