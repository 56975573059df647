// SPDX-License-Identifier: GPL-3.0-or-later
// How the views of a panel are arranged at first, in the window and in a picture of the panel.
#pragma once

#include <QRectF>
#include <cstddef>
#include <vector>

#include "lessons/core/experiment.h"

namespace viva {

/// Those that the preset is about; without a preset that says, all but the small ones. The verdict
/// on the run always, other sentences only where they are named.
bool isShownAtFirst(const ViewSpec& view, const Preset* preset);

/// Whether the first of viewsAtFirst shows the claim and gets the room; the others accompany it.
bool hasHero(const Preset* preset);

/// Those of the experiment, when it is opened with this preset (empty: none): in the preset's
/// order, the hero first, else in the experiment's.
std::vector<const ViewSpec*> viewsAtFirst(const ExperimentSpec& spec, const std::string& preset);

/// The share of a column's height that the view gets, and of the width its column.
int panelWeight(const ViewSpec& view);

/// Of the length of its lane.
int laneWeight(const ViewSpec& view, bool has_hero);

/// Places in `views`, column by column: large views get the first one, the others share the rest.
std::vector<std::vector<std::size_t>> panelColumns(const std::vector<const ViewSpec*>& views);

/// Views in lanes. Horizontal: the lanes are columns, side by side; Vertical: rows, one above the
/// other.
struct PanelShape {
  Qt::Orientation across = Qt::Horizontal;
  std::vector<std::vector<std::size_t>> lanes;  ///< places in the list of views
  std::vector<int> widths;                      ///< the share of each lane in all
  bool operator==(const PanelShape&) const = default;
};

/// For `views`, none of them a sentence. With a hero it is the first: two thirds of the room and
/// more, with a strip of the others beside or below it, where it gets the better shape.
PanelShape panelShape(const std::vector<const ViewSpec*>& views, const QSizeF& size, bool has_hero);

/// Where each view lies in a picture of `size`, which they fill: a sentence on top, the others
/// below in their lanes.
std::vector<QRectF> panelPlaces(const std::vector<const ViewSpec*>& views, const QSizeF& size,
                                bool has_hero = false);

}  // namespace viva
