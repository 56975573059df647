// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/picture.h"

#include <QBuffer>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

#include "widgets/views/colours.h"
#include "widgets/views/legend.h"
#include "widgets/views/outlined_text.h"
#include "widgets/views/recording.h"
#include "widgets/views/shared_legend.h"
#include "widgets/views/text.h"

namespace viva {
namespace {

// The view as it is, in the appearance of the picture.
std::unique_ptr<View> copyOf(const View& view, const Appearance& appearance) {
  std::unique_ptr<View> copy = makeView(view.spec(), view.experiment(), appearance);
  copy->copyStateFrom(view);
  return copy;
}

/// The generator knows whole units only.
QByteArray withExactSize(const QByteArray& svg, const QSizeF& size) {
  const qsizetype begin = svg.indexOf("<svg width=\""), end = svg.indexOf("viewBox=", begin);
  if (begin < 0 || end < 0) return svg;
  const auto millimetres = [](double units) {
    return QByteArray::number(units * 25.4 / 96, 'g', 10);
  };
  return svg.left(begin) + "<svg width=\"" + millimetres(size.width()) + "mm\" height=\"" +
         millimetres(size.height()) + "mm\" " + svg.mid(end);
}

}  // namespace

void drawPicture(const View& view, QPainter& painter, const QRectF& area,
                 const PictureSettings& settings) {
  const Appearance& appearance = settings.appearance;
  if (settings.enlargement != 1) {
    PictureSettings scaled = settings;
    scaled.enlargement = 1;
    scaled.appearance.font_scale /= settings.enlargement;
    painter.save();
    painter.translate(area.topLeft());
    painter.scale(settings.enlargement, settings.enlargement);
    drawPicture(view, painter, QRectF(QPointF(0, 0), area.size() / settings.enlargement), scaled);
    painter.restore();
    return;
  }
  if (view.appearance() != appearance || view.handlesAreDrawn() != settings.handles) {
    const std::unique_ptr<View> copy = copyOf(view, appearance);
    copy->setHandlesDrawn(settings.handles);
    return drawPicture(*copy, painter, area, settings);
  }
  const Theme& colours = theme(appearance.dark);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(area, colours.background);
  const double margin = std::round(6 * std::sqrt(std::max(0.1, appearance.font_scale)));
  QRectF rest = area.adjusted(margin, margin, -margin, -margin);
  if (rest.width() < 8 || rest.height() < 8) return;
  if (settings.title) {
    QFont font = viewFont(appearance.font_scale * 1.15);
    font.setBold(true);
    const QFontMetricsF metrics(font);
    const double height = std::ceil(metrics.height() * 1.2);
    painter.setFont(font);
    painter.setPen(colours.text);
    painter.drawText(QRectF(rest.left() + 4, rest.top(), rest.width() - 8, height),
                     Qt::AlignVCenter | Qt::AlignLeft,
                     metrics.elidedText(view.title(), Qt::ElideRight, rest.width() - 8));
    rest.setTop(rest.top() + height);
  }
  if (settings.legend) {
    // Hidden curves are not part of the picture.
    std::vector<LegendEntry> entries = view.legend();
    std::erase_if(entries, [](const LegendEntry& entry) { return !entry.shown; });
    const QFont font = legendFont(entries, appearance.font_scale, rest.width());
    const std::vector<QRectF> boxes = layoutLegend(entries, font, rest.width());
    // A legend that would leave no room for the plot is left out.
    if (!boxes.empty() && boxes.back().bottom() < rest.height() * 0.4) {
      for (std::size_t i = 0; i < boxes.size(); ++i)
        drawLegendEntry(painter, boxes[i].translated(rest.topLeft()), entries[i], font,
                        appearance.dark);
      rest.setTop(std::ceil(rest.top() + boxes.back().bottom()));
    }
  }
  if (rest.height() >= 8) view.render(painter, rest);
}

double captionHeight(const PictureSettings& settings) {
  if (settings.caption.title.isEmpty()) return 0;
  return std::ceil(QFontMetricsF(viewFont(settings.appearance.font_scale)).height() * 1.7);
}

QSizeF roomForViews(const PictureSettings& settings) {
  const double height = settings.size.height() - captionHeight(settings);
  return {settings.size.width(), std::max(1.0, height)};
}

namespace {

double scaleOf(const PictureSettings& settings) { return std::clamp(settings.scale, 0.1, 16.0); }

using Recordings = std::vector<std::shared_ptr<const Recording>>;

/// What is drawn on this thread, as it takes 5 to 30 ms.
std::shared_ptr<const Recording> recorded(const PlacedView& placed, const PictureSettings& settings,
                                          Recording::For target) {
  const double scale = target == Recording::For::Pixels ? scaleOf(settings) : 1;
  // A painter takes no ratio below 1.
  auto recording = std::make_shared<Recording>(settings.size, target, std::max(1.0, scale));
  QPainter painter(recording.get());
  if (scale < 1) painter.scale(scale, scale);
  PictureSettings own = settings;
  own.title = settings.title && placed.title;
  own.legend = settings.legend && placed.legend;
  drawPicture(*placed.view, painter, placed.place.translated(0, captionHeight(settings)), own);
  return recording;
}

std::shared_ptr<const Recording> recordedCaption(const PictureSettings& settings,
                                                 Recording::For target) {
  const double scale = target == Recording::For::Pixels ? scaleOf(settings) : 1;
  auto recording = std::make_shared<Recording>(settings.size, target, std::max(1.0, scale));
  QPainter painter(recording.get());
  if (scale < 1) painter.scale(scale, scale);
  const Theme& colours = theme(settings.appearance.dark);
  const QRectF line(0, 0, settings.size.width(), captionHeight(settings));
  painter.fillRect(line, colours.background);
  QFont font = viewFont(settings.appearance.font_scale);
  const double margin = QFontMetricsF(font).height() * 0.6;
  const QRectF text = line.adjusted(margin, 0, -margin, 0);
  painter.setFont(font);
  painter.setPen(colours.muted_text);
  painter.drawText(text, Qt::AlignVCenter | Qt::AlignRight, settings.caption.facts);
  const double left =
      text.width() - QFontMetricsF(font).horizontalAdvance(settings.caption.facts) - margin;
  font.setBold(true);
  painter.setFont(font);
  painter.setPen(colours.text);
  painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                   QFontMetricsF(font).elidedText(settings.caption.title, Qt::ElideRight, left));
  return recording;
}

Recording::For targetOf(const QString& format) {
  return format == QLatin1String("png") ? Recording::For::Pixels : Recording::For::Vectors;
}

QImage imageOf(const Recordings& recordings, const PictureSettings& settings) {
  const double scale = scaleOf(settings);
  QImage image((settings.size * scale).toSize().expandedTo({1, 1}), QImage::Format_RGB32);
  if (image.isNull()) return image;
  image.fill(theme(settings.appearance.dark).background);
  QPainter painter(&image);
  for (const auto& recording : recordings) recording->paintOn(painter);
  painter.end();
  image.setDevicePixelRatio(std::max(1.0, scale));
  // Afterwards: text would be drawn at another size.
  const int dots = static_cast<int>(std::lround(96 * scale / 0.0254));
  image.setDotsPerMeterX(dots);
  image.setDotsPerMeterY(dots);
  return image;
}

QByteArray svgOf(const Recordings& recordings, const QString& title,
                 const PictureSettings& settings) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  const QSize size(static_cast<int>(std::ceil(settings.size.width())),
                   static_cast<int>(std::ceil(settings.size.height())));
  generator.setSize(size);
  generator.setViewBox(QRectF(QPointF(0, 0), settings.size));
  generator.setResolution(96);  // otherwise text comes out at another size than on the screen
  generator.setTitle(title);
  OutlinedText outlined(generator);
  QPainter painter(settings.outlines ? static_cast<QPaintDevice*>(&outlined) : &generator);
  for (const auto& recording : recordings) recording->paintOn(painter);
  painter.end();
  return withExactSize(bytes, settings.size);
}

