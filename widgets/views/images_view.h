// SPDX-License-Identifier: GPL-3.0-or-later
// A grid of small images with captions and boxes.
#pragma once

#include <QImage>
#include <vector>

#include "widgets/views/view.h"

namespace viva {

class ImagesView : public View {
  Q_OBJECT

 public:
  ImagesView(const ViewSpec& spec, const std::string& experiment, const Appearance& appearance,
             QWidget* parent);

  void render(QPainter& painter, const QRectF& area) const override;
  QString summary() const override;
  DataTable dataTable() const override;
  bool isEmpty() const override;
  std::optional<Readout> readoutAt(QPointF position) const override;

  /// Where the pixels of an image are in the widget; empty for an image that there is not.
  QRectF imageRect(int image) const;

 protected:
  void changed(Change change) override;
  void paintView(QPainter& painter) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Grid {
    int columns = 1, rows = 1;
    double scale = 1;    ///< device-independent pixels per pixel of an image
    double caption = 0;  ///< height of a caption, 0 for none
    QSizeF pitch;
    QPointF origin;
  };
  int count() const;
  Grid gridFor(const QRectF& area) const;
  QRectF placeOf(const Grid& grid, int image) const;
  QFont captionFont() const { return baseFont(0.9); }
  const std::vector<QImage>& pictures() const;
  float valueAt(int image, int channel, int row, int column) const;
  QVector<qreal> dashesOf(const std::string& id) const;
  void drawBoxes(QPainter& painter, const QRectF& place, const ImagesData::Image& image,
                 double scale) const;
  std::optional<Readout> readoutOf(int image, int row, int column, QPointF position) const;
  void pick(int image);

  int read_image_ = -1, read_row_ = 0, read_column_ = 0;
  mutable std::vector<QImage> pictures_;
};

}  // namespace viva
