// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/tensor_numbers.h"

#include <cstring>
#include <utility>

namespace viva {

std::vector<double> numbersOf(const torch::Tensor& tensor) {
  const auto values = tensor.to(torch::kCPU, torch::kDouble).contiguous();
  return {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()};
}

NamedArray namedArray(std::string name, const torch::Tensor& tensor) {
  const bool is_double = tensor.dtype() == torch::kDouble;
  const auto host =
      tensor.detach().to(torch::kCPU, is_double ? torch::kDouble : torch::kFloat).contiguous();
  NamedArray array;
  array.type = is_double ? NamedArray::Type::Float64 : NamedArray::Type::Float32;
  array.name = std::move(name);
  array.shape = host.sizes().vec();
  array.bytes.resize(host.nbytes());
  std::memcpy(array.bytes.data(), host.data_ptr(), host.nbytes());
  return array;
}

}  // namespace viva
