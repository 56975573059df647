// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/images_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/views/axis.h"
#include "widgets/views/colours.h"
#include "widgets/views/picks.h"
#include "widgets/views/stroke.h"

namespace viva {
namespace {

constexpr double kGap = 8;

}  // namespace

ImagesView::ImagesView(const ViewSpec& spec, const std::string& experiment,
                       const Appearance& appearance, QWidget* parent)
    : View(spec, experiment, appearance, parent) {}

int ImagesView::count() const {
  const auto* data = this->data<ImagesData>();
  if (!data || !data->values || data->height <= 0 || data->width <= 0 ||
      (data->channels != 1 && data->channels != 3))
    return 0;
  const std::size_t each = static_cast<std::size_t>(data->height) * data->width * data->channels;
  return static_cast<int>(std::min(data->images.size(), data->values->size() / each));
}

bool ImagesView::isEmpty() const { return count() == 0; }

void ImagesView::changed(Change change) {
  if (change != Change::Frame) return;
  pictures_.clear();
  if (read_image_ >= count()) read_image_ = -1;
  if (readout()) setReadout(readoutAt(readout()->position));
}

float ImagesView::valueAt(int image, int channel, int row, int column) const {
  const auto& data = *this->data<ImagesData>();
  const std::size_t plane = static_cast<std::size_t>(image) * data.channels + channel;
  return (*data.values)[(plane * data.height + row) * data.width + column];
}

const std::vector<QImage>& ImagesView::pictures() const {
  if (!pictures_.empty()) return pictures_;
  const auto& data = *this->data<ImagesData>();
  const float range = data.maximum - data.minimum;
  const auto byte = [&](float value) {
    const float part = range > 0 ? (value - data.minimum) / range : 0;
    return static_cast<int>(std::lround(255 * std::clamp(part, 0.0f, 1.0f)));
  };
  for (int i = 0; i < count(); ++i) {
    QImage& picture = pictures_.emplace_back(data.width, data.height, QImage::Format_RGB32);
    for (int row = 0; row < data.height; ++row) {
      auto* line = reinterpret_cast<QRgb*>(picture.scanLine(row));
      for (int column = 0; column < data.width; ++column) {
        const float red = valueAt(i, 0, row, column);
        const float green = data.channels == 3 ? valueAt(i, 1, row, column) : red;
        const float blue = data.channels == 3 ? valueAt(i, 2, row, column) : red;
        // Not a number is no shade of grey.
        line[column] = std::isnan(red) || std::isnan(green) || std::isnan(blue)
                           ? qRgb(255, 0, 255)
                           : qRgb(byte(red), byte(green), byte(blue));
      }
    }
  }
  return pictures_;
}

ImagesView::Grid ImagesView::gridFor(const QRectF& area) const {
  const auto& data = *this->data<ImagesData>();
  const int images = count();
  const QFontMetricsF metrics(captionFont());
  double widest = 0;
  for (int i = 0; i < images; ++i)
    widest = std::max(widest, metrics.horizontalAdvance(labelOf(data.images[i].caption)));
  const QRectF inner = area.adjusted(4, 4, -4, -4);
  const auto fitted = [&](int columns, double caption) {
    Grid grid;
    grid.columns = columns;
    grid.rows = (images + columns - 1) / columns;
    grid.caption = caption;
    const double width = inner.width() / columns - kGap;
    const double height = inner.height() / grid.rows - kGap - caption;
    grid.scale = std::min(width / data.width, height / data.height);
    return grid;
  };
  const auto best = [&](double caption) {
    if (data.columns > 0) return fitted(std::min(data.columns, images), caption);
    Grid found = fitted(1, caption);
    for (int columns = 2; columns <= images; ++columns) {
      const Grid grid = fitted(columns, caption);
      if (grid.scale > found.scale * 1.0001) found = grid;
    }
    return found;
  };
  Grid grid = best(widest > 0 ? std::ceil(metrics.height()) : 0);
  // Captions that would be larger than their images are left to the read-out.
  if (grid.caption > 0 && (grid.scale * data.height < grid.caption * 1.2 ||
                           inner.width() / grid.columns < metrics.height() * 2))
    grid = best(0);
  grid.scale = std::max(grid.scale, 0.05);
  // Pixels of equal size, where that costs little.
  if (std::floor(grid.scale) > 0.85 * grid.scale) grid.scale = std::floor(grid.scale);
  const double content = std::max(grid.scale * data.width, grid.caption > 0 ? widest : 0);
  grid.pitch = {
      std::min(inner.width() / grid.columns, content + 2 * kGap),
      std::min(inner.height() / grid.rows, grid.scale * data.height + grid.caption + 2 * kGap)};
  grid.origin = inner.center() -
                QPointF(grid.pitch.width() * grid.columns / 2, grid.pitch.height() * grid.rows / 2);
  return grid;
}

QRectF ImagesView::placeOf(const Grid& grid, int image) const {
  const auto& data = *this->data<ImagesData>();
  const QSizeF size(grid.scale * data.width, grid.scale * data.height);
  const double left = grid.origin.x() + (image % grid.columns) * grid.pitch.width();
  const int row = image / grid.columns;
  const double top = grid.origin.y() + row * grid.pitch.height();
  const QPointF corner(left + (grid.pitch.width() - size.width()) / 2,
                       top + (grid.pitch.height() - size.height() - grid.caption) / 2);
  // Whole pixels of the screen keep the pixels of the images equal.
  return {QPointF(std::round(corner.x()), std::round(corner.y())), size};
}

QRectF ImagesView::imageRect(int image) const {
  return image < 0 || image >= count() ? QRectF() : placeOf(gridFor(rect()), image);
}

void ImagesView::render(QPainter& painter, const QRectF& area) const {
  painter.save();
  if (isEmpty()) {
    drawEmpty(painter, area);
    painter.restore();
    return;
  }
  const auto& data = *this->data<ImagesData>();
  const Theme& colours = theme(appearance().dark);
  const Grid grid = gridFor(area);
  const QFontMetricsF metrics(captionFont());
  const bool vectors = drawsVectors(painter);
  const Picked picked(parameters(), spec().picks);
  // For the first image too: Qt 6.8 places the pixels of an enlarged one by it.
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
  for (int i = 0; i < count(); ++i) {
    const QRectF place = placeOf(grid, i);
    const QImage& picture = pictures()[i];
    // Viewers of vector files smooth what is enlarged: enlarge it before.
    const int factor = std::clamp(static_cast<int>(std::ceil(2 * grid.scale)), 1, 16);
    painter.drawImage(place, vectors && grid.scale > 1
                                 ? picture.scaled(picture.size() * factor, Qt::IgnoreAspectRatio,
                                                  Qt::FastTransformation)
                                 : picture);
    painter.setBrush(Qt::NoBrush);
    const bool chosen = picked.has(i);
    painter.setPen(chosen ? QPen(colours.accent, 3) : QPen(colours.axis, 1));
    const double out = chosen ? 2.5 : 0.5;
    painter.drawRect(place.adjusted(-out, -out, out, out));
    drawBoxes(painter, place, data.images[i], grid.scale);
    if (grid.caption <= 0) continue;
    const QString caption = labelOf(data.images[i].caption);
    const double width = grid.pitch.width() - 4;
    painter.setFont(captionFont());
    painter.setPen(colours.text);
    const QString cut = metrics.elidedText(caption, Qt::ElideRight, width);
    painter.drawText(QPointF(place.center().x() - metrics.horizontalAdvance(cut) / 2,
                             place.bottom() + 3 + metrics.ascent()),
                     cut);
  }
  painter.restore();
}

// Boxes of different ids differ by their dashes, whatever the ids look like elsewhere.
QVector<qreal> ImagesView::dashesOf(const std::string& id) const {
  std::vector<std::string> ids;
  for (const auto& image : data<ImagesData>()->images)
    for (const auto& box : image.boxes)
      if (std::find(ids.begin(), ids.end(), box.id) == ids.end()) ids.push_back(box.id);
  static const std::vector<QVector<qreal>> kPatterns{{}, {7, 4}, {2.5, 2.5}, {10, 3, 2, 3}};
  const auto place = std::find(ids.begin(), ids.end(), id) - ids.begin();
  return kPatterns[static_cast<std::size_t>(place) % kPatterns.size()];
}

void ImagesView::drawBoxes(QPainter& painter, const QRectF& place, const ImagesData::Image& image,
                           double scale) const {
  const Theme& colours = theme(appearance().dark);
  const QFont font = baseFont(0.8);
  const QFontMetricsF metrics(font);
  const auto frameOf = [&](const BoxesLayer::Box& box) {
    return QRectF(QPointF(place.left() + box.x0 * scale, place.top() + box.y0 * scale),
                  QPointF(place.left() + box.x1 * scale, place.top() + box.y1 * scale))
        .normalized()
        .intersected(place);
  };
  const double line = 2.4 * std::sqrt(appearance().font_scale);
  painter.setBrush(Qt::NoBrush);
  for (const auto& box : image.boxes) {
    const QRectF frame = frameOf(box);
    if (frame.isEmpty()) continue;
    QColor halo = colours.background;
    halo.setAlphaF(0.75f);
    painter.setPen(QPen(halo, line + 2));
    painter.drawRect(frame);
    QPen pen(styleOf(box.id).colour, line);
    QVector<qreal> pattern = dashesOf(box.id);
    for (qreal& length : pattern) length /= line;
    if (!pattern.isEmpty()) pen.setDashPattern(pattern);
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.drawRect(frame);
  }
  // After all boxes, so that none crosses a label.
  for (const auto& box : image.boxes) {
    const QRectF frame = frameOf(box);
    const QColor colour = styleOf(box.id).colour;
    const QString label = metrics.elidedText(labelOf(box.label), Qt::ElideRight,
                                             std::max(10.0, place.right() - frame.left() - 4));
    if (label.isEmpty() || frame.isEmpty()) continue;
    QRectF tag(frame.left() - 1, frame.top() - metrics.height(),
               metrics.horizontalAdvance(label) + 6, metrics.height());
    if (tag.top() < place.top()) tag.moveTop(frame.top());
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRect(tag);
    painter.setFont(font);
    painter.setPen(contrast(colours.background, colour) >= contrast(colours.text, colour)
                       ? colours.background
                       : colours.text);
    painter.drawText(QPointF(tag.left() + 3, tag.top() + metrics.ascent()), label);
  }
}

void ImagesView::paintView(QPainter& painter) {
  render(painter, rect());
  if (!readout() || isEmpty() || read_image_ < 0) return;
  const QRectF place = imageRect(read_image_);
  const double scale = place.width() / data<ImagesData>()->width;
  const QRectF pixel(place.left() + read_column_ * scale, place.top() + read_row_ * scale, scale,
                     scale);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme(appearance().dark).accent, 2));
  painter.drawRect(place.adjusted(-1.5, -1.5, 1.5, 1.5));
  painter.setPen(QPen(theme(false).text, 3));
  painter.drawRect(pixel.adjusted(-1, -1, 1, 1));
  painter.setPen(QPen(theme(false).background, 1));
  painter.drawRect(pixel.adjusted(-1, -1, 1, 1));
}

