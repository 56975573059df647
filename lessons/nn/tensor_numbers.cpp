// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/nn/tensor_numbers.h"

#include <torch/types.h>

#include <cstring>
#include <utility>

#include "lessons/core/error.h"

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

void copyInto(torch::Tensor& tensor, const std::vector<NamedArray>& arrays, std::string_view name) {
  const auto type = tensor.dtype() == torch::kDouble  ? NamedArray::Type::Float64
                    : tensor.dtype() == torch::kInt64 ? NamedArray::Type::Int64
                                                      : NamedArray::Type::Float32;
  for (const NamedArray& array : arrays) {
    if (array.name != name || array.type != type || array.shape != tensor.sizes().vec()) continue;
    const torch::Tensor host = torch::empty(array.shape, tensor.dtype());
    if (host.nbytes() != array.bytes.size()) continue;
    std::memcpy(host.data_ptr(), array.bytes.data(), array.bytes.size());
    tensor.copy_(host);
    return;
  }
  throw RunError({"error.kept_array", {{"name", std::string(name)}}});
}

}  // namespace viva
