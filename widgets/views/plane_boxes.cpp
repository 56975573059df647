// SPDX-License-Identifier: GPL-3.0-or-later
// How a box is moved and resized on a PlaneView: a Box parameter named in ViewSpec::drags.
#include <QMouseEvent>
#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/plane_view.h"

namespace viva {
namespace {

constexpr double kSideReach = 8;     // pixels about a side that take it
constexpr double kKeyStride = 0.01;  // of what is seen
constexpr double kHandle = 8;

/// To the power of ten that is at most `grain`, so that texts and links stay short.
double rounded(double value, double grain) {
  const int power = static_cast<int>(std::floor(std::log10(grain)));
  const double unit = std::pow(10.0, std::abs(power));
  return power < 0 ? std::round(value * unit) / unit : std::round(value / unit) * unit;
}

Qt::CursorShape cursorOf(int grip) {
  const bool across = grip & 3, up = grip & 12;
  if (!across && !up) return Qt::SizeAllCursor;
  if (!up) return Qt::SizeHorCursor;
  if (!across) return Qt::SizeVerCursor;
  // The low right corner and the high left one.
  return grip == (1 | 8) || grip == (2 | 4) ? Qt::SizeFDiagCursor : Qt::SizeBDiagCursor;
}

}  // namespace

std::vector<PlaneView::BoxHandle> PlaneView::boxes() const {
  std::vector<BoxHandle> found;
  if (!parameters()) return found;
  for (const std::string& name : spec().drags)
    for (const ParameterSpec& parameter : parameters()->specs())
      if (parameter.name == name && parameter.kind() == ParameterKind::Box &&
          parameters()->isRelevant(parameter))
        found.push_back({&parameter, std::get<Box>(parameters()->value(name))});
  return found;
}

std::optional<PlaneView::BoxHandle> PlaneView::activeBox() const {
  const auto all = boxes();
  for (const BoxHandle& handle : all)
    if (handle.spec->name == active_handle_) return handle;
  // Where there is nothing else to move, the first box is.
  const bool others = drawnSpec() || !handles().empty();
  return all.empty() || others ? std::nullopt : std::optional(all.front());
}

QRectF PlaneView::rectOf(const Box& box, const Plot& plot) const {
  return QRectF(plot.at(box.x0, box.y1), plot.at(box.x1, box.y0));
}

QRectF PlaneView::boxRect(const std::string& parameter) const {
  for (const BoxHandle& handle : boxes())
    if (handle.spec->name == parameter) return rectOf(handle.box, plot());
  return {};
}

int PlaneView::gripAt(QPointF position, const QRectF& rect) const {
  const QRectF outer = rect.adjusted(-kSideReach, -kSideReach, kSideReach, kSideReach);
  if (!outer.contains(position)) return 0;
  const double left = std::abs(position.x() - rect.left()),
               right = std::abs(position.x() - rect.right()),
               low = std::abs(position.y() - rect.bottom()),
               high = std::abs(position.y() - rect.top());
  // In a small box the nearer side, and room inside to move it.
  const double reach_x = std::min(kSideReach, std::max(3.0, rect.width() / 3)),
               reach_y = std::min(kSideReach, std::max(3.0, rect.height() / 3));
  const auto outside_x = position.x() < rect.left() || position.x() > rect.right();
  const auto outside_y = position.y() < rect.top() || position.y() > rect.bottom();
  int grip = 0;
  if (std::min(left, right) < (outside_x ? kSideReach : reach_x))
    grip |= left < right ? kLeft : kRight;
  if (std::min(low, high) < (outside_y ? kSideReach : reach_y)) grip |= low < high ? kLow : kHigh;
  return grip ? grip : kInside;
}

bool PlaneView::boxDragBegins(QPointF position) {
  const Plot now = plot();
  const auto all = boxes();
  // The one on top is that which was drawn last.
  for (auto handle = all.rbegin(); handle != all.rend(); ++handle) {
    const int grip = gripAt(position, rectOf(handle->box, now));
    if (grip == 0) continue;
    active_handle_ = handle->spec->name;
    held_ = grip;
    grabbed_box_ = handle->box;
    grip_ = position;
    dragged_.reset();
    dragged_box_.reset();
    QWidget::setCursor(grip == kInside ? Qt::ClosedHandCursor : cursorOf(grip));
    return true;
  }
  return false;
}

Box PlaneView::changedBox(const BoxHandle& handle, int grip, double right, double up) const {
  const Plot now = plot();
  const double grain_x = (now.x.high - now.x.low) / std::max(1.0, now.inner.width()),
               grain_y = (now.y.high - now.y.low) / std::max(1.0, now.inner.height());
  const auto& [x0, y0, x1, y1] = handle.box;
  const double low = handle.spec->minimum, high = handle.spec->maximum;
  const bool bounded = low < high;
  const auto into = [&](double value) { return bounded ? std::clamp(value, low, high) : value; };
  // A side stops at the other one.
  const auto side = [&](double from, double way, double grain, double least, double most) {
    return std::clamp(into(rounded(from + way, grain)), least, most);
  };
  const auto shifted = [&](double a, double b, double way, double grain) {
    const double size = b - a;
    double to = rounded(a + way, grain);
    if (bounded) to = std::clamp(to, low, std::max(low, high - size));
    return std::pair{to, into(std::max(to, rounded(to + size, grain / 100)))};
  };
  Box box = handle.box;
  if (grip == kInside) {
    if (right != 0) std::tie(box.x0, box.x1) = shifted(x0, x1, right, grain_x);
    if (up != 0) std::tie(box.y0, box.y1) = shifted(y0, y1, up, grain_y);
    return box;
  }
  const double lowest = std::numeric_limits<double>::lowest(),
               highest = std::numeric_limits<double>::max();
  if (grip & kLeft) box.x0 = side(x0, right, grain_x, lowest, x1);
  if (grip & kRight) box.x1 = side(x1, right, grain_x, x0, highest);
  if (grip & kLow) box.y0 = side(y0, up, grain_y, lowest, y1);
  if (grip & kHigh) box.y1 = side(y1, up, grain_y, y0, highest);
  return box;
}

void PlaneView::dragBoxTo(QPointF position) {
  const auto handle = activeBox();
  if (!handle) return;
  const Plot now = plot();
  const BoxHandle grabbed{handle->spec, grabbed_box_};
  giveBox(*handle,
          changedBox(grabbed, held_, now.xOf(position.x()) - now.xOf(grip_.x()),
                     now.yOf(position.y()) - now.yOf(grip_.y())),
          false);
}

void PlaneView::moveBox(int right, int up, bool resizes) {
  auto handle = activeBox();
  if (!handle) return;
  if (dragged_box_) handle->box = *dragged_box_;
  const Plot now = plot();
  keyboard_drag_ = true;
  giveBox(*handle,
          changedBox(*handle, resizes ? (right != 0 ? kRight : kHigh) : kInside,
                     right * kKeyStride * (now.x.high - now.x.low),
                     up * kKeyStride * (now.y.high - now.y.low)),
          false);
}

void PlaneView::giveBox(const BoxHandle& handle, const Box& box, bool finished) {
  if (!finished && box == dragged_box_.value_or(handle.box)) return;
  dragged_box_ = box;
  setReadout(std::nullopt);
  update();
  Q_EMIT parameterDragged(QString::fromStdString(handle.spec->name), Value(box), finished);
}

void PlaneView::mouseMoveEvent(QMouseEvent* event) {
  PlotView::mouseMoveEvent(event);
  if (event->buttons() != Qt::NoButton || boxes().empty()) return;
  const Plot now = plot();
  int grip = 0;
  for (const BoxHandle& handle : boxes())
    if (const int own = gripAt(event->position(), rectOf(handle.box, now))) grip = own;
  if (grip == 0)
    QWidget::unsetCursor();
  else
    QWidget::setCursor(cursorOf(grip));
}

// Cut by hand: the SVG writer knows no clip rectangle.
void PlaneView::drawBoxHandles(QPainter& painter, const Plot& plot) const {
  if (!handlesAreDrawn()) return;
  const Theme& colours = theme(appearance().dark);
  const auto current = activeBox();
  for (const BoxHandle& handle : boxes()) {
    const bool is_active = current && current->spec == handle.spec;
    const Box& box = is_active && dragged_box_ ? *dragged_box_ : handle.box;
    const QRectF rect = rectOf(box, plot);
    const QRectF seen = rect.intersected(plot.inner.adjusted(-2, -2, 2, 2));
    if (!std::isfinite(rect.width()) || !std::isfinite(rect.height())) continue;
    if (seen.isEmpty() && rect.width() > 0 && rect.height() > 0) continue;
    QColor fill = colours.accent;
    fill.setAlphaF(0.10f);
    painter.fillRect(seen, fill);
    painter.setBrush(Qt::NoBrush);
    const double width = is_active && hasFocus() ? 2.6 : 1.8;
    for (const auto& [colour, pen] :
         {std::pair{colours.background, width + 2.4}, {colours.accent, width}}) {
      painter.setPen(QPen(colour, pen));
      painter.drawRect(seen);
    }
    painter.setBrush(colours.background);
    painter.setPen(QPen(colours.accent, 1.6));
    for (const double x : {rect.left(), rect.center().x(), rect.right()})
      for (const double y : {rect.top(), rect.center().y(), rect.bottom()}) {
        const bool corner = x != rect.center().x() && y != rect.center().y();
        const bool centre = x == rect.center().x() && y == rect.center().y();
        const bool room =
            x == rect.center().x() ? rect.width() > 5 * kHandle : rect.height() > 5 * kHandle;
        if (centre || !(corner || room) || !plot.shows({x, y})) continue;
        const double size = corner ? kHandle : kHandle * 0.75;
        painter.drawRect(QRectF(x - size / 2, y - size / 2, size, size));
      }
    if (plot.inner.width() < 200) continue;
    const QFont font = baseFont(0.9);
    const QFontMetricsF metrics(font);
    const QString name = metrics.elidedText(
        QString::fromStdString(words().of(experiment(), "parameter", handle.spec->name)),
        Qt::ElideRight, plot.inner.width() - 16);
    const QSizeF size(metrics.horizontalAdvance(name) + 6, metrics.height());
    // Above the box, or in it where there is no room above.
    QPointF corner(rect.left(), rect.top() - size.height() - kHandle / 2 - 2);
    if (corner.y() < plot.inner.top()) corner.setY(rect.top() + kHandle / 2 + 3);
    corner.setX(std::clamp(corner.x(), plot.inner.left() + 2,
                           std::max(plot.inner.left() + 2, plot.inner.right() - size.width() - 2)));
    corner.setY(
        std::clamp(corner.y(), plot.inner.top() + 2,
                   std::max(plot.inner.top() + 2, plot.inner.bottom() - size.height() - 2)));
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.shade);
    painter.drawRoundedRect(QRectF(corner, size), 3, 3);
    painter.setPen(colours.text);
    painter.setFont(font);
    painter.drawText(corner + QPointF(3, metrics.ascent()), name);
  }
}

}  // namespace viva
