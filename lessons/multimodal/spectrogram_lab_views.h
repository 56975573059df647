// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of `spectrogram-lab`.
#pragma once

#include <torch/types.h>

#include "lessons/core/frame.h"
#include "lessons/multimodal/spectrogram_lab.h"

namespace viva {

/// Powers [frames, bins] of a sound with `rate` samples a second, as decibels below the loudest,
/// from `low` to `high` Hz.
void showSpectrogram(Frame& frame, const torch::Tensor& powers, double rate, double low,
                     double high, std::int64_t hop);
void showMel(Frame& frame, const torch::Tensor& powers, double rate, std::int64_t mels,
             std::int64_t hop);
/// Mean powers [bins] of the two window functions.
void showSpectrum(Frame& frame, const torch::Tensor& hann, const torch::Tensor& box, double rate,
                  double low, double high);
/// What windows one after the other sum to.
void showWeights(Frame& frame, const torch::Tensor& window, std::int64_t hop, double rate);
void showLabNumbers(Frame& frame, const SpectrogramState& state, std::int64_t samples);

}  // namespace viva