std::optional<Readout> ImagesView::readoutOf(int image, int row, int column,
                                             QPointF position) const {
  const auto& data = *this->data<ImagesData>();
  Readout readout;
  readout.position = position;
  readout.lines.push_back(
      {{}, word(Message{"views.image", {{"number", std::int64_t{image}}}}), false});
  const QString caption = labelOf(data.images[image].caption);
  if (!caption.isEmpty()) readout.lines.push_back({{}, caption, false});
  readout.lines.push_back(
      {{},
       word(Message{"views.pixel", {{"row", std::int64_t{row}}, {"column", std::int64_t{column}}}}),
       false});
  QStringList values;
  for (int channel = 0; channel < data.channels; ++channel)
    values << readoutNumber(
        QString::number(valueAt(image, channel, row, column), 'g', 4).toDouble());
  readout.lines.push_back(
      {{},
       word(Message{"views.value", {{"value", values.join(QStringLiteral(", ")).toStdString()}}}),
       true});
  return readout;
}

std::optional<Readout> ImagesView::readoutAt(QPointF position) const {
  if (isEmpty()) return std::nullopt;
  const auto& data = *this->data<ImagesData>();
  const Grid grid = gridFor(rect());
  for (int i = 0; i < count(); ++i) {
    const QRectF place = placeOf(grid, i);
    if (!place.contains(position)) continue;
    const int row = static_cast<int>((position.y() - place.top()) / grid.scale);
    const int column = static_cast<int>((position.x() - place.left()) / grid.scale);
    return readoutOf(i, std::clamp(row, 0, data.height - 1), std::clamp(column, 0, data.width - 1),
                     position);
  }
  return std::nullopt;
}

