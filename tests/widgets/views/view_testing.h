// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of views share: a view of some size, its picture, a pointer over it.
#pragma once

#include <QApplication>
#include <QImage>
#include <QMouseEvent>
#include <QPainter>
#include <cmath>
#include <limits>
#include <memory>

#include "widgets/views/colours.h"
#include "widgets/views/view.h"

namespace viva::fakes {

template <typename Kind = View>
std::unique_ptr<Kind> make(const ViewSpec& spec, const Appearance& appearance = {},
                           QSize size = {600, 400}) {
  auto view = makeView(spec, "fake-race", appearance);
  view->resize(size);
  return std::unique_ptr<Kind>(dynamic_cast<Kind*>(view.release()));
}

inline QImage rendered(const View& view) {
  QImage image(view.size(), QImage::Format_RGB32);
  image.fill(theme(view.appearance().dark).background);
  QPainter painter(&image);
  view.render(painter, view.rect());
  return image;
}

/// The largest difference of a colour channel, and how many pixels differ by more than `tolerance`.
inline int differing(const QImage& one, const QImage& other, int tolerance) {
  if (one.size() != other.size()) return -1;
  int count = 0;
  for (int y = 0; y < one.height(); ++y)
    for (int x = 0; x < one.width(); ++x) {
      const QRgb a = one.pixel(x, y), b = other.pixel(x, y);
      if (std::abs(qRed(a) - qRed(b)) > tolerance || std::abs(qGreen(a) - qGreen(b)) > tolerance ||
          std::abs(qBlue(a) - qBlue(b)) > tolerance)
        ++count;
    }
  return count;
}

inline bool hasColour(const QImage& image, const QColor& colour, const QRect& where) {
  for (int y = where.top(); y <= where.bottom(); ++y)
    for (int x = where.left(); x <= where.right(); ++x)
      if (image.rect().contains(x, y) && image.pixel(x, y) == colour.rgb()) return true;
  return false;
}

inline void hover(QWidget& widget, QPointF position) {
  QMouseEvent event(QEvent::MouseMove, position, widget.mapToGlobal(position), Qt::NoButton,
                    Qt::NoButton, Qt::NoModifier);
  QApplication::sendEvent(&widget, &event);
}

/// The left button pressed at the first place, moved over the others and let go at the last.
inline void draw(QWidget& widget, const std::vector<QPointF>& places) {
  const auto send = [&](QEvent::Type type, QPointF at, Qt::MouseButton button,
                        Qt::MouseButtons buttons) {
    QMouseEvent event(type, at, widget.mapToGlobal(at), button, buttons, Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
  };
  send(QEvent::MouseButtonPress, places.front(), Qt::LeftButton, Qt::LeftButton);
  for (const QPointF& at : places) send(QEvent::MouseMove, at, Qt::NoButton, Qt::LeftButton);
  send(QEvent::MouseButtonRelease, places.back(), Qt::LeftButton, Qt::NoButton);
}

}  // namespace viva::fakes
