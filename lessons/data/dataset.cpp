// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/dataset.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "lessons/core/error.h"

namespace viva {
namespace {

/// An epoch of a small set is gathered at once, so that a batch costs next to nothing; one of a
/// large set would travel through the memory twice.
constexpr std::size_t kLargestAtOnce = 4u << 20;

/// `from` at `indices`, in the memory of `to` where nobody else looks at it: new memory would bring
/// its page faults every time.
void gather(torch::Tensor& to, const torch::Tensor& from, const torch::Tensor& indices) {
  if (to.defined() && to.storage().use_count() == 1)
    at::index_select_out(to, from, 0, indices);
  else
    to = from.index_select(0, indices);
}

}  // namespace

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

torch::Tensor stratifiedOrder(const torch::Tensor& labels, std::int64_t classes,
                              at::Generator generator) {
  const std::int64_t samples = labels.size(0);
  const auto shuffled = torch::randperm(samples, generator, torch::kLong);
  const auto offsets = torch::rand({classes}, generator, torch::kDouble);
  const auto mine = labels.index_select(0, shuffled).contiguous();
  const auto counts = torch::bincount(labels, {}, classes);
  const auto* label = mine.data_ptr<std::int64_t>();
  // A class's samples lie evenly between 0 and 1, its first one before all.
  std::vector<std::int64_t> seen(static_cast<std::size_t>(classes), 0);
  std::vector<double> places(static_cast<std::size_t>(samples));
  for (std::int64_t i = 0; i < samples; ++i) {
    const std::int64_t rank = seen[static_cast<std::size_t>(label[i])]++;
    const double offset = offsets.data_ptr<double>()[label[i]];
    const auto count = static_cast<double>(counts.data_ptr<std::int64_t>()[label[i]]);
    places[static_cast<std::size_t>(i)] =
        rank == 0 ? offset - 1 : (static_cast<double>(rank) + offset) / count;
  }
  std::vector<std::int64_t> order(static_cast<std::size_t>(samples));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return places[static_cast<std::size_t>(a)] < places[static_cast<std::size_t>(b)];
  });
  return shuffled.index_select(0, torch::tensor(order, torch::kLong));
}

Split stratifiedSplit(const Dataset& dataset, double validation_share, at::Generator generator) {
  const auto counts = torch::bincount(dataset.labels, {}, dataset.classes);
  std::vector<std::int64_t> wanted;
  for (std::int64_t c = 0; c < dataset.classes; ++c) {
    const std::int64_t count = counts[c].item<std::int64_t>();
    if (count < 2)
      throw FileError(
          {dataset.label_name.empty() ? "error.images.small_class" : "error.csv.small_class",
           {{"file", dataset.file},
            {"column", dataset.label_name},
            {"label", dataset.class_names.at(static_cast<std::size_t>(c))}}});
    wanted.push_back(std::clamp<std::int64_t>(
        std::llround(static_cast<double>(count) * validation_share), 1, count - 1));
  }
  const auto shuffled = torch::randperm(dataset.samples(), generator, torch::kLong);
  const auto mine = dataset.labels.index_select(0, shuffled).contiguous();
  std::vector<std::int64_t> training, validation;
  for (std::int64_t i = 0; i < dataset.samples(); ++i) {
    std::int64_t& left = wanted[static_cast<std::size_t>(mine.data_ptr<std::int64_t>()[i])];
    (left > 0 ? validation : training).push_back(shuffled.data_ptr<std::int64_t>()[i]);
    left -= left > 0;
  }
  const auto part = [&](const std::vector<std::int64_t>& indices) {
    const Dataset chosen = dataset.at(torch::tensor(indices, torch::kLong));
    return chosen.at(stratifiedOrder(chosen.labels, chosen.classes, generator));
  };
  Dataset known = part(training);
  return {std::move(known), part(validation)};
}

void standardize(Split& data) {
  // In the type that it has: a file's float64 need their digits, generated float32 keep their bits.
  const auto known = data.training.inputs;
  const auto least = known.amin(0);
  const auto deviation = known.std(0, /*unbiased=*/false);
  // The mean of equal numbers need not be that number to the last bit.
  const auto is_constant = (known.amax(0) == least).logical_or(deviation <= 0);
  const auto middle = torch::where(is_constant, least, known.mean(0));
  const auto scale = torch::where(is_constant, torch::ones_like(deviation), deviation);
  for (Dataset* part : {&data.training, &data.validation})
    part->inputs = ((part->inputs - middle) / scale).to(torch::kFloat).contiguous();
}

void toFloats(Split& data) {
  for (Dataset* part : {&data.training, &data.validation})
    part->inputs = part->inputs.to(torch::kFloat);
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
      is_gathered_at_once_(dataset_.inputs.nbytes() <= kLargestAtOnce),
      batch_size_(batch_size),
      position_(dataset_.samples()),
      generator_(std::move(generator)) {}

Batches::Batch Batches::next() {
  if (position_ + batch_size_ > dataset_.samples()) {
    order_ =
        torch::randperm(dataset_.samples(), generator_, torch::kLong).to(dataset_.labels.device());
    position_ = 0;
    if (is_gathered_at_once_) {
      gather(inputs_, dataset_.inputs, order_);
      gather(labels_, dataset_.labels, order_);
    }
  }
  const std::int64_t begin = position_;
  position_ += batch_size_;
  if (is_gathered_at_once_)
    return {inputs_.narrow(0, begin, batch_size_), labels_.narrow(0, begin, batch_size_)};
  const auto indices = order_.narrow(0, begin, batch_size_);
  gather(inputs_, dataset_.inputs, indices);
  gather(labels_, dataset_.labels, indices);
  return {inputs_, labels_};
}

}  // namespace viva
