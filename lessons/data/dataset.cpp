// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/dataset.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <utility>

namespace viva {

Dataset Dataset::at(const torch::Tensor& indices) const {
  Dataset chosen = *this;
  chosen.inputs = inputs.index_select(0, indices);
  chosen.labels = labels.index_select(0, indices);
  return chosen;
}

Dataset Dataset::first(std::int64_t count) const {
  Dataset chosen = *this;
  chosen.inputs = inputs.narrow(0, 0, std::min(count, samples()));
  chosen.labels = labels.narrow(0, 0, std::min(count, samples()));
  return chosen;
}

Dataset Dataset::to(torch::Device device) const {
  Dataset moved = *this;
  moved.inputs = inputs.to(device);
  moved.labels = labels.to(device);
  return moved;
}

Split split(const Dataset& dataset, double validation_share, at::Generator generator) {
  const std::int64_t samples = dataset.samples();
  const std::int64_t kept =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(samples * validation_share));
  const auto order = torch::randperm(samples, generator, torch::kLong);
  return {dataset.at(order.narrow(0, kept, samples - kept)), dataset.at(order.narrow(0, 0, kept))};
}

void standardize(Split& data) {
  const auto mean = data.training.inputs.mean(0);
  const auto deviation = data.training.inputs.std(0, /*unbiased=*/false);
  const auto scale = torch::where(deviation > 0, deviation, torch::ones_like(deviation));
  for (Dataset* part : {&data.training, &data.validation})
    part->inputs = (part->inputs - mean) / scale;
}

at::Generator generatorFor(std::uint64_t seed, std::uint64_t stream) {
  // The finaliser of SplitMix64: neighbouring seeds give unrelated streams.
  std::uint64_t mixed = seed + 0x9e3779b97f4a7c15u * (stream + 1);
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return at::detail::createCPUGenerator(mixed ^ (mixed >> 31));
}

Batches::Batches(Dataset dataset, std::int64_t batch_size, at::Generator generator)
    : dataset_(std::move(dataset)),
      batch_size_(batch_size),
      position_(dataset_.samples()),
      generator_(std::move(generator)) {}

Batches::Batch Batches::next() {
  if (position_ + batch_size_ > dataset_.samples()) {
    const auto order = torch::randperm(dataset_.samples(), generator_, torch::kLong);
    shuffled_ = dataset_.at(order.to(dataset_.labels.device()));
    position_ = 0;
  }
  Batch batch{shuffled_.inputs.narrow(0, position_, batch_size_),
              shuffled_.labels.narrow(0, position_, batch_size_)};
  position_ += batch_size_;
  return batch;
}

}  // namespace viva
