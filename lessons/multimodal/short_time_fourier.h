// SPDX-License-Identifier: GPL-3.0-or-later
// The short-time Fourier transform, its way back, and the mel scale. All in double.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace viva {

enum class WindowFunction { Hann, Box };

/// [length]. Periodic, as spectra want it: Hann's n-th value is sin^2(pi n / length). Symmetric,
/// its last value equals its first: sin^2(pi n / (length - 1)).
torch::Tensor windowOf(WindowFunction function, std::int64_t length, bool periodic = true);

/// The windows of `samples` [n], one every `hop` samples, that lie in it wholly: [frames, length].
torch::Tensor framesOf(const torch::Tensor& samples, std::int64_t length, std::int64_t hop);
/// Half a window of mirror images at both ends, so that a window can stand around every sample.
torch::Tensor centred(const torch::Tensor& samples, std::int64_t length);

/// The transform of windowed frames: [frames, points / 2 + 1], complex. `points` is at least the
/// length of the window; what is more is zeros, which draws the same spectrum more finely.
torch::Tensor shortTimeFourier(const torch::Tensor& samples, const torch::Tensor& window,
                               std::int64_t hop, std::int64_t points);

/// The way back: inverse transforms, put where they came from and added up.
struct OverlapAdded {
  torch::Tensor sum;     ///< [samples]: each sample times the windows over it
  torch::Tensor weight;  ///< [samples]: what the windows over a sample sum to
};
OverlapAdded overlapAdded(const torch::Tensor& spectrum, const torch::Tensor& window,
                          std::int64_t hop);

double htkMel(double hertz);
double htkHertz(double mel);
double slaneyMel(double hertz);
double slaneyHertz(double mel);
/// Where `mels` triangles on the HTK scale begin, peak and end, up to `highest`: mels + 2 values.
std::vector<double> melCorners(std::int64_t mels, double highest);
/// Triangles over the bins of a spectrum, each 1 at its peak: [mels, bins].
torch::Tensor melFilters(std::int64_t mels, std::int64_t bins, double rate);

}  // namespace viva