QByteArray pdfOf(const Recordings& recordings, const QString& title,
                 const PictureSettings& settings) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  writer.setTitle(title);
  writer.setCreator(QStringLiteral("Viva"));
  if (!settings.pdf_metadata.isEmpty()) writer.setDocumentXmpMetadata(settings.pdf_metadata);
  writer.setResolution(96);
  writer.setPageSize(
      QPageSize(settings.size * 72.0 / 96.0, QPageSize::Point, QString(), QPageSize::ExactMatch));
  writer.setPageMargins(QMarginsF(0, 0, 0, 0));
  QPainter painter(&writer);
  for (const auto& recording : recordings) recording->paintOn(painter);
  painter.end();
  return bytes;
}

}  // namespace

QByteArray pngBytes(const QImage& image) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  return bytes;
}

namespace {

std::function<QImage()> imageInTwoParts(const std::vector<PlacedView>& views,
                                        const PictureSettings& settings) {
  PictureInParts picture(QString(), QStringLiteral("png"), settings);
  for (const PlacedView& view : views) picture.draw(view);
  return [picture] { return picture.image(); };
}

}  // namespace

std::function<QImage()> imageInTwoParts(const View& view, const PictureSettings& settings) {
  return imageInTwoParts(alone(view, settings.size), settings);
}

