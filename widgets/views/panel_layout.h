// SPDX-License-Identifier: GPL-3.0-or-later
// How the views of a panel are arranged at first, in the window and in a picture of the panel.
#pragma once

#include <QRectF>
#include <cstddef>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// Those that the preset is about; without a preset that says, all but the small ones. A sentence
/// always.
bool isShownAtFirst(const ViewSpec& view, const Preset* preset);

/// Those of the experiment, when it is opened with this preset (empty: none).
std::vector<const ViewSpec*> viewsAtFirst(const ExperimentSpec& spec, const std::string& preset);

/// The share of a column's height that the view gets, and of the width its column.
int panelWeight(const ViewSpec& view);

/// Places in `views`, column by column: large views get the first one, the others share the rest.
std::vector<std::vector<std::size_t>> panelColumns(const std::vector<const ViewSpec*>& views);

/// Where each view lies in a picture of `size`, which they fill: a sentence on top, the others in
/// columns below.
std::vector<QRectF> panelPlaces(const std::vector<const ViewSpec*>& views, const QSizeF& size);

}  // namespace viva