void ImagesView::mouseMoveEvent(QMouseEvent* event) {
  const auto found = readoutAt(event->position());
  for (int i = 0; found && i < count(); ++i) {
    const QRectF place = imageRect(i);
    if (!place.contains(event->position())) continue;
    const double scale = place.width() / data<ImagesData>()->width;
    read_image_ = i;
    read_row_ = std::clamp(static_cast<int>((event->position().y() - place.top()) / scale), 0,
                           data<ImagesData>()->height - 1);
    read_column_ = std::clamp(static_cast<int>((event->position().x() - place.left()) / scale), 0,
                              data<ImagesData>()->width - 1);
  }
  setReadout(found);
}

void ImagesView::pick(int image) {
  if (image >= 0 && image < count()) pickAt(image);
}

void ImagesView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || isEmpty()) return View::mouseReleaseEvent(event);
  const Grid grid = gridFor(rect());
  for (int i = 0; i < count(); ++i)
    if (placeOf(grid, i).adjusted(0, 0, 0, grid.caption).contains(event->position())) pick(i);
}

void ImagesView::keyPressEvent(QKeyEvent* event) {
  if (isEmpty()) return View::keyPressEvent(event);
  const auto& data = *this->data<ImagesData>();
  const bool far = event->modifiers().testFlag(Qt::ShiftModifier);
  int right = 0, down = 0;
  switch (event->key()) {
    case Qt::Key_Left:
      right = -1;
      break;
    case Qt::Key_Right:
      right = 1;
      break;
    case Qt::Key_Up:
      down = -1;
      break;
    case Qt::Key_Down:
      down = 1;
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
      if (!spec().picks || !readout()) return View::keyPressEvent(event);
      return pick(read_image_);
    case Qt::Key_Escape:
      if (!readout()) return View::keyPressEvent(event);
      return setReadout(std::nullopt);
    default:
      return View::keyPressEvent(event);
  }
  const Grid grid = gridFor(rect());
  if (read_image_ < 0 || !readout()) {
    read_image_ = std::max(0, read_image_);
    read_row_ = data.height / 2;
    read_column_ = data.width / 2;
  } else if (far) {
    // Within the image; without Shift from image to image.
    read_row_ = std::clamp(read_row_ + down, 0, data.height - 1);
    read_column_ = std::clamp(read_column_ + right, 0, data.width - 1);
  } else {
    const int next = read_image_ + right + down * grid.columns;
    if (next >= 0 && next < count()) read_image_ = next;
  }
  const QRectF place = placeOf(grid, read_image_);
  setReadout(
      readoutOf(read_image_, read_row_, read_column_,
                place.topLeft() + QPointF(read_column_ + 0.5, read_row_ + 0.5) * grid.scale));
}

