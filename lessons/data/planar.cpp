// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/data/planar.h"

#include <algorithm>
#include <numbers>
#include <set>
#include <string>
#include <vector>

namespace viva {
namespace {

/// Joins the two classes and blurs them.
Dataset twoClasses(const torch::Tensor& first, const torch::Tensor& second, double noise,
                   at::Generator generator) {
  Dataset dataset;
  const auto clean = torch::cat({first, second});
  dataset.inputs = clean + noise * torch::randn(clean.sizes(), generator);
  dataset.labels = torch::cat(
      {torch::zeros({first.size(0)}, torch::kLong), torch::ones({second.size(0)}, torch::kLong)});
  return dataset;
}

torch::Tensor onCircle(const torch::Tensor& angle, const torch::Tensor& radius) {
  return torch::stack({radius * angle.cos(), radius * angle.sin()}, 1);
}

}  // namespace

Dataset moons(std::int64_t samples, double noise, at::Generator generator) {
  const auto upper = std::numbers::pi * torch::rand({samples / 2}, generator);
  const auto lower = std::numbers::pi * torch::rand({samples - samples / 2}, generator);
  return twoClasses(torch::stack({upper.cos(), upper.sin()}, 1),
                    torch::stack({1 - lower.cos(), 0.5 - lower.sin()}, 1), noise, generator);
}

Dataset circles(std::int64_t samples, double noise, at::Generator generator) {
  const auto outer = 2 * std::numbers::pi * torch::rand({samples / 2}, generator);
  const auto inner = 2 * std::numbers::pi * torch::rand({samples - samples / 2}, generator);
  return twoClasses(onCircle(outer, torch::ones_like(outer)),
                    onCircle(inner, torch::full_like(inner, 0.5)), noise, generator);
}

Dataset spirals(std::int64_t samples, double turns, double noise, at::Generator generator) {
  const auto arm = [&](std::int64_t count, double start) {
    // The square root spreads the points evenly along the arm, whose length grows with the square
    // of the radius.
    const auto radius = torch::rand({count}, generator).sqrt();
    return onCircle(start + 2 * std::numbers::pi * turns * radius, radius);
  };
  const auto first = arm(samples / 2, 0);
  const auto second = arm(samples - samples / 2, std::numbers::pi);
  return twoClasses(first, second, noise, generator);
}

Dataset blobs(std::int64_t samples, std::int64_t classes, double spread, at::Generator generator) {
  Dataset dataset;
  dataset.classes = classes;
  dataset.labels = (torch::arange(samples) * classes).floor_divide(samples);
  const auto angle = std::numbers::pi *
                     (0.5 + 2.0 / static_cast<double>(classes) * dataset.labels.to(torch::kFloat));
  dataset.inputs =
      onCircle(angle, torch::ones_like(angle)) + spread * torch::randn({samples, 2}, generator);
  return dataset;
}

Dataset drawnPoints(const Points& drawn) {
  const auto count = static_cast<std::int64_t>(drawn.points.size());
  std::set<int> occurring;
  for (const Points::Labelled& point : drawn.points) occurring.insert(point.label);
  for (int label = 0; occurring.size() < 2; ++label) occurring.insert(label);
  const std::vector<int> classes(occurring.begin(), occurring.end());
  Dataset dataset;
  dataset.inputs = torch::empty({count, 2});
  dataset.labels = torch::empty({count}, torch::kLong);
  dataset.classes = static_cast<std::int64_t>(classes.size());
  for (const int label : classes) dataset.class_names.push_back(std::to_string(label));
  for (std::int64_t i = 0; i < count; ++i) {
    const Points::Labelled& point = drawn.points[static_cast<std::size_t>(i)];
    dataset.inputs[i][0] = point.x;
    dataset.inputs[i][1] = point.y;
    dataset.labels[i] =
        std::lower_bound(classes.begin(), classes.end(), point.label) - classes.begin();
  }
  return dataset;
}

}  // namespace viva