std::function<QByteArray()> pictureInTwoParts(const View& view, const QString& format,
                                              const PictureSettings& settings) {
  return pictureInTwoParts(alone(view, settings.size), view.title(), format, settings);
}

std::function<QByteArray()> pictureInTwoParts(const std::vector<PlacedView>& views,
                                              const QString& title, const QString& format,
                                              const PictureSettings& settings) {
  PictureInParts picture(title, format, settings);
  for (const PlacedView& view : views) picture.draw(view);
  return [picture] { return picture.bytes(); };
}

PictureInParts::PictureInParts(QString title, QString format, PictureSettings settings)
    : title_(std::move(title)), format_(std::move(format)), settings_(std::move(settings)) {
  if (captionHeight(settings_) > 0) drawn_.push_back(recordedCaption(settings_, targetOf(format_)));
}

void PictureInParts::draw(const PlacedView& view) {
  drawn_.push_back(recorded(view, settings_, targetOf(format_)));
}

QByteArray PictureInParts::bytes() const {
  if (format_ == QLatin1String("png")) return pngBytes(image());
  if (format_ == QLatin1String("svg")) return svgOf(drawn_, title_, settings_);
  if (format_ == QLatin1String("pdf")) return pdfOf(drawn_, title_, settings_);
  return {};
}

QImage pictureImage(const View& view, const PictureSettings& settings) {
  return imageInTwoParts(view, settings)();
}

QImage PictureInParts::image() const { return imageOf(drawn_, settings_); }

std::vector<PlacedView> alone(const View& view, const QSizeF& size) {
  return {{&view, QRectF(QPointF(0, 0), size)}};
}

std::vector<PlacedView> placed(const std::vector<std::unique_ptr<View>>& views,
                               const std::vector<QRectF>& places, const View* hero) {
  std::vector<const View*> pointers;
  for (const auto& view : views) pointers.push_back(view.get());
  const std::vector<bool> legends = legendsOf(pointers, hero);
  std::vector<PlacedView> all;
  for (std::size_t i = 0; i < views.size(); ++i) {
    const bool alone = views.size() == 1;
    all.push_back({views[i].get(), places[i], alone || views[i]->spec().kind != ViewKind::Verdict,
                   alone || legends[i]});
  }
  return all;
}

QImage pictureImage(const std::vector<PlacedView>& views, const PictureSettings& settings) {
  return imageInTwoParts(views, settings)();
}

QByteArray picture(const View& view, const QString& format, const PictureSettings& settings) {
  return pictureInTwoParts(view, format, settings)();
}

QByteArray picturePng(const View& view, const PictureSettings& settings) {
  return picture(view, QStringLiteral("png"), settings);
}
QByteArray pictureSvg(const View& view, const PictureSettings& settings) {
  return picture(view, QStringLiteral("svg"), settings);
}
QByteArray picturePdf(const View& view, const PictureSettings& settings) {
  return picture(view, QStringLiteral("pdf"), settings);
}

std::string cellText(const TableData::Cell& cell, Language language) {
  if (const auto* number = std::get_if<double>(&cell)) return formatNumber(*number);
  if (const auto* string = std::get_if<std::string>(&cell)) return *string;
  if (const auto* word = std::get_if<Word>(&cell)) return Words::in(language)(word->key);
  return {};
}

QByteArray dataText(const DataTable& table, char separator, Language language) {
  QByteArray text;
  const auto write = [&](const std::string& cell) {
    if (separator != ',') {
      // A tab or line break inside a cell would shift what follows.
      for (char c : cell) text += c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
      return;
    }
    if (cell.find_first_of(",\"\n\r") == std::string::npos) {
      text += cell.c_str();
      return;
    }
    text += '"';
    for (char c : cell) {
      if (c == '"') text += '"';
      text += c;
    }
    text += '"';
  };
  const auto writeRow = [&](const auto& cells, auto toText) {
    bool first = true;
    for (const auto& cell : cells) {
      if (!first) text += separator;
      first = false;
      write(toText(cell));
    }
    text += '\n';
  };
  writeRow(table.headings, [](const std::string& heading) { return heading; });
  for (const auto& row : table.rows)
    writeRow(row, [&](const TableData::Cell& cell) { return cellText(cell, language); });
  return text;
}

}  // namespace viva