void ImagesView::resizeEvent(QResizeEvent* event) {
  setReadout(std::nullopt);
  View::resizeEvent(event);
}

QString ImagesView::summary() const {
  if (isEmpty()) return word("views.summary_empty");
  const auto& data = *this->data<ImagesData>();
  QStringList parts;
  parts << word(Message{"views.summary_images",
                        {{"count", std::int64_t{count()}},
                         {"width", std::int64_t{data.width}},
                         {"height", std::int64_t{data.height}}}});
  QStringList captions;
  constexpr int kMost = 30;
  for (int i = 0; i < std::min(kMost, count()); ++i) {
    const QString caption = labelOf(data.images[i].caption);
    if (!caption.isEmpty()) captions << caption;
  }
  if (!captions.isEmpty()) parts << captions.join(QStringLiteral("; ")) + QStringLiteral(".");
  return parts.join(QStringLiteral(" "));
}

DataTable ImagesView::dataTable() const {
  DataTable table;
  if (isEmpty()) return table;
  const auto& data = *this->data<ImagesData>();
  table.headings = {"image", "caption", "row"};
  for (int column = 0; column < data.width * data.channels; ++column)
    table.headings.push_back(std::to_string(column / data.channels) +
                             (data.channels == 3 ? std::string(1, "rgb"[column % 3]) : ""));
  for (int i = 0; i < count(); ++i)
    for (int r = 0; r < data.height; ++r) {
      auto& row = table.rows.emplace_back();
      row.emplace_back(static_cast<double>(i));
      row.emplace_back(labelOf(data.images[i].caption).toStdString());
      row.emplace_back(static_cast<double>(r));
      for (int c = 0; c < data.width; ++c)
        for (int channel = 0; channel < data.channels; ++channel)
          row.emplace_back(static_cast<double>(valueAt(i, channel, r, c)));
    }
  return table;
}

}  // namespace viva
