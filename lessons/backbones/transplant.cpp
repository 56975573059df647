// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/backbones/transplant.h"

#include <torch/types.h>

#include <map>
#include <string>

namespace viva {
namespace {

/// `2.0.weight`: which stage, which convolution of it; dense layers as they are.
std::vector<std::string> placesOf(const ConvnetPlan& plan) {
  std::vector<std::string> places;
  for (std::size_t stage = 0; stage < plan.stages.size(); ++stage)
    for (std::size_t i = 0; i < plan.stages[stage].size(); ++i)
      for (const char* part : {".weight", ".bias"})
        places.push_back(std::to_string(stage) + '.' + std::to_string(i) + part);
  const auto weights = plan.weights();
  for (std::size_t i = places.size(); i < weights.size(); ++i) places.push_back(weights[i].name);
  return places;
}

}  // namespace

torch::Tensor transplanted(const ConvnetPlan& from, const torch::Tensor& weights,
                           const ConvnetPlan& to, const torch::Tensor& otherwise) {
  std::map<std::string, torch::Tensor> known;
  const auto there = placesOf(from);
  const auto views = weightViews(from.weights(), weights);
  for (std::size_t i = 0; i < there.size(); ++i) known[there[i]] = views[i];
  const auto shapes = to.weights();
  const auto here = placesOf(to);
  const auto fallback = otherwise.defined() ? weightViews(shapes, otherwise)
                                            : std::vector<torch::Tensor>(shapes.size());
  std::vector<torch::Tensor> parts;
  for (std::size_t i = 0; i < here.size(); ++i) {
    const auto found = known.find(here[i]);
    parts.push_back((found == known.end() ? fallback[i] : found->second).reshape({1, -1}));
  }
  return torch::cat(parts, 1);
}

}  // namespace viva
