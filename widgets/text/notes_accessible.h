// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace viva {

/// From now on screen readers hear the notes with every formula as its TeX source, instead of
/// nothing. Calling it again changes nothing.
void installNotesAccessibility();

}  // namespace viva
