// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lessons/core/frame.h"
#include "lessons/optimization/optimizer_race_verdict.h"

namespace viva {

/// A row a racer; columns that mean nothing on this surface are left out.
TableData standingsTable(const RaceState& race);

}  // namespace viva
