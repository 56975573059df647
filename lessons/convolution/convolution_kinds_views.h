// SPDX-License-Identifier: GPL-3.0-or-later
// What `convolution-kinds` shows.
#pragma once

#include "lessons/convolution/convolution.h"
#include "lessons/convolution/convolution_kinds.h"
#include "lessons/core/frame.h"

namespace viva {

/// Two convolutions so far, and the number whose products are shown.
struct KindsScene {
  const HandConvolution& own;
  const HandConvolution* beside = nullptr;
  double largest = 1;  ///< of all pixels and numbers, for the colours
  std::int64_t filter = 0, row = 0, column = 0;
};

/// Input, what lies between two layers, output and the one beside, a column each; on them what the
/// shown number reads.
void showMaps(PlaneData& plane, const KindsScene& scene);
/// The shown filter's map as far as it is computed.
MatrixData outputMatrix(const KindsScene& scene);
/// The products of the last layer that the shown number is the sum of.
MatrixData productsMatrix(const KindsScene& scene);
/// All products of the shown number, layer by layer, and their sums.
TableData termsTable(const KindsScene& scene);
/// Products inside the picture of each number, with one input channel.
MatrixData coverageMatrix(const ConvolutionLayer& layer);
/// A row of the input, of the output and of the one beside, all at their places in the input.
void showProfile(SeriesData& series, const KindsScene& scene);
/// What each kind costs with the same numbers; empty where these do not fit.
TableData costsTable(const Parameters& parameters);
/// Products of each kind in percent of the standard convolution's.
BarsData sharesBars(const Parameters& parameters);

}  // namespace viva
