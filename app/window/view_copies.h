// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of views, placed in a picture: what is filmed or pictured while the run goes on.
#pragma once

#include <QSizeF>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/panel/experiment_panel.h"
#include "widgets/views/picture.h"

namespace viva {

/// Holds widgets: it must not go to another thread, nor end there.
struct ViewCopies {
  QSizeF size;  ///< of the picture
  std::vector<std::unique_ptr<View>> views;
  std::vector<PlacedView> placed;
};

/// `view` alone in a picture of `size`.
ViewCopies copyOf(const View& view, const Appearance& appearance, const QSizeF& size);
/// What the panel shows, arranged as the user has arranged it, in a picture of `size` or, without
/// one, as large as it is.
ViewCopies copyOf(const ExperimentPanel& panel, const Appearance& appearance,
                  std::optional<QSizeF> size = {});

}  // namespace viva
