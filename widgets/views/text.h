// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QString>

namespace viva {

/// The font of all views, the same on every platform so that pictures do not differ between the
/// window and the command line. `scale` 1 is 13 pixels.
QFont viewFont(double scale);
/// Of source text, every letter as wide as the others.
QFont codeFont(double scale);

}  // namespace viva
