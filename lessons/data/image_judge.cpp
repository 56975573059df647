// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/image_judge.h"

#include <torch/types.h>

#include <cmath>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kFeatures = 400, kTraits = 64, kMostSamples = 3000;
constexpr double kRidge = 1;
constexpr const char *kByRows = "judge", *kByColumns = "judge.columns";

}  // namespace

/// The features, before anything is learnt.
ImageJudge::ImageJudge(const Dataset& data, at::Generator& generator, std::int64_t classes)
    : classes_(classes) {
  const auto options = data.inputs.options();
  const std::int64_t pixels = data.inputs[0].numel();
  projection_ = torch::randn({pixels, kFeatures}, generator).to(options) /
                std::sqrt(static_cast<double>(pixels));
  bias_ = torch::randn({kFeatures}, generator).to(options);
}

ImageJudge::ImageJudge(const Dataset& data, at::Generator generator,
                       const std::vector<NamedArray>& kept)
    : ImageJudge(data, generator, data.classes) {
  // The order in memory too, on which the bits of a product depend.
  const bool by_columns = !kept.empty() && kept.front().name == kByColumns;
  const std::int64_t rows = kFeatures + 1;
  auto stored = torch::empty(by_columns ? std::vector{classes_, rows} : std::vector{rows, classes_},
                             data.inputs.options().dtype(torch::kFloat));
  copyInto(stored, kept, by_columns ? kByColumns : kByRows);
  weights_ = by_columns ? stored.t() : stored;
  auto accuracy = torch::zeros({1}, torch::kDouble);
  copyInto(accuracy, kept, "judge.accuracy");
  accuracy_ = accuracy.item<double>();
}

void ImageJudge::keep(WeightSink& sink) const {
  const bool by_columns = !weights_.is_contiguous();
  sink.add(by_columns ? namedArray(kByColumns, weights_.t()) : namedArray(kByRows, weights_));
  sink.add(namedArray("judge.accuracy", torch::full({1}, accuracy_, torch::kDouble)));
}

ImageJudge::ImageJudge(const Dataset& data, at::Generator generator)
    : ImageJudge(data, generator, data.classes) {
  const auto options = data.inputs.options();
  const Dataset used = data.first(kMostSamples);
  const std::int64_t seen = used.samples() - used.samples() / 5;
  const auto all = features(used.inputs);
  const auto x = all.narrow(0, 0, seen).to(torch::kDouble);
  const auto targets = torch::one_hot(used.labels.narrow(0, 0, seen), classes_).to(torch::kDouble);
  const auto gram = x.t().matmul(x) + kRidge * torch::eye(x.size(1), x.options());
  weights_ = torch::linalg_solve(gram, x.t().matmul(targets)).to(options.dtype(torch::kFloat));
  const auto held = used.labels.narrow(0, seen, used.samples() - seen);
  const auto answers = all.narrow(0, seen, used.samples() - seen).matmul(weights_).argmax(1);
  accuracy_ = (answers == held).to(torch::kDouble).mean().item<double>();
}

torch::Tensor ImageJudge::features(const torch::Tensor& images) const {
  const auto hidden = torch::addmm(bias_, images.flatten(1), projection_).relu();
  return torch::cat({hidden, torch::ones({images.size(0), 1}, hidden.options())}, 1);
}

torch::Tensor ImageJudge::read(const torch::Tensor& images) const {
  return features(images).matmul(weights_).argmax(1);
}

torch::Tensor ImageJudge::traits(const torch::Tensor& images) const {
  return features(images).narrow(1, 0, kTraits);
}

torch::Tensor ImageJudge::shares(const torch::Tensor& images) const {
  return torch::bincount(read(images), {}, classes_).to(torch::kDouble) /
         static_cast<double>(images.size(0));
}

}  // namespace viva
