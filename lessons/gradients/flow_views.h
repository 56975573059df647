// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of gradient-flow, and its weights on the way out.
#pragma once

#include <array>

#include "lessons/gradients/flow_report.h"
#include "lessons/gradients/layer_history.h"

namespace viva {

using FlowReports = std::array<FlowReport, 2>;

/// The norm of what flows through each layer, with the theory as curves where there is one.
BarsData flowBars(const FlowReports& nets);
BarsData weightGradientBars(const FlowReports& nets);
BarsData saturationBars(const FlowReports& nets);
/// Mean of the layers' outputs; for a ReLU behind a batch norm in a residual branch, which adds
/// 1 / sqrt(2 pi) a block, also that line.
SeriesData activationMeans(const FlowReports& nets);
SeriesData activationDeviations(const FlowReports& nets);
TableData netsTable(const FlowReports& nets);
/// Layer by step, both nets on one colour scale.
std::array<MatrixData, 2> historyPictures(const std::array<LayerHistory, 2>& histories,
                                          const FlowReports& nets);

}  // namespace viva
