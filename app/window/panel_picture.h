// SPDX-License-Identifier: GPL-3.0-or-later
// What a panel shows, in one picture: arranged as the user has arranged it.
#pragma once

#include <QRectF>
#include <QSizeF>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/panel/experiment_panel.h"
#include "widgets/views/picture.h"

namespace viva {

/// Where the shown views of `panel`, in their order, lie in a picture of `size`.
std::vector<QRectF> placesIn(const QSizeF& size, const ExperimentPanel& panel);

/// The panel as it is when this is made; the run may go on. Drawn view by view, so that the window
/// stays awake.
class PanelPicture {
 public:
  PanelPicture(const ExperimentPanel& panel, const Appearance& appearance);

  /// `format` is png, svg or pdf.
  void begin(const QString& title, const QString& format, const QByteArray& pdf_metadata);
  /// Draws one view; false when all are drawn.
  bool next();
  /// What was drawn. It may go to another thread, unlike this, which holds widgets.
  const PictureInParts& drawn() const { return *picture_; }

 private:
  std::vector<std::unique_ptr<View>> views_;
  std::vector<PlacedView> placed_;
  PictureSettings settings_;
  std::optional<PictureInParts> picture_;
  std::size_t next_ = 0;
};

}  // namespace viva
