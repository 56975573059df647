// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>

namespace viva {

enum class Symbol {
  Play,
  Pause,
  StepForward,
  StepBack,
  Reset,
  NewSeed,
  ToNewest,
  Branch,
  Race,
  FiveSeeds,
  Up,
  Down,
  Add,
  Rename,
  Remove
};

/// Drawn as vectors in the theme's text colour, so that it is crisp at every scale and the same on
/// every desktop.
QIcon icon(Symbol symbol, const QColor& colour);

}  // namespace viva
