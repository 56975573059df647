// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/gpt/held_out.h"

#include <torch/utils.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "lessons/nn/tensor_numbers.h"

namespace viva {
namespace {

constexpr std::int64_t kMostShown = 2000;

std::int64_t strideOf(std::int64_t context) { return std::max<std::int64_t>(1, context / 2); }

/// [windows, context] -> [characters]: all of the first window, of the others what it did not see.
torch::Tensor joined(const torch::Tensor& windows, std::int64_t stride) {
  const std::int64_t context = windows.size(1);
  const auto rest = windows.narrow(0, 1, windows.size(0) - 1).narrow(1, context - stride, stride);
  return torch::cat({windows[0], rest.flatten()});
}

}  // namespace

double HeldOutReading::loss() const {
  return std::accumulate(surprise.begin(), surprise.end(), 0.0) /
         static_cast<double>(surprise.size());
}

double HeldOutReading::concentration() const {
  std::vector<double> falling = surprise;
  std::sort(falling.begin(), falling.end(), std::greater<>());
  const auto tenth = static_cast<std::ptrdiff_t>(falling.size() / 10);
  const double all = std::accumulate(falling.begin(), falling.end(), 0.0);
  return std::accumulate(falling.begin(), falling.begin() + tenth, 0.0) / all;
}

std::int64_t heldOutShown(std::int64_t size, std::int64_t context) {
  const std::int64_t stride = strideOf(context);
  const std::int64_t further = (std::min(size, kMostShown) - context - 1) / stride;
  return context + 1 + std::max<std::int64_t>(0, further) * stride;
}

HeldOutReading readHeldOut(const Transformer& net, const torch::Tensor& text) {
  const torch::NoGradGuard no_grad;
  const std::int64_t context = net.shape().context, stride = strideOf(context);
  const auto windows =
      text.narrow(0, 0, heldOutShown(text.size(0), context)).unfold(0, context + 1, stride);
  const auto inputs = windows.narrow(1, 0, context).contiguous();
  const auto targets = windows.narrow(1, 1, context).contiguous().view({1, -1, context, 1});
  const auto surpriseOf = [&](const torch::Tensor& hidden) {
    const auto logs = net.readOut(hidden).log_softmax(-1);
    return joined(-logs.gather(-1, targets).squeeze(-1)[0], stride);
  };

  HeldOutReading reading;
  std::vector<BlockTrace> traces;
  Reading how;
  how.traces = &traces;
  const auto embedded = net.embedded(inputs);
  const auto last = net.hidden(embedded, how);
  reading.surprise = numbersOf(surpriseOf(last));
  reading.lens.push_back(surpriseOf(embedded).mean().item<double>());
  for (std::size_t k = 0; k + 1 < traces.size(); ++k)
    reading.lens.push_back(surpriseOf(traces[k].hidden.view_as(embedded)).mean().item<double>());
  return reading;
}

}  // namespace viva
