// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `graph-optimization` share: its parameters, and what its claims look at.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "lessons/core/experiment.h"

namespace viva {

enum class GraphRewrite { FoldBatchNorm, Fuse, Half };

inline const auto kRewrite =
    choice<GraphRewrite>("rewrite", {{GraphRewrite::FoldBatchNorm, "fold-batch-norm"},
                                     {GraphRewrite::Fuse, "fuse"},
                                     {GraphRewrite::Half, "bfloat16"}});
inline const auto kGraphLayers = integer("layers", 6).range(1, 12).grouped("net");
inline const auto kGraphChannels =
    integer("channels", 16).range(4, 64).logarithmic().grouped("net");

/// What the claims look at.
struct GraphState {
  std::int64_t step = 0, layers = 0;
  double difference = 0;           ///< the largest of all outputs, from the graph as it was
  double largest_output = 0;       ///< of the graph as it was
  double training_difference = 0;  ///< from the graph as it was, by the statistics of its batch
  std::int64_t kernels = 0, first_kernels = 0, bytes = 0, first_bytes = 0;
};
VerdictData graphVerdict(const std::string& preset, const GraphState& state);

std::unique_ptr<Experiment> makeGraphOptimization(const Parameters& parameters,
                                                  const RunContext& context);

}  // namespace viva
