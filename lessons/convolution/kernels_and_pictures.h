// SPDX-License-Identifier: GPL-3.0-or-later
// What `convolution-kinds` convolves, and with what.
#pragma once

#include <ATen/core/Generator.h>

#include <vector>

#include "lessons/convolution/convolution_kinds.h"

namespace viva {

/// [channels, rows, columns] flat: the picture that `parameters` name, and for each further channel
/// the same one mirrored: left and right, top and bottom, both, and, if it is a square, these four
/// with rows and columns exchanged.
std::vector<double> pixelsOf(const Parameters& parameters, at::Generator generator);

/// Weights of one layer in the layout of torch. Random: uniform within +-1/sqrt(kernel^2 in /
/// groups), as torch draws them. A kernel of one weight takes Edges and Typed as Average.
std::vector<double> weightsFor(const ConvolutionShape& shape, const Parameters& parameters,
                               at::Generator generator);

/// The kernels of `shape` after a blur by 1 2 1 (times its transpose, over 16): two pixels wider.
std::vector<double> blurredKernels(const std::vector<double>& weights,
                                   const ConvolutionShape& shape);
/// Each kernel turned by half a turn.
std::vector<double> flippedKernels(const std::vector<double>& weights,
                                   const ConvolutionShape& shape);

}  // namespace viva
