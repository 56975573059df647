// SPDX-License-Identifier: GPL-3.0-or-later
// A view as a picture, with its title and legend: for the window's export and the command line.
#pragma once

#include <QByteArray>
#include <QImage>
#include <QSize>
#include <functional>
#include <memory>
#include <vector>

#include "widgets/views/view.h"

namespace viva {

class Recording;

/// A line on top of a picture: what it shows, to the left, and which state of it, to the right.
struct Caption {
  QString title, facts;
};

struct PictureSettings {
  QSizeF size{960, 600};   ///< device-independent pixels, 96 an inch
  double scale = 1;        ///< pixels of a PNG per device-independent pixel
  double enlargement = 1;  ///< of lines, markers and margins; type and figure keep their size
  Appearance appearance;
  bool title = true, legend = true;
  bool handles = true;      ///< what can be dragged in the window
  bool outlines = false;    ///< SVG: text as shapes, the same wherever it is opened
  QByteArray pdf_metadata;  ///< an XMP packet; empty for none
  Caption caption;          ///< of a picture of placed views; none where its title is empty
};

/// What a caption takes of a picture's height; 0 where there is none.
double captionHeight(const PictureSettings& settings);
/// What is left for the views, which are placed in it.
QSizeF roomForViews(const PictureSettings& settings);

/// The parts of `size` that title, legend and view take.
void drawPicture(const View& view, QPainter& painter, const QRectF& area,
                 const PictureSettings& settings);
/// A PNG with more pixels along a side is not made.
inline constexpr int kMostPicturePixels = 16384;

/// With its resolution, 96 * scale dots an inch.
QImage pictureImage(const View& view, const PictureSettings& settings);
QByteArray pngBytes(const QImage& image);

QByteArray picturePng(const View& view, const PictureSettings& settings);
/// Vectors with real text; fields and heat maps are embedded images.
QByteArray pictureSvg(const View& view, const PictureSettings& settings);
QByteArray picturePdf(const View& view, const PictureSettings& settings);
/// `format` is png, svg or pdf; empty for another.
QByteArray picture(const View& view, const QString& format, const PictureSettings& settings);

/// The same: the view is drawn now, and what is returned makes the picture of that, on any thread,
/// so that a window stays awake while a poster of 15 million pixels is made.
std::function<QImage()> imageInTwoParts(const View& view, const PictureSettings& settings);
std::function<QByteArray()> pictureInTwoParts(const View& view, const QString& format,
                                              const PictureSettings& settings);

/// Several views in one picture, as in a panel.
struct PlacedView {
  const View* view;
  QRectF place;        ///< in roomForViews
  bool title = true;   ///< if the picture has titles
  bool legend = true;  ///< if it has legends
};
std::vector<PlacedView> alone(const View& view, const QSizeF& size);
/// All with a title, but for a sentence among other views; they share a legend. `hero`: see
/// legendsOf.
std::vector<PlacedView> placed(const std::vector<std::unique_ptr<View>>& views,
                               const std::vector<QRectF>& places, const View* hero = nullptr);
QImage pictureImage(const std::vector<PlacedView>& views, const PictureSettings& settings);
std::function<QByteArray()> pictureInTwoParts(const std::vector<PlacedView>& views,
                                              const QString& title, const QString& format,
                                              const PictureSettings& settings);

/// The same view by view, with turns of the event loop in between.
class PictureInParts {
 public:
  PictureInParts(QString title, QString format, PictureSettings settings);
  void draw(const PlacedView& view);
  /// Of what was drawn; `image` where the format is png. May be called on any thread.
  QByteArray bytes() const;
  QImage image() const;

 private:
  QString title_, format_;
  PictureSettings settings_;
  std::vector<std::shared_ptr<const Recording>> drawn_;
};

/// A cell in words: a number reads back exactly, a word is put into `language`.
std::string cellText(const TableData::Cell& cell, Language language);

/// `separator` between cells: a comma for CSV (RFC 4180 quoting), a tab for the clipboard. Numbers
/// read back exactly; words are put into `language`.
QByteArray dataText(const DataTable& table, char separator, Language language);

}  // namespace viva
