// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace viva {

/// Views describe themselves when somebody asks (View::summary), not at every frame. Idempotent.
void installAccessibleViews();

}  // namespace viva
