// SPDX-License-Identifier: GPL-3.0-or-later
// The experiments of this folder.
#pragma once

#include "lessons/core/experiment.h"

namespace viva {

/// Every token is read with a cache of keys and values, and again without one.
const ExperimentSpec& kvCache();
/// The weights of a trained net are rounded to 8 or 4 bits, matrix by matrix.
const ExperimentSpec& quantization();
/// Sequences keep their keys and values in blocks of one pool.
const ExperimentSpec& pagedMemory();
/// Requests of different lengths share a few slots; model steps are counted.
const ExperimentSpec& batchingFrontier();
/// A small net drafts, a larger one accepts or corrects, several tokens a pass.
const ExperimentSpec& speculativeDecoding();
/// The graph of a small convolutional net is rewritten, layer by layer.
const ExperimentSpec& graphOptimization();

}  // namespace viva
