// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/optimization/slope.h"

#include <torch/autograd.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace viva {

Slope::Slope(int walkers, const std::string& device)
    : device_(device),
      places_(torch::zeros({2, walkers}, torch::kFloat64)),
      ones_(torch::ones({walkers}, torch::dtype(torch::kFloat64).device(device_))),
      values_(walkers),
      gradients_(walkers) {}

void Slope::evaluate(const Surface& surface, const std::vector<Pair>& positions, double shift) {
  const int walkers = static_cast<int>(positions.size());
  double* const places = places_.data_ptr<double>();
  for (int walker = 0; walker < walkers; ++walker) {
    places[walker] = positions[walker][0] - shift;
    places[walkers + walker] = positions[walker][1];
  }

  const torch::Tensor here = places_.to(device_);
  const torch::Tensor x = here[0].detach().requires_grad_();
  const torch::Tensor y = here[1].detach().requires_grad_();
  const torch::Tensor value = surface.value(x, y);
  const std::vector<torch::Tensor> gradient = torch::autograd::grad({value}, {x, y}, {ones_});

  const torch::Tensor heights = value.detach().to(torch::kCPU);
  const torch::Tensor along_x = gradient[0].to(torch::kCPU);
  const torch::Tensor along_y = gradient[1].to(torch::kCPU);
  for (int walker = 0; walker < walkers; ++walker) {
    values_[walker] = heights.data_ptr<double>()[walker];
    gradients_[walker] = {along_x.data_ptr<double>()[walker], along_y.data_ptr<double>()[walker]};
  }
}

double differenceFromClosedForm(const Slope& slope, const Surface& surface,
                                const std::vector<Pair>& positions, double shift) {
  double largest = 0;
  for (std::size_t walker = 0; walker < positions.size(); ++walker) {
    const Pair& by_autograd = slope.gradient(walker);
    const Point on_paper = surface.gradient({positions[walker][0] - shift, positions[walker][1]});
    const double size = std::hypot(on_paper.x, on_paper.y);
    // A walker that ran away overflows in the one order of operations earlier than in the other.
    if (!std::isfinite(size) || !std::isfinite(by_autograd[0] + by_autograd[1])) continue;
    const double difference = std::hypot(by_autograd[0] - on_paper.x, by_autograd[1] - on_paper.y);
    largest = std::max(largest, difference / std::max(1.0, size));
  }
  return largest;
}

NamedArray weightOf(const std::string& name, const Pair& place) {
  NamedArray array{name, NamedArray::Type::Float64, {2}, {}};
  const auto bytes = std::as_bytes(std::span(place));
  array.bytes.assign(bytes.begin(), bytes.end());
  return array;
}

}  // namespace viva
