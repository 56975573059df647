// SPDX-License-Identifier: GPL-3.0-or-later
// The same convolution by other ways: LibTorch's own, and one matrix product. float64.
#pragma once

#include <torch/types.h>

#include <vector>

#include "lessons/convolution/convolution.h"

namespace viva {

/// [1, channels, rows, columns], a copy.
torch::Tensor mapsOf(const std::vector<double>& values, const MapSize& size);

/// conv2d or conv_transpose2d, layer by layer; `pixels` [1, channels, rows, columns].
torch::Tensor byLibrary(const std::vector<ConvolutionLayer>& layers, torch::Tensor pixels);

/// im2col: what each position reads as a column, [groups, in / groups kernel^2, positions]; each
/// pixel is copied up to kernel^2 times. Not of a transposed layer.
torch::Tensor columnsOf(const ConvolutionLayer& layer, const torch::Tensor& pixels);

/// weights columns, one matrix product a group. Transposed: the product first, then each column is
/// added to where its kernel lies (col2im).
torch::Tensor byMatrixProduct(const std::vector<ConvolutionLayer>& layers, torch::Tensor pixels);

/// Pixels across that a number in the middle of the output depends on, by autograd through weights
/// of one: the longer side of the box around all that have a gradient, in any channel.
std::int64_t reachOf(const std::vector<ConvolutionLayer>& layers);

/// [out, in]: how far an output channel moves at most, of its largest number, when an input channel
/// is wiped out.
torch::Tensor influenceOf(const std::vector<ConvolutionLayer>& layers, const torch::Tensor& pixels);

/// d number / d pixels, [channels, rows, columns] flat, from the taps: a number depends on a pixel
/// by the sum of the weights that they meet with.
std::vector<double> gradientByTaps(const std::vector<ConvolutionLayer>& layers,
                                   std::int64_t channel, std::int64_t row, std::int64_t column);
/// The same by autograd.
std::vector<double> gradientByLibrary(const std::vector<ConvolutionLayer>& layers,
                                      const torch::Tensor& pixels, std::int64_t channel,
                                      std::int64_t row, std::int64_t column);

}  // namespace viva
