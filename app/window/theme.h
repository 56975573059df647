// SPDX-License-Identifier: GPL-3.0-or-later
// Light and dark for everything that is not a view.
#pragma once

#include <QPalette>

namespace viva {

/// Style, palette and font of the application. `font_scale` 1 is a 13 pixel font.
void applyTheme(bool dark, double font_scale);

}  // namespace viva
