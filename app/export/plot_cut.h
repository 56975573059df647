// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/export/plot.h"

namespace viva {

/// `plot` without what lies more than 30 times its ranges beside them, if it has ranges: TeX has no
/// number for a place so far away ("Dimension too large"). A line is cut where it goes there, and
/// comes back where it comes back.
Plot withoutFarPlaces(Plot plot);

}  // namespace viva
