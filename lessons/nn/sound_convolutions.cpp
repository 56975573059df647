// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/sound_convolutions.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cstdint>
#include <mutex>
#include <vector>

namespace viva {
namespace {

struct Shape {
  std::int64_t in, out, kernel, padding, side;
};
constexpr Shape kShapes[] = {
    {4, 4, 3, 1, 12}, {1, 6, 5, 2, 28}, {3, 8, 3, 1, 24}, {20, 20, 3, 1, 12}};
constexpr std::int64_t kImages = 16;
constexpr double kRoom = 1e-3;  // rounding makes 2e-6

/// Numbers from -1 to 1 without a pattern that a wrong sum would keep.
torch::Tensor numbers(const std::vector<std::int64_t>& size, torch::ScalarType type) {
  std::int64_t count = 1;
  for (const std::int64_t side : size) count *= side;
  return torch::arange(count, torch::kDouble).mul(12.9898).sin().reshape(size).to(type);
}

/// The output, and the gradients with respect to images and weights.
std::vector<torch::Tensor> convolved(const Shape& shape, torch::ScalarType type) {
  const auto images = numbers({kImages, shape.in, shape.side, shape.side}, type).requires_grad_();
  const auto weights =
      numbers({shape.out, shape.in, shape.kernel, shape.kernel}, type).requires_grad_();
  const auto output = torch::conv2d(images, weights, {}, 1, shape.padding);
  auto found =
      torch::autograd::grad({output}, {images, weights}, {numbers(output.sizes().vec(), type)});
  found.push_back(output.detach());
  return found;
}

bool areSound() {
  const torch::AutoGradMode with_gradients(true);
  for (const Shape& shape : kShapes) {
    const auto exact = convolved(shape, torch::kDouble), found = convolved(shape, torch::kFloat);
    for (std::size_t i = 0; i < exact.size(); ++i) {
      const double off = (found[i].to(torch::kDouble) - exact[i]).norm().item<double>();
      if (!(off <= kRoom * exact[i].norm().item<double>())) return false;
    }
  }
  return true;
}

}  // namespace

void useSoundConvolutions() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (!areSound()) at::globalContext().setUserEnabledMkldnn(false);
  });
}

}  // namespace viva
