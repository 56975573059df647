// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/diffusion/labelled_target.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace viva {
namespace {

std::vector<PlanePoint> drawnPlaces(const Parameters& p) {
  std::vector<PlanePoint> places;
  for (const auto& point : p[kDiffusionDrawn].points) places.push_back({point.x, point.y});
  return places;
}

}  // namespace

LabelledTarget::LabelledTarget(const Parameters& p, at::Generator for_training_set)
    : target_(p[kDiffusionTarget], p[kDiffusionSigma], drawnPlaces(p)), scale_(p[kDataScale]) {
  components_ = target_.modes();
  std::vector<std::int64_t> labels;
  if (p[kDiffusionTarget] == PlaneTargetKind::Drawn) {
    std::vector<float> places;
    for (const auto& point : p[kDiffusionDrawn].points) {
      places.push_back(static_cast<float>(point.x));
      places.push_back(static_cast<float>(point.y));
      labels.push_back(point.label);
    }
    components_ = torch::tensor(places).view({-1, 2});
  } else {
    for (std::int64_t mode = 0; mode < components_.size(0); ++mode) labels.push_back(mode);
  }
  labels_ = torch::tensor(labels, torch::kLong);
  if (p[kDiffusionClasses] && !labels.empty())
    classes_ = *std::max_element(labels.begin(), labels.end()) + 1;
  training_set_ = p[kTrainingPoints] > 0 ? fresh(p[kTrainingPoints], std::move(for_training_set))
                                         : torch::empty({0, 2 + classes_});
  training_points_ = training_set_.narrow(1, 0, 2) / scale_;
}

torch::Tensor LabelledTarget::training(std::int64_t count, at::Generator random) const {
  const std::int64_t known = training_set_.size(0);
  if (known == 0) return fresh(count, std::move(random));
  return training_set_.index_select(
      0, torch::randint(known, {count}, random, torch::TensorOptions(torch::kLong)));
}

torch::Tensor LabelledTarget::fresh(std::int64_t count, at::Generator random) const {
  if (classes_ == 0) return scale_ * target_.sample(count, std::move(random));
  const auto component =
      torch::randint(components_.size(0), {count}, random, torch::TensorOptions(torch::kLong));
  const auto points =
      components_.index_select(0, component) + target_.sigma() * torch::randn({count, 2}, random);
  const auto classes = torch::one_hot(labels_.index_select(0, component), classes_);
  return torch::cat({scale_ * points, classes.to(torch::kFloat)}, 1);
}

std::optional<PlaneMixture> LabelledTarget::mixture() const {
  if (training_points_.size(0) > 0) return PlaneMixture{scale_ * training_points_, 0};
  if (components_.size(0) > 0) return PlaneMixture{scale_ * components_, scale_ * sigma()};
  return std::nullopt;
}

GuidedClasses LabelledTarget::compare(const torch::Tensor& ends, const torch::Tensor& classes,
                                      const torch::Tensor& real) const {
  const auto samples = (ends / scale_).to(torch::kCPU);
  const auto asked = classes.argmax(1).to(torch::kCPU);
  const auto points = real.narrow(1, 0, 2).to(torch::kCPU) / scale_;
  const auto known = real.narrow(1, 2, classes_).argmax(1).to(torch::kCPU);
  const auto nearest = (samples.unsqueeze(1) - components_.unsqueeze(0)).square().sum(2).argmin(1);
  GuidedClasses found;
  found.accuracy =
      (labels_.index_select(0, nearest) == asked).to(torch::kDouble).mean().item<double>();
  const auto centre = points.mean(0);
  double spread = 0, real_spread = 0, along = 0, real_along = 0;
  for (std::int64_t label = 0; label < classes_; ++label) {
    const auto mine = samples.index({asked == label}), theirs = points.index({known == label});
    if (mine.size(0) < 2 || theirs.size(0) < 2) continue;
    spread += mine.std(0).mean().item<double>();
    real_spread += theirs.std(0).mean().item<double>();
    const auto out = theirs.mean(0) - centre;
    along += torch::dot(mine.mean(0) - centre, out).item<double>();
    real_along += torch::dot(out, out).item<double>();
  }
  if (real_spread > 0) found.spread = spread / real_spread;
  if (real_along > 0) found.reach = along / real_along;
  return found;
}

double memorisedShare(const torch::Tensor& samples, const torch::Tensor& points) {
  constexpr std::int64_t kExact = 2;  // differences, not products, which lose the small distances
  const auto distances = torch::cdist(samples, points.to(samples.device()), 2, kExact);
  const auto two = std::get<0>(distances.topk(2, 1, /*largest=*/false));
  return (two.select(1, 0) * 3 < two.select(1, 1)).to(torch::kDouble).mean().item<double>();
}

}  // namespace viva
