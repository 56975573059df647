// SPDX-License-Identifier: GPL-3.0-or-later
// A lesson in the gallery: a picture of what it computes, the question it answers, how far one is.
#pragma once

#include <QImage>
#include <QPushButton>

#include "widgets/views/view.h"

namespace viva {

class LessonCard : public QPushButton {
  Q_OBJECT

 public:
  struct Content {
    QString title, question;
    QString progress;  ///< in words
    double done = 0;   ///< 0 to 1; at 0 there is no bar
  };
  /// The picture is twice as wide as high.
  static constexpr double kPictureShape = 0.5;

  LessonCard(const Content& content, const Appearance& appearance, QWidget* parent = nullptr);

  /// Until there is one its place is an even grey.
  void setPicture(const QImage& picture);
  const QImage& picture() const { return picture_; }
  const Content& content() const { return content_; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QFont fontOf(double pixels, bool bold) const;
  struct Places {
    QRectF picture, title, question, progress, bar;
    double height;
  };
  Places placesIn(double width) const;

  Content content_;
  Appearance appearance_;
  QImage picture_;
};

}  // namespace viva
