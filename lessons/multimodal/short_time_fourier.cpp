// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/multimodal/short_time_fourier.h"

#include <torch/fft.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viva {
namespace {

/// Slaney's scale is straight below 1 kHz and logarithmic above.
constexpr double kSlaneyBend = 1000, kHertzAMel = 200.0 / 3;
const double kSlaneyStep = std::log(6.4) / 27;

}  // namespace

torch::Tensor windowOf(WindowFunction function, std::int64_t length, bool periodic) {
  if (function == WindowFunction::Box) return torch::ones({length}, torch::kDouble);
  const auto n = torch::arange(length, torch::kDouble);
  const auto period = static_cast<double>(periodic ? length : length - 1);
  return (n * (std::numbers::pi / period)).sin().square();
}

torch::Tensor framesOf(const torch::Tensor& samples, std::int64_t length, std::int64_t hop) {
  return samples.unfold(0, length, hop);
}

torch::Tensor centred(const torch::Tensor& samples, std::int64_t length) {
  const std::int64_t half = length / 2;
  const auto before = samples.narrow(0, 1, half).flip(0);
  const auto after = samples.narrow(0, samples.size(0) - 1 - half, half).flip(0);
  return torch::cat({before, samples, after});
}

torch::Tensor shortTimeFourier(const torch::Tensor& samples, const torch::Tensor& window,
                               std::int64_t hop, std::int64_t points) {
  return torch::fft::rfft(framesOf(samples, window.size(0), hop) * window, points);
}

OverlapAdded overlapAdded(const torch::Tensor& spectrum, const torch::Tensor& window,
                          std::int64_t hop) {
  const std::int64_t length = window.size(0), count = spectrum.size(0);
  const std::int64_t points = 2 * (spectrum.size(1) - 1);
  const auto frames = torch::fft::irfft(spectrum, points).narrow(1, 0, length);
  OverlapAdded added{torch::zeros({(count - 1) * hop + length}, torch::kDouble),
                     torch::zeros({(count - 1) * hop + length}, torch::kDouble)};
  for (std::int64_t i = 0; i < count; ++i) {
    added.sum.narrow(0, i * hop, length) += frames[i];
    added.weight.narrow(0, i * hop, length) += window;
  }
  return added;
}

double htkMel(double hertz) { return 2595 * std::log10(1 + hertz / 700); }
double htkHertz(double mel) { return 700 * (std::pow(10, mel / 2595) - 1); }

double slaneyMel(double hertz) {
  if (hertz < kSlaneyBend) return hertz / kHertzAMel;
  return kSlaneyBend / kHertzAMel + std::log(hertz / kSlaneyBend) / kSlaneyStep;
}
double slaneyHertz(double mel) {
  const double bend = kSlaneyBend / kHertzAMel;
  return mel < bend ? mel * kHertzAMel : kSlaneyBend * std::exp((mel - bend) * kSlaneyStep);
}

std::vector<double> melCorners(std::int64_t mels, double highest) {
  std::vector<double> corners;
  for (std::int64_t i = 0; i < mels + 2; ++i)
    corners.push_back(
        htkHertz(htkMel(highest) * static_cast<double>(i) / static_cast<double>(mels + 1)));
  return corners;
}

torch::Tensor melFilters(std::int64_t mels, std::int64_t bins, double rate) {
  const auto corners = melCorners(mels, rate / 2);
  const auto hertz = torch::linspace(0, rate / 2, bins, torch::kDouble);
  std::vector<torch::Tensor> filters;
  for (std::size_t i = 1; i + 1 < corners.size(); ++i) {
    const auto rising = (hertz - corners[i - 1]) / (corners[i] - corners[i - 1]);
    const auto falling = (corners[i + 1] - hertz) / (corners[i + 1] - corners[i]);
    filters.push_back(torch::minimum(rising, falling).clamp_min(0));
  }
  return torch::stack(filters);
}

}  // namespace viva
