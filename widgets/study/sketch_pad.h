// SPDX-License-Identifier: GPL-3.0-or-later
// Where a learner draws the curve that a run will make, before it runs.
#pragma once

#include <QWidget>

#include "widgets/study/demo_rule.h"
#include "widgets/views/view.h"

namespace viva {

/// Drawn with the mouse (left button), or by keyboard: Left and Right move along the steps, Up and
/// Down set the height there. The heights between two places that were set are a straight line.
class SketchPad : public QWidget {
  Q_OBJECT

 public:
  explicit SketchPad(QWidget* parent = nullptr);

  /// A new sheet for a curve over `steps` steps, called `title`.
  void begin(const DemoRule& rule, const QString& title, std::int64_t steps);
  void setAppearance(const Appearance& appearance);
  /// x from 0 to 1, ascending; empty while nothing is drawn.
  SketchedCurve sketch() const;
  /// What was measured, drawn over the sketch; nothing can be drawn any more.
  void reveal(SketchedCurve measured);
  bool isRevealed() const { return !measured_.empty(); }

  QSize sizeHint() const override { return {640, 420}; }
  QSize minimumSizeHint() const override { return {240, 180}; }

 Q_SIGNALS:
  void sketched();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  static constexpr int kColumns = 100;

  QRectF plot() const;
  QPointF toScreen(const QPointF& point) const;
  double heightOf(double value) const;  ///< 0 at the bottom, 1 at the top
  double valueOf(double height) const;
  void draw(const QPointF& from, const QPointF& to);
  void sayHeight();
  QString text(const char* key) const;

  DemoRule rule_;
  QString title_;
  std::int64_t steps_ = 0;
  Appearance appearance_;
  std::vector<std::optional<double>> heights_;  ///< 0 to 1 in each column
  int column_ = 0;                              ///< where the keyboard draws
  QPointF last_;
  SketchedCurve measured_;
};

}  // namespace viva
