// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/panel_picture.h"

#include <QTransform>
#include <algorithm>

namespace viva {
namespace {

constexpr double kPixelsPerUnit = 2;  // of a PNG: sharp on a projector

QRect regionOf(const ExperimentPanel& panel) {
  QRect region;
  for (const auto& [view, place] : panel.shownViews()) region |= place;
  return region;
}

}  // namespace

std::vector<QRectF> placesIn(const QSizeF& size, const ExperimentPanel& panel) {
  const QRect region = regionOf(panel);
  const QTransform to_picture = QTransform::fromTranslate(-region.left(), -region.top()) *
                                QTransform::fromScale(size.width() / std::max(1, region.width()),
                                                      size.height() / std::max(1, region.height()));
  std::vector<QRectF> places;
  for (const auto& [view, place] : panel.shownViews())
    places.push_back(to_picture.mapRect(QRectF(place)));
  return places;
}

PanelPicture::PanelPicture(const ExperimentPanel& panel, const Appearance& appearance) {
  for (const auto& [view, place] : panel.shownViews()) {
    views_.push_back(makeView(view->spec(), view->experiment(), appearance));
    views_.back()->copyStateFrom(*view);
  }
  settings_.size = QSizeF(regionOf(panel).size()).expandedTo({1, 1});
  settings_.scale = kPixelsPerUnit;
  settings_.appearance = appearance;
  placed_ = placed(views_, placesIn(settings_.size, panel));
}

void PanelPicture::begin(const QString& title, const QString& format,
                         const QByteArray& pdf_metadata) {
  settings_.pdf_metadata = pdf_metadata;
  picture_.emplace(title, format, settings_);
}

bool PanelPicture::next() {
  if (next_ == placed_.size()) return false;
  picture_->draw(placed_[next_++]);
  return true;
}

}  // namespace viva
