// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gradients/half_gradients.h"

#include <torch/types.h>

#include <cmath>

namespace viva {
namespace {

constexpr int kLowest = -44, kHighest = 20;  // powers of two

HistogramData::Group groupOf(const std::string& id, const torch::Tensor& values) {
  HistogramData::Group group;
  group.id = id;
  group.label = Word{"loss-scaling.curve." + id};
  group.counts.assign(kHighest - kLowest, 0);
  const auto sizes = values.abs().to(torch::kCPU, torch::kFloat).contiguous();
  const float* begin = sizes.data_ptr<float>();
  for (std::int64_t i = 0; i < sizes.numel(); ++i) {
    const float size = begin[i];
    if (std::isnan(size)) continue;
    if (size == 0) {
      group.below += 1;
    } else if (std::isinf(size)) {
      group.above += 1;
    } else {
      const int power = std::ilogb(size);
      if (power < kLowest)
        group.below += 1;
      else if (power >= kHighest)
        group.above += 1;
      else
        group.counts[static_cast<std::size_t>(power - kLowest)] += 1;
    }
  }
  return group;
}

}  // namespace

torch::Tensor throughHalf(const torch::Tensor& values) {
  return values.to(torch::kHalf).to(torch::kFloat);
}

HalfLosses halfLosses(const torch::Tensor& before, const torch::Tensor& after) {
  const auto there = before != 0;
  const double count = there.sum().item<double>();
  if (count == 0) return {};
  const auto share = [&](const torch::Tensor& which) {
    return (which & there).sum().item<double>() / count;
  };
  return {share(after == 0), share(after.isfinite().logical_not()),
          share((after != 0) & (after.abs() < kHalfNormal))};
}

HistogramData sizesOf(const torch::Tensor& before, const torch::Tensor& after) {
  HistogramData data;
  for (int power = kLowest; power <= kHighest; ++power)
    data.edges.push_back(std::ldexp(1.0, power));
  data.groups = {groupOf("scaled", before), groupOf("kept", after)};
  data.marks = {{kHalfSmallest, Word{"loss-scaling.curve.smallest"}},
                {kHalfNormal, Word{"loss-scaling.curve.normal"}},
                {kHalfLargest, Word{"loss-scaling.curve.largest"}}};
  return data;
}

}  // namespace viva
