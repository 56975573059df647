// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/view_copies.h"

#include <QTransform>
#include <algorithm>

#include "widgets/panel/view_arrangement.h"

namespace viva {
namespace {

std::unique_ptr<View> copied(const View& view, const Appearance& appearance) {
  auto copy = makeView(view.spec(), view.experiment(), appearance);
  copy->copyStateFrom(view);
  return copy;
}

}  // namespace

ViewCopies copyOf(const View& view, const Appearance& appearance, const QSizeF& size) {
  ViewCopies copies{size, {}, {}};
  copies.views.push_back(copied(view, appearance));
  copies.placed = alone(*copies.views.front(), size);
  return copies;
}

ViewCopies copyOf(const ExperimentPanel& panel, const Appearance& appearance,
                  std::optional<QSizeF> size) {
  const std::vector<ExperimentPanel::ShownView> shown = panel.shownViews();
  QRect region;
  for (const auto& [view, place] : shown) region |= place;
  ViewCopies copies{size.value_or(QSizeF(region.size()).expandedTo({1, 1})), {}, {}};
  const QTransform to_picture =
      QTransform::fromTranslate(-region.left(), -region.top()) *
      QTransform::fromScale(copies.size.width() / std::max(1, region.width()),
                            copies.size.height() / std::max(1, region.height()));
  std::vector<QRectF> places;
  const ViewFrame* hero_frame = panel.arrangement().hero();
  const View* hero = nullptr;
  for (const auto& [view, place] : shown) {
    copies.views.push_back(copied(*view, appearance));
    if (hero_frame && view == &hero_frame->view()) hero = copies.views.back().get();
    places.push_back(to_picture.mapRect(QRectF(place)));
  }
  copies.placed = placed(copies.views, places, hero);
  return copies;
}

}  // namespace viva
